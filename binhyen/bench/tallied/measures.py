"""Forty measures of the table, one for each kind."""

from django.db.models import Q

from binhyen.bench.tallied.models import KINDS, Deed
from binhyen.kernel.measures import Count, Measure


def declare(number: int) -> type[Measure]:
    """The measure of one kind."""

    class Deeds(Measure):
        code, name, owner = f"viec-{number:02}", f"Việc {number}", "Phép đo"
        definition = f"Số việc loại {number} trong kỳ."
        what = Count(Deed, where=Q(kind=f"k{number:02}"))
        on = "done_on"

    return Deeds


MEASURES = tuple(declare(number) for number in range(KINDS))
