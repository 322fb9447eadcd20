import json
import re
from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from binhyen.kernel.notify.addresses import confirmed_address, open_code
from binhyen.kernel.notify.channels import channels
from binhyen.kernel.notify.choices import choice_of, codes_on, preferences_of
from binhyen.kernel.notify.links import switch_off_path
from binhyen.kernel.notify.models import Address, Device, Message
from binhyen.kernel.notify.reading import unread_count
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.tests.doubles import Browser
from binhyen.kernel.notify.topics import DIGEST, ESCALATED, find_topic

NEAR = "cases.deadline-near"


@pytest.fixture
def officer(world):
    return world.people["investigator"]


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


@pytest.fixture
def reachable(settings):
    """A station that is set to send mail and push messages."""
    settings.EMAIL_HOST, settings.BINHYEN_PUSH = "mail.example", True


def tell(to, code=NEAR, subject="Có việc mới", **changes):
    return send(find_topic(code), **{"to": to, "subject": subject, "body": "Hạn 08:00", "url": "/hom-nay/", **changes})[
        0
    ]


def subjects_on(client, query=""):
    page = client.get(f"/thong-bao/{query}").content.decode()
    return re.findall(r'class="notice-subject"[^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]+)<', page)


def told(client, **fields):
    """The page after saving the settings with these fields."""
    hours = {"quiet_from": "22:00", "quiet_until": "5h30", "digest_at": "8", "digest_weekday": "4"}
    return client.post("/thong-bao/cai-dat/", {**hours, **fields}, follow=True)


def test_unread_messages_are_listed_first_with_their_reason(client, officer):
    tell(officer, subject="cũ", at=now() - timedelta(hours=2)), tell(officer, subject="mới")
    read = tell(officer, subject="đã đọc")
    client.post(f"/thong-bao/{read.pk}/da-doc/")
    page = client.get("/thong-bao/").content.decode()
    assert subjects_on(client) == ["mới", "cũ", "đã đọc"]
    assert "Anh/Chị nhận tin này vì anh/chị đang thụ lý vụ việc." in page
    assert page.count("notice-unread") == 2


def test_the_list_is_narrowed_by_topic_and_marked_read_by_it(client, officer):
    tell(officer), tell(officer, ESCALATED.code, "Cần xử lý")
    assert subjects_on(client, f"?loai={ESCALATED.code}") == ["Cần xử lý"]
    answer = client.post("/thong-bao/da-doc/", {"loai": ESCALATED.code}, follow=True)
    assert answer.redirect_chain == [(f"/thong-bao/?loai={ESCALATED.code}", 302)]
    assert unread_count(officer) == 1
    client.post("/thong-bao/da-doc/")
    assert unread_count(officer) == 0


def test_an_empty_list_says_what_will_come(client):
    assert "Chưa có thông báo nào." in client.get("/thong-bao/").content.decode()
    assert "Không có tin nào thuộc loại này." in client.get("/thong-bao/?loai=khong.co").content.decode()


def test_opening_a_message_marks_it_read_and_leads_to_its_page(client, officer):
    message = tell(officer)
    answer = client.get(f"/thong-bao/{message.pk}/")
    assert (answer.status_code, answer["Location"], unread_count(officer)) == (302, "/hom-nay/", 0)


def test_the_bell_tells_how_many_wait_on_every_page_and_when_asked(client, officer):
    assert client.get("/thong-bao/so.json").json() == {"unread": 0}
    tell(officer), tell(officer)
    assert 'aria-label="Thông báo: 2 tin chưa đọc"' in client.get("/hom-nay/").content.decode()
    assert client.get("/thong-bao/so.json").json() == {"unread": 2}


def test_nobody_counts_beyond_ninety_nine(client, officer):
    message = tell(officer)
    Message.objects.bulk_create(
        Message(group=message.group, recipient_key=message.recipient_key, topic=NEAR, sealed=message.sealed,
                created_at=message.created_at, shown_from=message.shown_from)
        for _ in range(150)
    )  # fmt: skip
    assert ">99+</span>" in client.get("/hom-nay/").content.decode()


def test_a_person_whose_session_ended_is_told_so_as_json(db):
    answer = Client().get("/thong-bao/so.json", headers={"accept": "application/json"})
    assert answer.status_code == 401


