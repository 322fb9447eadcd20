"""An owner's pages of consent, invitations, and reminders."""

import hashlib
import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import localdate, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.models import Line
from binhyen.kernel.notify.models import Message
from binhyen.kernel.units.authority import authority_of
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import add_household_camera
from binhyen.modules.consents.domain import Agreed, agree, consent_of
from binhyen.modules.consents.invitations import invite
from binhyen.modules.consents.models import Consent, Invitation, Receipt
from binhyen.modules.consents.notices import remind
from binhyen.modules.consents.retention import forget

pytestmark = pytest.mark.django_db
GOOD = {"purposes": ["vu_viec"], "when": "theo-gio", "start": "18:00", "end": "06:00", "months": "6", "read": "on"}
JOINING = {"full_name": "Đinh Thị Nụ", "username": "nu.dinh", "password": "một câu dễ nhớ của tôi"}


@pytest.fixture
def owner(world):
    return world.people[Role.CAMERA_OWNER]


@pytest.fixture
def home(world, owner):
    return add_household_camera(by=owner, owner=owner, unit=world.commune_a, name="Cổng", url="rtsp://10.0.0.9/1")


def words(answer):
    return html.unescape(answer.content.decode())


def test_the_owner_reads_chooses_and_takes_the_receipt(home, owner, signed_in):
    client, address = signed_in(owner), f"/camera-cua-toi/{home.code}/dong-y/"
    page = words(client.get(address))
    assert "cần pháp chế kiểm tra" in page
    assert not re.search(r'name="purposes"[^>]*checked', page)  # silence is no consent
    assert client.post(address, GOOD).status_code == 302
    consent = consent_of(home)
    assert (consent.purposes, consent.hours.words) == (["vu_viec"], "18:00 đến 06:00 hằng ngày")
    receipt = Receipt._base_manager.get(camera=home)
    text = client.get(f"/camera-cua-toi/{home.code}/bien-nhan/{receipt.number}.txt").content.decode()
    assert (text, "Giờ tham gia: 18:00 đến 06:00 hằng ngày" in text) == (receipt.text, True)
    assert "đang đồng ý" in words(client.get(f"/camera-cua-toi/{home.code}/"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"purposes": []}, "Chưa chọn mục đích nào."),
        ({"when": ""}, "Chưa chọn giờ."),
        ({"start": ""}, "Chưa nhập đủ giờ."),
        ({"end": "18:00"}, "bằng nhau"),
        ({"end": "30:00"}, "không đúng dạng"),
        ({"months": "24"}, "nhiều nhất 12 tháng"),
        ({"read": ""}, "Chưa đánh dấu đã đọc."),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_agreed(home, owner, signed_in, change, sentence):
    answer = signed_in(owner).post(f"/camera-cua-toi/{home.code}/dong-y/", GOOD | change)
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert consent_of(home).state == "draft"


def test_pause_and_resume(home, owner, signed_in):
    agree(home, Agreed(("vu_viec",)), by=owner)
    client, address = signed_in(owner), f"/camera-cua-toi/{home.code}/dong-y/buoc/"
    states = []
    for step in ("pause", "resume", "khac"):
        client.post(address, {"buoc": step})
        states.append(consent_of(home).state)
    assert states == ["paused", "given", "given"]


def test_S02_another_owner_finds_nothing(home, world, signed_in):
    client = signed_in(world.outsiders[Role.CAMERA_OWNER])
    for address in ("dong-y/", "bien-nhan/DY-1.txt"):
        assert client.get(f"/camera-cua-toi/{home.code}/{address}").status_code == 404


def test_T01_the_log_names_no_owner(home, owner):
    agree(home, Agreed(("vu_viec",)), by=owner)
    line = Line.objects.order_by("-number").first()
    assert (line.action, line.subject) == ("consents.agree", home.code)
    assert owner.username not in str(vars(line))
    assert owner.full_name not in str(vars(line))


def test_an_invitation_opens_one_account_and_says_of_nobody_who_used_it(world, signed_in):
    chief = world.people[Role.CHIEF]
    sheet = words(signed_in(chief).post("/loi-moi/", {"unit": world.commune_a.pk, "count": "2"}))
    first, second = re.findall(r"/tham-gia/([\w-]+)/", sheet)
    stranger = Client()
    assert "An Hòa" in words(stranger.get(f"/tham-gia/{first}/"))
    assert stranger.post(f"/tham-gia/{first}/", JOINING).status_code == 302
    joined = User.objects.get(username="nu.dinh")
    assert authority_of(joined).holds({Role.CAMERA_OWNER}, world.commune_a)
    assert stranger.get(f"/tham-gia/{first}/").status_code == 404
    again = stranger.post(f"/tham-gia/{second}/", JOINING)
    assert (again.status_code, "Đã có người dùng tên đăng nhập này" in words(again)) == (422, True)
    assert "đã dùng <strong>1</strong>" in words(signed_in(chief).get("/loi-moi/"))
    kept = str(list(Invitation._base_manager.values()))
    assert (first in kept, hashlib.sha256(first.encode()).hexdigest() in kept) == (False, True)
    assert "nu.dinh" not in str([vars(line) for line in Line.objects.all()])


@pytest.mark.parametrize("password", ["ngan", "password1234"])
def test_S07_a_weak_password_is_refused_and_the_invitation_stays(world, password):
    (token,) = invite(world.commune_a, 1, by=world.people[Role.CHIEF])
    answer = Client().post(f"/tham-gia/{token}/", JOINING | {"password": password})
    assert (answer.status_code, User.objects.filter(username="nu.dinh").exists()) == (422, False)
    assert Client().get(f"/tham-gia/{token}/").status_code == 200


def test_an_invitation_ends_after_thirty_days_and_unknown_ones_answer_alike(world):
    (token,) = invite(world.commune_a, 1, by=world.people[Role.CHIEF])
    unknown = Client().get("/tham-gia/khong-co/")
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        over = Client().get(f"/tham-gia/{token}/")
    assert (unknown.status_code, over.status_code) == (404, 404)
    assert "Hãy xin một tờ khác" in words(over).replace("hãy", "Hãy")


def test_too_many_sheets_are_refused_with_what_to_do(world, signed_in):
    answer = signed_in(world.people[Role.CHIEF]).post("/loi-moi/", {"unit": world.commune_a.pk, "count": "51"})
    assert (answer.status_code, "Hãy lập nhiều lần" in words(answer)) == (422, True)


def test_an_owner_is_reminded_once_thirty_and_once_seven_days_before_and_at_the_end(home, owner):
    agree(home, Agreed(("vu_viec",), months=3), by=owner)
    expires_on = consent_of(home).expires_on
    told = {}
    for days in (40, 30, 29, 7, 6, 0, -1):
        at = now() + (expires_on - timedelta(days=days) - localdate())
        told[days] = remind(at)
    assert told == {40: 0, 30: 1, 29: 0, 7: 1, 6: 0, 0: 1, -1: 0}
    assert home.code not in str([vars(message) for message in Message.objects.all()])


def test_T07_receipts_go_two_years_after_the_end(home, owner):
    agree(home, Agreed(("vu_viec",)), by=owner)
    home.active_until = localdate()
    home.save()
    forget(now() + timedelta(days=700))
    assert Consent._base_manager.filter(camera=home).exists()
    forget(now() + timedelta(days=732))
    assert not Consent._base_manager.filter(camera=home).exists()
    assert not Receipt._base_manager.filter(camera=home).exists()
