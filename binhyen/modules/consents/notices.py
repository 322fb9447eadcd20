"""Reminding an owner before a consent ends, once 30 and once 7 days before, and telling that it ended.

A mail lies in a mailbox that others may read, so it names neither camera nor place.
"""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import find_owners
from binhyen.modules.consents.models import Consent

REMIND_DAYS = (30, 7, 0)
"""Days before the end; 0: it has ended."""

RENEWAL = add_topic(
    Topic(
        "consents.renewal",
        "Sự đồng ý chia sẻ camera sắp hết hạn",
        "vì anh/chị đã đồng ý chia sẻ camera và sự đồng ý tự hết hạn sau nhiều nhất 12 tháng",
        channels=("inapp", "email"),
        roles=frozenset({Role.CAMERA_OWNER}),
    )
)


def remind(at: datetime | None = None) -> int:
    """Tell owners whose consent ends within 30 or 7 days, or has ended, each once; how many were told."""
    at = at or now()
    today = localdate(at)
    with scopes_disabled():
        near = Consent.objects.filter(
            state__in=[Consent.State.GIVEN, Consent.State.PAUSED],
            expires_on__lte=today + timedelta(days=max(REMIND_DAYS)),
            camera__active_until=None,
        ).select_related("camera")
        due = [(consent, _due(consent, (consent.expires_on - today).days)) for consent in near]
    return sum(_tell(consent, days, at) for consent, days in due if days is not None)


def _due(consent: Consent, left: int) -> int | None:
    """The latest reminder that is due and was not sent; None where there is none."""
    days = min((each for each in REMIND_DAYS if left <= each), default=None)
    told = consent.reminded_days
    return days if days is not None and (told is None or days < told) else None


def _tell(consent: Consent, days: int, at: datetime) -> int:
    owner = find_owners([consent.camera.code]).get(consent.camera.code)
    if owner is None:
        return 0
    subject = "Sự đồng ý chia sẻ camera đã hết hạn" if days == 0 else f"Sự đồng ý chia sẻ camera còn {days} ngày"
    body = (
        "Camera đã ngừng ghi và không ai hỏi xem nữa. Anh/Chị muốn tiếp tục thì gia hạn trên trang “Camera của tôi”."
        if days == 0
        else "Không làm gì thì đến ngày ấy camera tự ngừng chia sẻ. Muốn tiếp tục, hãy gia hạn trên “Camera của tôi”."
    )
    key = f"{consent.pk}:{consent.expires_on}:{days}"
    told = send(RENEWAL, to=[owner], subject=subject, body=body, url=reverse("own_cameras"), dedupe_key=key, at=at)
    with scopes_disabled():
        Consent.objects.filter(pk=consent.pk).update(reminded_days=days)
    return len(told)
