"""Cameras by the hundred from a file, with a real node and real streams."""

import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import Camera
from binhyen.modules.onboarding import batches
from binhyen.modules.onboarding.jobs import check_batch, forget
from binhyen.modules.onboarding.models import Batch, BatchRow
from binhyen.modules.onboarding.node import own_node
from tests.onboarding.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("all_units")
HEADER = ",".join(title for _, title, _ in batches.COLUMNS)


def sent(client, lines, name="cụm-chợ.csv"):
    content = "\n".join([HEADER, *lines]).encode()
    response = client.post("/camera/them-nhieu/", {"tep": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    return Batch.objects.first()


def lines_of(rtsp, device, world):
    unit = world.commune_a.code
    gate, yard = (rtsp.url(name, password=False) for name in ("gate", "yard"))
    return [
        f"{unit},2,Cổng chợ,{gate},{gate}/sub,,admin,{PASSWORD}",
        f"{unit},1,Sân đình,{yard},,,admin,{PASSWORD}",
        f"{unit},2,Có ONVIF,,,{device.address}/onvif/device_service,admin,{PASSWORD}",
        f"{unit},2,Sai mật khẩu,{gate}?1,,,admin,sai-bét-nhè",
        f"{unit},2,Không có,{gate}x,,,admin,{PASSWORD}",
        f"{unit},2,Trùng,{yard},,,admin,{PASSWORD}",
        f"{unit},3,Hộ dân,{yard}?2,,,,",
        f"{world.commune_b.code},2,Xã khác,{yard}?3,,,,",
        f"{unit},2,Máy chủ,rtsp://169.254.169.254/,,,,",
        f"{unit},2,Không địa chỉ,,,,,",
        f"{unit},2,,{yard}?4,,,,",
    ]


@pytest.fixture
def batch(node, rtsp, device, world, registrar):
    found = sent(registrar, lines_of(rtsp, device, world))
    check_batch(str(found.pk))
    found.refresh_from_db()
    return found


def test_every_stream_is_tried_and_what_fails_says_why(batch):
    told = {row.name: (row.state, row.problem) for row in batch.rows.all()}
    good = ["Cổng chợ", "Sân đình", "Có ONVIF"]
    assert [name for name, (state, _) in told.items() if state == "good"] == good
    for name, words in {
        "Sai mật khẩu": "Luồng chính", "Không có": "Luồng chính", "Trùng": "Trùng địa chỉ với dòng 3",
        "Hộ dân": "Tầng phải là 1 hoặc 2", "Xã khác": "Mã đơn vị", "Máy chủ": "không dùng cho camera",
        "Không địa chỉ": "Chưa có địa chỉ", "": "Chưa có tên",
    }.items():  # fmt: skip
        assert told[name][0] == "bad"
        assert words in told[name][1]
    assert "H264" in batch.rows.get(name="Có ONVIF").found.upper()
    assert "; phụ" in batch.rows.get(name="Có ONVIF").found
    assert batch.state == Batch.State.READY


def test_what_passes_is_added_once(batch, registrar, world):
    address = reverse("camera_batch_add", args=[batch.pk])
    assert "Thêm 3 camera đạt" in registrar.get(reverse("camera_batch", args=[batch.pk])).content.decode()
    registrar.post(address)
    registrar.post(address)
    with across_units():
        names = sorted(Camera.objects.values_list("name", flat=True))
    assert names == ["Có ONVIF", "Cổng chợ", "Sân đình"]
    assert [bytes(row.sealed) for row in batch.rows.filter(state="added")] == [b""] * 3


def test_S08_passwords_of_a_file_are_nowhere_in_clear(batch, registrar, caplog):
    caplog.set_level("DEBUG")
    report = registrar.get(reverse("camera_batch_report", args=[batch.pk]))
    cells = [str(cell) for row in load_workbook(io.BytesIO(report.content)).active.values for cell in row]
    registrar.post(reverse("camera_batch_add", args=[batch.pk]))
    page = registrar.get(reverse("camera_batch", args=[batch.pk])).content.decode()
    dump = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            dump += [row[0] for row in cursor.fetchall()]
    everywhere = "\n".join([*cells, page, caplog.text, *dump])
    secrets = (PASSWORD, "sai-bét-nhè", PASSWORD.encode().hex())
    assert [secret for secret in secrets if secret in everywhere] == []
    assert "Sai mật khẩu" in everywhere  # the dump was read


def test_F13_a_killed_check_goes_on_with_the_rows_that_wait(node, rtsp, device, world, registrar, monkeypatch):
    found = sent(registrar, lines_of(rtsp, device, world)[:3])
    real, looked = batches.look_at, []

    def dying(secret, node):
        if looked:
            raise KeyboardInterrupt
        looked.append(secret)
        return real(secret, node)

    monkeypatch.setattr(batches, "AT_ONCE", 1)
    monkeypatch.setattr(batches, "look_at", dying)
    with pytest.raises(KeyboardInterrupt):
        batches.check(found, node=own_node())
    assert batches.counts(found)["waiting"] == 2
    text = registrar.get(reverse("camera_batch", args=[found.pk])).content.decode()
    assert "Đã thử 1 trong 3 camera" in text
    monkeypatch.setattr(batches, "look_at", real)
    check_batch(str(found.pk))
    assert batches.counts(found)["good"] == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n1,2", "Không có cột “Mã đơn vị”"),
        (b"\0\0", "không phải"),
        (b"PK\x03\x04 no", "hỏng"),
    ],
)
def test_a_file_that_is_none_is_a_sentence(registrar, content, sentence):
    response = registrar.post("/camera/them-nhieu/", {"tep": SimpleUploadedFile("a.csv", content)})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_the_sample_can_be_sent_as_it_is(registrar, world):
    content = registrar.get("/camera/them-nhieu/mau.xlsx").content
    registrar.post("/camera/them-nhieu/", {"tep": SimpleUploadedFile("mau.xlsx", content)})
    assert "Mã đơn vị" in BatchRow.objects.get().problem


def test_a_file_is_its_senders_alone(batch, world, signed_in):
    chief = signed_in(world.people[Role.CHIEF])
    for name in ("camera_batch", "camera_batch_report"):
        assert chief.get(reverse(name, args=[batch.pk])).status_code == 404


def test_files_are_forgotten(batch):
    Batch.objects.update(at="2020-01-01T00:00:00Z")
    forget(0)
    assert not BatchRow.objects.exists()


@pytest.mark.slow
def test_three_hundred_cameras_are_tried_in_two_minutes(node, rtsp, clips, world, registrar):
    for n in range(297):
        rtsp.add(f"c{n}", clips[1])
    lines = [f"{world.commune_a.code},2,Camera {n},{rtsp.url(f'c{n}', password=False)},,,admin,{PASSWORD}"
             for n in range(300)]  # fmt: skip
    found = sent(registrar, lines)
    began = time.monotonic()
    check_batch(str(found.pk))
    counts = batches.counts(found)
    assert (counts["good"], counts["bad"]) == (297, 3)
    assert time.monotonic() - began < 120
