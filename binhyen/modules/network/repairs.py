"""How long it takes until pictures come back: median, the slow end, what is still out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, QuerySet, Sum
from django.utils.timezone import now

from binhyen.modules.network.models import Outage

SPAN = timedelta(days=90)
"""Repairs of so long a time are looked at: as far back as nodes' news is kept."""


class _Percentile(Aggregate):
    """PERCENTILE_CONT of PostgreSQL: the value below which the share `at` of all lies."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(at)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: object, *, at: float) -> None:
        super().__init__(expression, at=at)


@dataclass(frozen=True)
class Repairs:
    """Repairs that ended in the span. The lengths are None where there was none."""

    count: int
    median: timedelta | None
    slow: timedelta | None
    """95 of 100 were done within."""
    total: timedelta | None
    open: int
    still_out: timedelta | None = None
    """How long the oldest open one lasts already."""


def repairs_in(unit_ids: Collection[int], *, at: datetime | None = None) -> Repairs:
    """Repairs in the units during `SPAN` before `at` (now)."""
    at = at or now()
    mine = Outage.objects.filter(camera__unit_id__in=unit_ids)
    ended = mine.filter(ended_at__gt=at - SPAN, ended_at__lte=at, is_repaired=True)
    length = ExpressionWrapper(F("ended_at") - F("began_at"), output_field=DurationField())
    said = ended.annotate(length=length).aggregate(
        count=Count("pk"), median=_Percentile("length", at=0.5), slow=_Percentile("length", at=0.95),
        total=Sum("length"),
    )  # fmt: skip
    still = open_outages(unit_ids)
    oldest = still.values_list("began_at", flat=True).first()
    return Repairs(**said, open=still.count(), still_out=at - oldest if oldest else None)


def open_outages(unit_ids: Collection[int]) -> "QuerySet[Outage]":
    """Cameras in use that give no pictures now, the longest first."""
    still = Outage.objects.filter(camera__unit_id__in=unit_ids, ended_at=None, camera__active_until=None)
    return still.select_related("camera__unit").order_by("began_at", "pk")


def recent_outages(unit_ids: Collection[int], *, at: datetime | None = None) -> "QuerySet[Outage]":
    """Outages of the span, the newest first."""
    at = at or now()
    mine = Outage.objects.filter(camera__unit_id__in=unit_ids, began_at__gt=at - SPAN)
    return mine.select_related("camera__unit").order_by("-began_at", "-pk")
