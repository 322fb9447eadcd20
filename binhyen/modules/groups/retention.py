"""What is forgotten of patrols: where somebody was, and what they wrote; that the patrol took place stays."""

from datetime import datetime, timedelta

from django.utils.timezone import now

from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.upkeep.erasing import add_forgetter
from binhyen.modules.groups.models import CheckIn, Leave

KEEP_PLACES = timedelta(days=90)
KEEP_WORDS = timedelta(days=730)
"""Cần pháp chế kiểm tra: the term for keeping a patrol's log is the station's to set."""


@add_forgetter
def forget(at: datetime | None = None) -> int:
    """Forget what is past its time: places of check-ins, words of those that went into no case, reasons of leave."""
    at = at or now()
    with across_units():
        places = CheckIn.objects.filter(at__lt=at - KEEP_PLACES, latitude__isnull=False)
        count = places.update(latitude=None, longitude=None, accuracy_metres=None)
        words = CheckIn.objects.filter(at__lt=at - KEEP_WORDS, case=None).exclude(text="", place="")
        count += words.update(text="", place="", decision_note="")
        count += Leave.objects.filter(last_day__lt=(at - KEEP_PLACES).date()).exclude(reason="").update(reason="")
    if count:
        record("groups.forget", by=None, subject="sổ tuần tra", unit="", detail={"rows": count})
    return count
