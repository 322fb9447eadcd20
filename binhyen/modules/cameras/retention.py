"""Forgetting: what this module keeps of persons goes when its reason is over. Footage itself is the node's to delete.

A look stays a line in the activity log; the row here serves the owner's page and goes after a year.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.kernel.audit.record import record
from binhyen.modules.cameras.models import Camera, CameraEvent, CameraReport, FootageHold, HouseholdSeal, Look

EVENTS_KEPT = timedelta(days=90)
LOOKS_KEPT = timedelta(days=365)
HOLDS_KEPT = timedelta(days=365)
GRACE = timedelta(days=2)  # the node needs a day to delete the last footage; a clock may be off by one


def forget(at: datetime | None = None) -> list[str]:
    """Delete what is past its time at `at` (now). Returns the codes of cameras whose secrets were erased."""
    at = at or now()
    with scopes_disabled():
        CameraEvent.objects.filter(received_at__lt=at - EVENTS_KEPT).delete()
        Look.objects.filter(opened_at__lt=at - LOOKS_KEPT).delete()
        FootageHold.objects.filter(released_at__lt=at - HOLDS_KEPT).delete()
        ended = Camera.objects.filter(active_until__lte=localdate(at)).exclude(url_sealed=b"")
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
    record("camera.forget", by=None, subject=camera.code, unit=camera.unit.code)
    return True
