"""Messages in a real browser: the bell, the list, the settings, and a push message shown by the service worker."""

import json

import pytest

from binhyen.kernel.notify.choices import choice_of, codes_on, preferences_of
from binhyen.kernel.notify.models import Address
from binhyen.kernel.notify.reading import unread_count
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.topics import ESCALATED, find_topic
from binhyen.kernel.units.roles import Role
from tests.browser import serving

pytestmark = pytest.mark.browser

NEAR = "cases.deadline-near"


@pytest.fixture
def officer(world):
    """Three messages wait for the investigator, one was read."""
    user = world.people[Role.INVESTIGATOR]
    for number in range(3):
        send(
            find_topic(NEAR), to=user, url="/vu-viec/", subject=f"Vụ việc 000{number}/2026/X99001 sắp đến hạn",
            body="Trạng thái: Đang xác minh. Hạn: 08:00 ngày 27/11/2026.",
        )  # fmt: skip
    send(ESCALATED, to=user, subject="Cần xử lý: vụ việc 0009/2026/X99001", url="/vu-viec/", body="Đã quá hạn 2 ngày.")
    return user


@pytest.fixture(scope="module")
def sending_station(django_db_setup, django_db_blocker, tmp_path_factory):
    """A station that is set to send mail, SMS and push messages; nothing stands behind the addresses."""
    own = {"BINHYEN_PUSH": "1", "BINHYEN_SMTP_HOST": "127.0.0.1", "BINHYEN_SMS_URL": "http://127.0.0.1:9/"}
    with django_db_blocker.unblock():
        starting = serving(tmp_path_factory.mktemp("station"), **own, BINHYEN_NODE_URL="http://127.0.0.1:9")
    with starting as station:
        yield station


def bell(visitor):
    return visitor.page.inner_text("[data-bell-count]").strip()


def test_messages_are_read_from_the_bell_on(officer, phone):
    phone.sign_in(officer).open("/hom-nay/")
    assert bell(phone) == "4"
    phone.page.tap("[data-bell]")
    phone.page.wait_for_url("**/thong-bao/")
    phone.screenshot("thong-bao")
    assert phone.overflow_px() == 0
    phone.page.tap("text=Cần xử lý: vụ việc 0009/2026/X99001")
    phone.page.wait_for_url("**/vu-viec/")
    assert bell(phone) == "3"
    phone.open("/thong-bao/").page.tap("text=Đánh dấu tất cả đã đọc")
    phone.page.wait_for_selector("#messages .message")
    assert unread_count(officer) == 0
    assert not phone.page.is_visible("[data-bell-count]")


def test_the_bell_asks_again_when_the_page_is_seen_a_minute_later(officer, desktop):
    desktop.page.clock.install()
    desktop.sign_in(officer).open("/hom-nay/")
    assert bell(desktop) == "4"
    send(ESCALATED, to=officer, subject="Cần xử lý: vụ việc 0010/2026", url="/vu-viec/")
    with desktop.page.expect_response("**/thong-bao/so.json"):
        desktop.page.clock.run_for(61_000)
    desktop.page.wait_for_selector("[data-bell-count]:text-is('5')")
    assert desktop.page.get_attribute("[data-bell]", "aria-label") == "Thông báo: 5 tin chưa đọc"
    desktop.open("/thong-bao/").screenshot("thong-bao")


def test_settings_are_made_and_permission_is_asked_on_the_button_alone(officer, desktop, sending_station):
    desktop.station = sending_station
    desktop.page.add_init_script(
        "window.asked = 0; Notification.requestPermission = async () => { window.asked += 1; return 'denied'; };"
    )
    desktop.sign_in(officer).open("/thong-bao/cai-dat/")
    desktop.screenshot("cai-dat-thong-bao", whole=True)
    assert desktop.page.evaluate("window.asked") == 0
    desktop.page.click("[data-allow]")
    desktop.page.wait_for_selector("[data-said]:has-text('đang chặn')")
    assert desktop.page.evaluate("window.asked") == 1
    desktop.page.uncheck(f"input[value='{NEAR}:inapp']")
    desktop.page.select_option(f"select[name='nhip:{NEAR}']", "weekly")
    desktop.page.fill("#id_quiet_from", "20:30")
    assert desktop.page.is_disabled(f"input[value='{ESCALATED.code}:inapp']")
    desktop.page.click("text=Lưu cài đặt")
    desktop.page.wait_for_selector("#messages >> text=Đã lưu cài đặt thông báo.")
    choice = choice_of(officer, find_topic(NEAR))
    assert (codes_on(find_topic(NEAR), choice), choice.pace) == ({"email"}, "weekly")
    assert f"{preferences_of(officer).quiet_from:%H:%M}" == "20:30"


