"""Forgetting: what this module keeps of persons goes when its reason is over. Footage itself is the node's to delete.

A look stays a line in the activity log; the row here serves the owner's page and goes after a year.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.kernel.audit.record import record
from binhyen.kernel.upkeep.erasing import Erasable, add_erasable, add_forgetter, note_erasure
from binhyen.modules.cameras.domain import SHARING
from binhyen.modules.cameras.models import (
    Camera,
    CameraEvent,
    CameraReport,
    FootageHold,
    HouseholdSeal,
    Look,
    VaultOpening,
)

EVENTS_KEPT = timedelta(days=90)
LOOKS_KEPT = timedelta(days=365)
HOLDS_KEPT = timedelta(days=365)
SECRETS = "cameras.secrets"
"""The kind under which the journal of erasures has what `forget` erased of a camera."""

GRACE = timedelta(days=2)  # the node needs a day to delete the last footage; a clock may be off by one


@add_forgetter
def forget(at: datetime | None = None) -> list[str]:
    """Delete what is past its time at `at` (now). Returns the codes of cameras whose secrets were erased."""
    at = at or now()
    with scopes_disabled():
        CameraEvent.objects.filter(received_at__lt=at - EVENTS_KEPT).delete()
        Look.objects.filter(opened_at__lt=at - LOOKS_KEPT).delete()
        VaultOpening.objects.filter(told_at__lt=at - LOOKS_KEPT).delete()
        FootageHold.objects.filter(released_at__lt=at - HOLDS_KEPT).delete()
        secret = Q(household__isnull=False) | ~Q(url_sealed=b"")
        ended = Camera.objects.filter(secret, active_until__lte=localdate(at))
        return [camera.code for camera in ended if _is_over(camera, at) and _erase(camera)]


def _is_over(camera: Camera, at: datetime) -> bool:
    """Its footage has run out, and no case holds any."""
    kept_until = camera.active_until + timedelta(days=camera.retention_days) + GRACE
    return localdate(at) >= kept_until and not FootageHold.objects.filter(camera=camera, released_at=None).exists()


@transaction.atomic
def _erase(camera: Camera) -> bool:
    """The code stays, for evidence names it; addresses, household and last state go."""
    HouseholdSeal.objects.filter(camera=camera).delete()
    CameraReport.objects.filter(camera=camera).delete()
    Camera.objects.filter(pk=camera.pk).update(url_sealed=b"", sub_url_sealed=b"")
    note_erasure(SECRETS, camera.code)
    record("camera.forget", by=None, subject=camera.code, unit=camera.unit.code)
    return True


def _codes() -> list[str]:
    with scopes_disabled():
        return list(Camera.objects.values_list("code", flat=True))


def _end_sharing_again(code: str, day: date) -> None:
    """The household withdrew its camera after the backup was taken."""
    with scopes_disabled():
        Camera.objects.filter(code=code).update(active_until=day, recording=False)


def _erase_again(code: str, day: date) -> None:
    with scopes_disabled():
        camera = Camera.objects.select_related("unit").get(code=code)
        if camera.active_until is None:
            Camera.objects.filter(code=code).update(active_until=day, recording=False)
        _erase(camera)


add_erasable(Erasable(SHARING, _codes, _end_sharing_again))
add_erasable(Erasable(SECRETS, _codes, _erase_again))
