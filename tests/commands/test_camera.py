"""`binhyen camera` and `binhyen audit`, as a person types them, on the test database."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from binhyen.__main__ import main
from binhyen.commands import camera
from binhyen.kernel.testing.world import make_person, make_world
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.models import Camera
from tests.browser import _database_url

pytestmark = pytest.mark.django_db(transaction=True)


def binhyen(*arguments, typed="", **environment):
    """`(exit status, standard output, standard error)`."""
    own = {"DATABASE_URL": _database_url(connection.settings_dict), **environment}
    done = subprocess.run(
        [sys.executable, "-m", "binhyen", *arguments], input=typed, capture_output=True, text=True, timeout=60,
        env={name: value for name, value in {**os.environ, **own}.items() if value},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def data():
    """The data folder of the test run, whose keys seal what the commands write."""
    return ("--data", os.environ["BINHYEN_DATA"])


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def here(monkeypatch, capsys):
    """The command in this process, on the test database: `(exit status, standard output, standard error)`."""
    monkeypatch.setattr(camera, "use_installation", lambda data: None)

    def run(*arguments):
        status = main(list(arguments))
        return (status, *capsys.readouterr())

    return run


def test_a_camera_is_added_and_listed(world, data):
    url = "rtsp://xem:bi-mat@10.1.2.3/luong1"
    assert binhyen("camera", "add", "Ngã ba Chợ", url, "--unit", "X99001", "--tier", "2", "--json", *data)[:2] == (
        0,
        '{"code": "X99001-001"}\n',
    )
    status, out, _ = binhyen("camera", "list", "--json", *data)
    (row,) = json.loads(out)
    assert (status, row["code"], row["name"], row["unit"], row["tier"]) == (0, "X99001-001", "Ngã ba Chợ", "X99001", 2)
    assert "bi-mat" not in out


def test_an_address_can_be_typed_where_no_process_list_shows_it(world, here, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("rtsp://a:b@10.1.2.4/\n"))
    assert here("camera", "add", "Cầu", "-", "--unit", "X99001", "--tier", "1")[0] == 0


def test_a_household_camera_needs_its_owner(world, here):
    asked = ("camera", "add", "Cổng", "rtsp://10.1.2.3/1", "--unit", "X99001", "--tier", "3")
    assert here(*asked)[::2] == (1, "Camera tầng 3 cần --owner: tài khoản của chủ camera.\n")
    make_person("chu.nha", "Phạm Thị Lụa", Role.CAMERA_OWNER, world.commune_a)
    assert here(*asked, "--owner", "chu.nha", "--address", "Ngõ 7")[0] == 0
    with across_units():
        assert Camera.objects.get().name == "Camera hộ gia đình"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (("--unit", "X1"), "--unit X1: không có đơn vị này. Các đơn vị: T99, X99001, X99002."),
        (("--retention-days", "0"), "--retention-days 0: phải từ 1 đến 365 ngày."),
        (("--lat", "21"), "--lat và --lon phải cùng có hoặc cùng bỏ."),
        (
            ("--code", "thường"),
            "Mã camera 'thường' chỉ gồm chữ in hoa không dấu, số và dấu gạch ngang, dài 3–32 ký tự.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(world, here, changed, sentence):
    asked = ("camera", "add", "Cầu", "rtsp://10.1.2.3/1", "--unit", "X99001", "--tier", "1", *changed)
    assert here(*asked)[::2] == (1, sentence + "\n")


def test_S05_this_machine_is_no_camera_unless_the_operator_says_so(world, here, monkeypatch):
    asked = ("camera", "add", "Cầu", "rtsp://127.0.0.1/1", "--unit", "X99001", "--tier", "1")
    assert here(*asked)[0] == 1
    monkeypatch.setenv("BINHYEN_ALLOW_LOOPBACK_CAMERAS", "1")
    assert here(*asked)[0] == 0


def test_without_a_running_installation_there_is_a_sentence(tmp_path):
    for asked in (("camera", "list"), ("audit", "verify")):
        status, _, error = binhyen(*asked, "--data", str(tmp_path), DATABASE_URL="")
        assert (status != 0, error.startswith("Bình Yên chưa chạy trên thư mục")) == (True, True)


def test_checking_what_does_not_answer_says_why():
    status, out, _ = binhyen("camera", "check", "-", "--json", typed="rtsp://a:bi-mat@127.0.0.1:9/x\n", DATABASE_URL="")
    told = json.loads(out)
    assert (status, bool(told["error"]), "bi-mat" in out) == (1, True, False)


def test_T05_an_untouched_log_verifies_and_a_changed_one_does_not(world, data):
    binhyen("camera", "add", "Cầu", "rtsp://10.1.2.3/1", "--unit", "X99001", "--tier", "1", *data)
    status, out, _ = binhyen("audit", "verify", "--json", *data)
    assert (status, json.loads(out)["lines"], json.loads(out)["breaks"]) == (0, 1, [])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_line DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_line SET actor = 'ai-do'")
        cursor.execute("ALTER TABLE audit_line ENABLE TRIGGER USER")
    status, out, _ = binhyen("audit", "verify", "--json", *data)
    assert (status, [each["kind"] for each in json.loads(out)["breaks"]]) == (1, ["changed"])