def test_S04_what_a_message_says_is_shown_as_text(client, officer):
    tell(officer, subject="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>")
    page = client.get("/thong-bao/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


# --- settings -------------------------------------------------------------------------------------------------------
def test_switches_hours_and_pace_are_saved_together(client, officer, reachable):
    assert "Đã lưu" in told(client, bat=[f"{NEAR}:email"], **{f"nhip:{NEAR}": "daily"}).content.decode()
    choice, preferences = choice_of(officer, find_topic(NEAR)), preferences_of(officer)
    assert (codes_on(find_topic(NEAR), choice), choice.pace) == ({"email"}, "daily")
    assert (preferences.quiet_from, preferences.quiet_until) == (time(22), time(5, 30))
    assert (preferences.digest_at, preferences.digest_weekday) == (time(8), 4)
    assert codes_on(ESCALATED, choice_of(officer, ESCALATED)) >= {"inapp", "email"}


def test_what_the_page_did_not_show_stays_as_it_was(client, officer):
    told(client, bat=[f"{NEAR}:inapp"])  # no channel to the outside is set up
    assert codes_on(find_topic(NEAR), choice_of(officer, find_topic(NEAR))) == {"inapp", "email"}
    assert codes_on(DIGEST, choice_of(officer, DIGEST)) == {"email", "sms", "webpush"}


def test_a_time_that_cannot_be_read_is_named_and_nothing_is_saved(client, officer):
    answer = told(client, quiet_from="chín giờ")
    assert (answer.status_code, "Không đọc được giờ. Hãy nhập như 21:00." in answer.content.decode()) == (422, True)
    assert preferences_of(officer).pk is None


def test_settings_show_the_topics_of_the_person_s_roles_and_why_some_stay_on(client, world, signed_in):
    page = client.get("/thong-bao/cai-dat/").content.decode()
    assert "Việc quá hạn phải đến được người có trách nhiệm, nên tin này không tắt được." in page
    owners = signed_in(world.people["camera_owner"]).get("/thong-bao/cai-dat/").content.decode()
    names = ("Vụ việc sắp đến hạn", "Yêu cầu chờ chủ camera trả lời")
    assert [[name in text for name in names] for text in (page, owners)] == [[True, False], [False, True]]


def test_an_address_is_given_confirmed_and_removed(client, officer, reachable):
    client.post("/thong-bao/dia-chi/", {"kenh": "email", "dia_chi": "sen@vidu.vn"})
    wrong = client.post("/thong-bao/dia-chi/xac-nhan/", {"kenh": "email", "ma": "x"}, follow=True).content.decode()
    assert "Mã xác nhận chưa đúng. Hãy xem lại tin vừa nhận" in wrong
    client.post("/thong-bao/dia-chi/xac-nhan/", {"kenh": "email", "ma": open_code(Address.objects.get())})
    assert confirmed_address(officer, "email") == "sen@vidu.vn"
    client.post("/thong-bao/dia-chi/bo/", {"kenh": "email"})
    assert Address.objects.count() == 0


def test_an_address_that_is_none_is_named(client, reachable):
    answer = client.post("/thong-bao/dia-chi/", {"kenh": "email", "dia_chi": "sen@"}, follow=True)
    assert "“sen@” không phải là địa chỉ thư điện tử." in answer.content.decode()
    assert client.post("/thong-bao/dia-chi/", {"kenh": "inapp", "dia_chi": "x"}).status_code == 404


def post_json(client, told):
    return client.post("/thong-bao/thiet-bi/", json.dumps(told), content_type="application/json")


def test_a_browser_is_added_tried_and_removed_by_its_person_alone(client, world, signed_in, reachable):
    assert post_json(client, Browser("https://fcm.googleapis.com/fcm/send/x").told).status_code == 200
    device = Device.objects.get()
    stranger = signed_in(world.people["chief"])
    assert [stranger.post(f"/thong-bao/thiet-bi/{device.pk}/{what}/").status_code for what in ("thu", "bo")] == [
        404,
        404,
    ]
    assert [client.post(f"/thong-bao/thiet-bi/{device.pk}/{what}/").status_code for what in ("thu", "bo")] == [302, 302]
    assert Device.objects.count() == 0


@pytest.mark.parametrize("told", [Browser("https://127.0.0.1/x").told, [], "x", {}, None])
def test_S05_a_browser_whose_address_is_no_push_service_is_refused(client, reachable, told):
    answer = post_json(client, told)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_subscription")


def test_the_worker_s_script_lies_in_the_folder_that_is_its_scope(client, reachable):
    answer = client.get("/thong-bao/nhan-tin.js")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert [client.get(f"/thong-bao/{name}.js").status_code for name in ("khong-co", "__init__")] == [404, 404]


def test_without_the_channel_s_folder_there_is_no_device_on_the_page_and_no_address(client, reachable, monkeypatch):
    left = {code: channel for code, channel in channels().items() if code != "webpush"}
    monkeypatch.setattr("binhyen.kernel.notify.channels.channels", lambda: left)
    assert "data-devices" not in client.get("/thong-bao/cai-dat/").content.decode()
    assert post_json(client, {}).status_code == client.get("/thong-bao/nhan-tin.js").status_code == 404


# --- switching off from a mail --------------------------------------------------------------------------------------
def test_a_mail_program_ends_a_topic_with_one_post_and_no_session(officer):
    topic = find_topic(NEAR)
    address, program = switch_off_path(officer, topic, "email"), Client(enforce_csrf_checks=True)
    assert "Tắt loại tin này?" in program.get(address).content.decode()
    assert "email" in codes_on(topic, choice_of(officer, topic))
    answer = program.post(address, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, codes_on(topic, choice_of(officer, topic))) == (200, {"inapp"})


def test_what_duty_requires_is_not_ended_by_a_link(officer):
    answer = Client().post(switch_off_path(officer, ESCALATED, "email"))
    assert answer.status_code == 403
    assert "Không tắt được “Việc chưa có người xử lý”" in answer.content.decode()
