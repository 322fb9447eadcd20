"""The tables about people around the figures that are asked for: read, and judged line by line."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from django.db.models import Q

from binhyen.kernel.measures import hiding, reading
from binhyen.kernel.measures.declaration import Measure
from binhyen.kernel.measures.periods import Period, month
from binhyen.kernel.units.models import Unit

Amounts = dict[tuple[int, str, int], reading.Amount]
"""By unit, kind and month."""


class PeopleTables:
    """Which figures about people may be shown. Says the same of a figure, whatever is asked for beside it."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._family = _family(list(units))
        self._below: dict[str, list[int]] = {}
        for unit in self._family:
            self._below.setdefault(unit.path[: -unit.steplen], []).append(unit.pk)
        self.shown_in = cache(self._shown_in)

    def shows(self, measure: Measure, unit: Unit, period: Period, *, by_kind: bool) -> bool:
        """Whether the figure is told."""
        table = hiding.table_for(period, is_stock=measure.is_stock, by_kind=by_kind)
        if table is None:
            return False
        when = period.last.toordinal() if measure.is_stock else period.first.year
        return table in self.shown_in(measure, when)[unit.pk]

    def _shown_in(self, measure: Measure, when: int) -> dict[int, frozenset[str]]:
        """For each unit of the family the tables that show it: of the year `when`, of a stock at the day of this
        number."""
        parts, tables = self._parts(measure, when), hiding.STOCK if measure.is_stock else hiding.FLOW
        found: dict[int, frozenset[str]] = {}
        for unit in self._family:  # by path: those above come first
            if unit.is_root():
                found[unit.pk] = hiding.shown_alone(parts[unit.pk, False], tables)
            below = self._below.get(unit.path)
            if below:
                every = [parts[unit.pk, True], *(parts[pk, False] for pk in below)]
                found |= hiding.shown_below(every, found[unit.pk], tables)
        return found

    def _parts(self, measure: Measure, when: int) -> dict[tuple[int, bool], hiding.Part]:
        """Every unit of the family with all below, and (True) its own rows alone."""
        amounts, kinds = _amounts(measure, [unit.pk for unit in self._family], when)
        months = range(1 if measure.is_stock else 12)
        parts = {}
        for unit in self._family:
            table = [[amounts.get((unit.pk, kind, at), reading.NONE) for at in months] for kind in kinds]
            for own in (False, True):
                rows = [[each.own_rows if own else each.rows for each in line] for line in table]
                by_month = tuple(sum(line[at] for line in rows) for at in months)
                parts[unit.pk, own] = hiding.Part(None if own else unit.pk, by_month, tuple(map(sum, rows)))
        return parts


def _family(units: Sequence[Unit]) -> list[Unit]:
    """The units, those above them, and the siblings of all of these, by path."""
    step = Unit.steplen
    above = {unit.path[:end] for unit in units for end in range(step, len(unit.path), step)}
    wanted = Q(path__in={unit.path for unit in units} | above)
    for path in above:
        wanted |= Q(path__startswith=path, depth=len(path) // step + 1)
    return list(Unit.objects.filter(wanted).order_by("path"))


def _amounts(measure: Measure, units: list[int], when: int) -> tuple[Amounts, list[str]]:
    """The amounts of a year's months, or of a stock at one day; and every kind that there is."""
    if measure.is_stock:
        periods = [(reading.BEGINNING, date.fromordinal(when))]
    else:
        months = [month(when, number) for number in range(1, 13)]
        periods = [(each.first, each.last) for each in months]
    found = reading.sums([measure.code], units, periods)
    kinds = {kind for _, _, kind, _ in found} | {kind for kind, _ in measure.kind_choices}
    return {(unit, kind, place): amount for (_, unit, kind, place), amount in found.items()}, sorted(kinds) or [""]
