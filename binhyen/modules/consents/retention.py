"""Forgetting: receipts and consents go two years after the camera's end, invitations a year after theirs."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.kernel.upkeep.erasing import add_forgetter
from binhyen.modules.consents.models import Consent, Invitation, Receipt

RECEIPTS_KEPT = timedelta(days=730)
INVITATIONS_KEPT = timedelta(days=365)


@add_forgetter
def forget(at: datetime | None = None) -> int:
    """Delete what is past its time at `at` (now); how many rows. They name a camera's code and nothing of a person."""
    at = at or now()
    ended = localdate(at) - RECEIPTS_KEPT
    with scopes_disabled():
        gone = [
            Receipt.objects.filter(camera__active_until__lt=ended).delete(),
            Consent.objects.filter(camera__active_until__lt=ended).delete(),
            Invitation.objects.filter(expires_at__lt=at - INVITATIONS_KEPT).delete(),
        ]
    return sum(count for count, _ in gone)
