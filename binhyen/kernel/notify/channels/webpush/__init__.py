"""Push messages to browsers, encrypted for each of them (RFC 8291), signed by this station (RFC 8292).

Push services are the browsers' makers': they learn when a message comes, not what it says. Off unless the station
sets BINHYEN_PUSH. A browser names the address itself, so only hosts of known services are ever reached. A repeated
message replaces the first one (RFC 8030 §5.4, and the tag of the notification), so a person sees it once.
"""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.channel import DeviceChannel, Parcel, TryLater, Undeliverable
from binhyen.kernel.notify.channels.webpush import encryption, vapid
from binhyen.kernel.notify.devices import Subscription, devices_of, open_subscription
from binhyen.kernel.notify.links import PAGE, absolute
from binhyen.kernel.notify.models import Device
from binhyen.kernel.notify.outside import Reach, post

KEPT_BY_SERVICE = timedelta(days=1)
GONE = frozenset({404, 410})
BUSY = frozenset({408, 429})
HOSTS = (
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
"""Push services of Chrome, Cốc Cốc and other Chromium browsers, Firefox, Safari, Edge; a dot before: and below it."""

FILES = frozenset({"nhan-tin.js", "thiet-bi.js"})
_TOPIC_LENGTH = 32  # RFC 8030 §5.4: at most 32 characters of base64url


class WebPush(DeviceChannel):
    """See the module."""

    code: ClassVar[str] = "webpush"
    label: ClassVar[str] = "Thông báo trên thiết bị"
    icon: ClassVar[str] = "device-desktop"
    position: ClassVar[int] = 3
    hides_repeats: ClassVar[bool] = True

    def __init__(self, *, reach: Reach | None = None, is_known: Callable[[str], bool] | None = None) -> None:
        self.reach = reach or Reach()
        self.is_known = is_known or is_push_service

    def is_set_up(self) -> bool:
        return bool(settings.BINHYEN_PUSH)

    def is_ready_for(self, user: User) -> bool:
        return devices_of(user).exists()

    def public_key(self) -> str:
        return encryption.encoded(encryption.point_of(_key().public_key()))

    def browser_file(self, name: str) -> bytes | None:
        return Path(__file__).with_name("browser").joinpath(name).read_bytes() if name in FILES else None

    def check(self, subscription: Subscription) -> None:
        if not self.is_known(subscription.endpoint):
            raise ValueError(
                "Trình duyệt này dùng dịch vụ chuyển tin mà hệ thống không nhận. Hãy dùng trình duyệt khác."
            )
        try:
            encryption.public_key_of(encryption.decoded(subscription.p256dh))
            is_whole = len(encryption.decoded(subscription.auth)) == encryption.AUTH_BYTES
        except ValueError:
            is_whole = False
        if not is_whole:
            raise ValueError("Khóa mà trình duyệt gửi không dùng được. Hãy tải lại trang rồi thử lại.")

    def deliver(self, parcel: Parcel, user: User) -> None:
        """To every device; it counts as delivered where one took it. A device that is gone is removed."""
        shown = {"title": parcel.subject, "body": "\n".join(parcel.lines), "url": parcel.link, "tag": parcel.reference}
        urgency = "high" if parcel.is_urgent else "normal"
        problems: list[Exception] = []
        devices = list(devices_of(user))
        for device in devices:
            try:
                self._post(device, shown, urgency)
            except (TryLater, Undeliverable) as error:
                problems.append(error)
        if len(problems) == len(devices):
            later = next((error for error in problems if isinstance(error, TryLater)), None)
            raise later or Undeliverable("no-device")

    def try_device(self, device: Device) -> None:
        """Send a trial message."""
        shown = {"title": "Thử thông báo", "body": "Thiết bị này nhận được tin.", "url": absolute(PAGE), "tag": "thu"}
        self._post(device, shown, "high")

    def _post(self, device: Device, shown: dict[str, str], urgency: str) -> None:
        subscription = open_subscription(device)
        if not self.is_known(subscription.endpoint):
            raise Undeliverable("address-refused")
        body = encryption.encrypt(
            json.dumps(shown, ensure_ascii=False).encode(),
            p256dh=encryption.decoded(subscription.p256dh),
            auth=encryption.decoded(subscription.auth),
        )
        signed = vapid.authorization(subscription.endpoint, key=_key(), contact=_contact(), now_s=int(time.time()))
        headers = {
            "Authorization": signed,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(KEPT_BY_SERVICE.total_seconds())),
            "Urgency": urgency,
            "Topic": shown["tag"][:_TOPIC_LENGTH],
        }
        _judge(post(subscription.endpoint, body, headers, reach=self.reach), device)


def _judge(status: int, device: Device) -> None:
    if status in GONE:
        device.delete()
        raise Undeliverable("device-gone")
    if status in BUSY or status >= 500:
        raise TryLater(f"http-{status}")
    if not 200 <= status < 300:
        raise Undeliverable(f"http-{status}")


def is_push_service(endpoint: str) -> bool:
    """Whether `endpoint` is an https address of a known push service, with nothing odd about it."""
    parts = urlsplit(endpoint)
    try:
        is_plain = parts.scheme == "https" and parts.port in (None, 443) and not parts.username
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    return is_plain and any(host == each or (each.startswith(".") and host.endswith(each)) for each in HOSTS)


def _contact() -> str:
    return f"mailto:{settings.DEFAULT_FROM_EMAIL}" if settings.EMAIL_HOST else settings.BINHYEN_URL


def _key() -> ec.EllipticCurvePrivateKey:
    return _loaded(Path(settings.BINHYEN_KEYS) / "vapid.pem")


@cache
def _loaded(path: Path) -> ec.EllipticCurvePrivateKey:
    return vapid.load_or_create(path)


CHANNEL = WebPush()
