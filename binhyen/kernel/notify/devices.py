"""Browsers that a person allowed to show messages."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify import queue
from binhyen.kernel.notify.models import Device
from binhyen.kernel.units.authority import Refusal, Refused
from binhyen.kernel.vault import open_sealed, pseudonym, seal

DEVICES_MAX = 10
ENDPOINT_MAX = 2000


@dataclass(frozen=True)
class Subscription:
    """What a browser gave (W3C Push API): where to post, its public key and its secret, both base64url."""

    endpoint: str
    p256dh: str
    auth: str

    def __repr__(self) -> str:
        return "Subscription(…)"  # whoever has it can write to the person


def devices_of(user: User) -> "QuerySet[Device]":
    """The person's own, oldest first."""
    return Device.objects.filter(user=user)


@transaction.atomic
def add_device(
    told: Mapping[str, object],
    *,
    label: str,
    by: User,
    check: Callable[[Subscription], None],
    at: datetime | None = None,
) -> Device:
    """Let messages go to the browser that told its subscription. `check` raises ValueError with a sentence for one that
    is refused. A browser that changes hands belongs to whoever asked last. Raises ValueError, Refused."""
    subscription = _read(told)
    check(subscription)
    key = endpoint_key(subscription.endpoint)
    Device.objects.filter(endpoint_key=key).delete()
    if devices_of(by).count() >= DEVICES_MAX:
        sentence = f"Đã có {DEVICES_MAX} thiết bị nhận tin."
        raise Refused(Refusal(sentence, code="device_limit", remedy="Hãy bỏ một thiết bị không còn dùng rồi thử lại."))
    text = json.dumps({"endpoint": subscription.endpoint, "p256dh": subscription.p256dh, "auth": subscription.auth})
    return Device.objects.create(
        user=by,
        endpoint_key=key,
        sealed=seal(text.encode(), context=_context(key)),
        label=label[:80],
        added_at=at or now(),
    )


def remove_device(device_id: int, *, by: User) -> bool:
    """Send nothing there any more; False where it is none of the person's."""
    count, _ = devices_of(by).filter(pk=device_id).delete()
    return count > 0


def try_device(device_id: int, *, by: User) -> bool:
    """Queue a trial message; False where it is none of the person's."""
    if not devices_of(by).filter(pk=device_id).exists():
        return False
    queue.try_device_later(device_id)
    return True


def open_subscription(device: Device) -> Subscription:
    """For the channel alone."""
    return Subscription(**json.loads(open_sealed(bytes(device.sealed), context=_context(device.endpoint_key))))


def endpoint_key(endpoint: str) -> str:
    """The pseudonym under which a browser is found."""
    return pseudonym(endpoint, purpose="notify-device")


def _read(told: Mapping[str, object]) -> Subscription:
    keys = told.get("keys")
    values = (
        told.get("endpoint"),
        *(keys.get(name) if isinstance(keys, dict) else None for name in ("p256dh", "auth")),
    )
    if not all(isinstance(value, str) and 0 < len(value) <= ENDPOINT_MAX for value in values):
        raise ValueError("Trình duyệt không cho biết đủ thông tin để nhận tin. Hãy tải lại trang rồi thử lại.")
    return Subscription(*map(str, values))


def _context(key: str) -> str:
    return f"notify.device:{key}"