WILLING = """
    Notification.requestPermission = async () => 'granted';
    PushManager.prototype.subscribe = async ({applicationServerKey}) => {
        if (applicationServerKey.length !== 65) throw new Error('no uncompressed point');
        const told = {endpoint: 'https://fcm.googleapis.com/fcm/send/thu', keys: {auth: 'BTBZMqHH6r4Tts7J_aSIgg'}};
        told.keys.p256dh = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4';
        return {toJSON: () => told, unsubscribe: async () => true};
    };
"""
"""A browser whose maker's push service answers; there is none within reach of a test."""


def test_a_browser_is_allowed_tried_and_removed_on_the_page(officer, desktop, sending_station):
    desktop.station = sending_station
    desktop.page.add_init_script(WILLING)
    desktop.sign_in(officer).open("/thong-bao/cai-dat/")
    desktop.page.click("[data-allow]")
    desktop.page.wait_for_selector("[data-devices] >> text=Chrome trên Linux")
    desktop.screenshot("cai-dat-thiet-bi")
    desktop.page.click("text=Gửi tin thử")
    desktop.page.wait_for_selector("#messages >> text=Đã gửi tin thử.")
    desktop.page.click("[data-devices] >> text=Bỏ")
    desktop.page.click("#question >> text=Bỏ >> nth=-1")
    desktop.page.wait_for_selector("[data-devices] >> text=Chưa có thiết bị nào.")


def test_on_a_phone_an_address_is_given_and_every_switch_has_its_name(officer, phone, sending_station):
    phone.station = sending_station
    phone.sign_in(officer).open("/thong-bao/cai-dat/")
    phone.page.fill("#dia-chi-sms", "0912 345 678")
    phone.page.tap("form:has(#dia-chi-sms) button")
    phone.page.wait_for_selector("#ma-sms")
    phone.screenshot("cai-dat-thong-bao", whole=True)
    assert (Address.objects.get().confirmed_at, phone.overflow_px()) == (None, 0)
    unnamed = "[...document.querySelectorAll('.switches input, .switches select')].filter(e => !e.ariaLabel).length"
    assert phone.page.evaluate(unnamed) == 0


def test_the_service_worker_shows_a_push_message_and_a_repeated_one_once(officer, desktop, sending_station):
    desktop.station = sending_station
    desktop.context.grant_permissions(["notifications"], origin=sending_station.url)
    desktop.sign_in(officer).open("/thong-bao/cai-dat/")
    session = desktop.context.new_cdp_session(desktop.page)
    registrations = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    scope = desktop.page.evaluate(
        """async () => {
            const made = await navigator.serviceWorker.register('/thong-bao/nhan-tin.js');
            while (!made.active) await new Promise((done) => setTimeout(done, 20));
            return new URL(made.scope).pathname;
        }"""
    )
    assert scope == "/thong-bao/"
    shown = {"title": "Có việc mới", "body": "", "url": f"{sending_station.url}/thong-bao/", "tag": "tin-1"}
    known = {"origin": sending_station.url, "registrationId": registrations[-1]["registrationId"]}
    for _ in range(2):
        session.send("ServiceWorker.deliverPushMessage", {**known, "data": json.dumps(shown)})
    found = desktop.page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration('/thong-bao/');
            for (let n = 0; n < 100; n += 1) {
                const all = await registration.getNotifications();
                if (all.length) return all.map(({title, tag, data}) => ({title, tag, url: data.url}));
                await new Promise((done) => setTimeout(done, 20));
            }
            return [];
        }"""
    )
    assert found == [{"title": shown["title"], "tag": shown["tag"], "url": shown["url"]}]
