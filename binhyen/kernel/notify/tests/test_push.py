"""RFC 8291 against its own example and against a push service that only a browser's keys open; RFC 8292; devices."""

import json
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from binhyen.kernel.notify import channels as registry
from binhyen.kernel.notify.channel import TryLater, Undeliverable
from binhyen.kernel.notify.channels.webpush import WebPush, is_push_service, vapid
from binhyen.kernel.notify.channels.webpush.encryption import decoded, encoded, encrypt, point_of, public_key_of
from binhyen.kernel.notify.choices import choose
from binhyen.kernel.notify.devices import DEVICES_MAX, add_device, devices_of, remove_device, try_device
from binhyen.kernel.notify.jobs import try_device_job
from binhyen.kernel.notify.models import Device
from binhyen.kernel.notify.outside import Reach
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.tests.conftest import NOON, deliver_all, queued, states
from binhyen.kernel.notify.tests.doubles import Browser, push_service
from binhyen.kernel.units.authority import Refused


def test_the_example_of_rfc_8291_appendix_a_comes_out_byte_for_byte():
    sender_d = int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        p256dh=decoded("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        auth=decoded("BTBZMqHH6r4Tts7J_aSIgg"),
        sender=ec.derive_private_key(sender_d, ec.SECP256R1()),
        salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_message_that_does_not_fit_one_record_is_refused():
    browser = Browser("https://push.example/")
    with pytest.raises(ValueError, match="4096"):
        encrypt(b"x" * 4096, p256dh=browser.point, auth=browser.auth)


@pytest.fixture
def service(tmp_path, settings, monkeypatch):
    """A push service that the station may reach, and the channel in its place."""
    settings.BINHYEN_PUSH, settings.BINHYEN_KEYS, settings.BINHYEN_URL = True, tmp_path / "keys", "https://tram.example"
    settings.BINHYEN_KEYS.mkdir()
    with push_service(tmp_path) as double:
        reach = Reach(loopback=True, resolver=lambda host, port: ["127.0.0.1"], tls=double.trusting)
        channel = WebPush(reach=reach, is_known=lambda endpoint: endpoint.startswith(double.origin))
        known = registry.channels()
        monkeypatch.setattr(registry, "channels", lambda: {**known, "webpush": channel})
        for module in ("choices", "delivery"):
            monkeypatch.setattr(f"binhyen.kernel.notify.{module}.channels", registry.channels)
        double.channel = channel
        yield double


def allow(service, user, name="a"):
    browser = Browser(f"{service.origin}/{name}")
    browser.device = add_device(browser.told, label="Chrome trên Linux", by=user, check=service.channel.check, at=NOON)
    return browser


@pytest.fixture
def pushed(task, officer):
    choose(officer, task, on={"inapp", "webpush"}, pace="instant")
    return task


def tell(topic, to):
    return send(topic, to=to, subject="Có việc mới", body="Nhà bà Sen", url="/viec/1/", at=NOON)


def test_a_push_message_opens_with_the_browser_s_keys_and_says_subject_and_link(service, pushed, officer):
    browser = allow(service, officer)
    [message] = tell(pushed, officer)
    assert deliver_all() == ["sent"]
    [(path, headers, body)] = service.posted
    link = f"https://tram.example/thong-bao/{message.pk}/"
    assert browser.read(body) == {"title": "Có việc mới", "body": "", "url": link, "tag": message.pk.hex}
    facts = [headers[name] for name in ("Content-Encoding", "TTL", "Urgency", "Topic")]
    assert (path, facts) == ("/a", ["aes128gcm", "86400", "normal", message.pk.hex])


def test_a_push_service_can_check_who_we_are(service, pushed, officer, settings):
    allow(service, officer)
    tell(pushed, officer)
    deliver_all()
    token, key = service.posted[0][1]["Authorization"].removeprefix("vapid t=").split(", k=")
    unsigned, signature = token.rsplit(".", 1)
    r, s = (int.from_bytes(part, "big") for part in (decoded(signature)[:32], decoded(signature)[32:]))
    public_key_of(decoded(key)).verify(encode_dss_signature(r, s), unsigned.encode(), ec.ECDSA(SHA256()))
    head, claims = (json.loads(decoded(part)) for part in unsigned.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    assert (claims["aud"], claims["sub"]) == (service.origin, "https://tram.example")
    assert 0 < claims["exp"] - NOON.timestamp() <= 24 * 3600
    assert key == service.channel.public_key()


def test_S08_the_key_lies_outside_the_database_readable_by_its_owner_alone(service, settings):
    path = settings.BINHYEN_KEYS / "vapid.pem"
    first, second = vapid.load_or_create(path), vapid.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert point_of(first.public_key()) == point_of(second.public_key())


def test_a_device_that_is_gone_is_removed_and_the_others_still_get_it(service, pushed, officer):
    allow(service, officer, "a"), allow(service, officer, "b")
    service.statuses["/a"] = 410
    tell(pushed, officer)
    assert deliver_all() == ["sent"]
    assert [path for path, *_ in service.posted] == ["/a", "/b"]
    assert devices_of(officer).count() == 1


def test_where_every_device_is_gone_the_message_is_not_delivered_and_none_remains(service, pushed, officer):
    allow(service, officer)
    service.statuses["/a"] = 404
    [message] = tell(pushed, officer)
    assert deliver_all() == ["failed"]
    assert (devices_of(officer).count(), states(message)) == (0, {"inapp": "sent", "webpush": "failed"})
    assert states(tell(pushed, officer)[0]) == {"inapp": "sent"}


def test_a_busy_service_is_tried_again_and_one_that_refuses_is_not(service, pushed, officer):
    allow(service, officer)
    tell(pushed, officer)
    service.statuses["/a"] = 429
    with pytest.raises(TryLater):
        deliver_all()
    service.statuses["/a"] = 400
    assert deliver_all() == ["failed"]
    assert devices_of(officer).count() == 1


def test_a_trial_goes_to_one_device_of_the_own(service, officer, world, monkeypatch):
    monkeypatch.setattr("binhyen.kernel.notify.jobs.find_device_channel", lambda: service.channel)
    browser = allow(service, officer)
    assert [try_device(browser.device.pk, by=user) for user in (world.people["chief"], officer)] == [False, True]
    [(arguments, _)] = queued("notify.try_device")
    try_device_job(**arguments)
    assert browser.read(service.posted[0][2])["title"] == "Thử thông báo"


# --- devices --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("endpoint", "is_known"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evilfcm.googleapis.com/x", False),
        ("https://evil.example/fcm.googleapis.com", False),
        ("https://push.services.mozilla.com.evil.example/", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:port/x", False),
        ("https://127.0.0.1/x", False),
        ("https://169.254.169.254/latest/", False),
        ("file:///etc/passwd", False),
    ],
)
def test_S05_a_browser_s_address_is_one_of_a_known_push_service(endpoint, is_known):
    assert is_push_service(endpoint) is is_known


def test_S05_an_address_in_the_table_that_is_no_push_service_is_not_reached(service, pushed, officer):
    allow(service, officer)
    service.channel.is_known = is_push_service
    tell(pushed, officer)
    assert (deliver_all(), service.posted) == (["failed"], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "https://evil.example/"},
        {"endpoint": 7},
        {"endpoint": "x" * 2001},
        {"keys": None},
        {"keys": {"p256dh": "AAAA", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}},
        {"keys": {"p256dh": "!", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}},
        {"keys": {"auth": "BTBZMqHH6r4Tts7J_aSIgg"}},
    ],
)
def test_a_subscription_that_cannot_be_used_is_refused_with_a_sentence(service, officer, changes):
    told = {**Browser(f"{service.origin}/a").told, **changes}
    with pytest.raises(ValueError, match="Hãy"):
        add_device(told, label="", by=officer, check=service.channel.check)
    assert Device.objects.count() == 0


def test_a_browser_counts_once_and_belongs_to_whoever_allowed_it_last(service, officer, world):
    allow(service, officer), allow(service, officer)
    assert devices_of(officer).count() == 1
    browser = allow(service, world.people["chief"])
    assert (devices_of(officer).count(), devices_of(world.people["chief"]).count()) == (0, 1)
    assert remove_device(browser.device.pk, by=officer) is False
    assert remove_device(browser.device.pk, by=world.people["chief"]) is True


def test_nobody_keeps_more_than_ten_devices(service, officer):
    for number in range(DEVICES_MAX):
        allow(service, officer, str(number))
    with pytest.raises(Refused, match="Đã có 10 thiết bị"):
        allow(service, officer, "mot-nua")


def test_T01_the_table_of_devices_shows_no_address_of_a_browser(service, officer):
    allow(service, officer)
    stored = bytes(Device.objects.get().sealed)
    assert (b"push.example" in stored, b"auth" in stored) == (False, False)


def test_a_push_that_is_refused_says_a_code_and_no_address(service, officer):
    browser = allow(service, officer)
    service.statuses["/a"] = 403
    with pytest.raises(Undeliverable, match=r"^http-403$"):
        service.channel.try_device(browser.device)
