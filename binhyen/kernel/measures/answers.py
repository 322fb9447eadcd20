"""Figures: what a measure comes to in a unit and a period, as a person reads it, with the way to the rows behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.urls import reverse

from binhyen.kernel.measures import reading, rows
from binhyen.kernel.measures.declaration import Measure, Ratio, Sum
from binhyen.kernel.measures.people import PeopleTables
from binhyen.kernel.measures.periods import Period
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.vietnamese.numbers import NARROW, number_words, rounded

HIDDEN, NOTHING = "(ẩn)", "—"


@dataclass(frozen=True)
class Figure:
    """A number on a page. `value` is exact as far as it is shown; None where it is hidden or there is none."""

    measure: Measure
    value: Decimal | None
    is_hidden: bool = False
    rows_url: str | None = None

    @property
    def text(self) -> str:
        """ "2.877", "96,07 %", "5.000.000 đ", "(ẩn)", "—"."""
        if self.is_hidden:
            return HIDDEN
        return written(self.measure, self.value)

    @property
    def definition_url(self) -> str:
        """The page that says what is counted."""
        return reverse("measure", args=[self.measure.code])

    @property
    def url(self) -> str:
        """What the number opens: its rows, or its definition."""
        return self.rows_url or self.definition_url

    def __str__(self) -> str:
        return self.text


def written(measure: Measure, value: Decimal | None) -> str:
    """A value of this measure as people write it."""
    if value is None:
        return NOTHING
    digits = number_words(value, places=measure.decimals, by=measure.rounding)
    return digits + {"count": "", "dong": f"{NARROW}đ", "percent": f"{NARROW}%"}[measure.shown_as]


def figure(
    measure: type[Measure] | Measure, unit: Unit, period: Period, *, kind: str | None = None, authority: Authority
) -> Figure:
    """One figure; of all kinds together, or of one."""
    chosen = _one(measure)
    return Asked([chosen], [unit], [period], authority).figure(chosen, unit, period, kind)


def figures(
    measures: Iterable[type[Measure] | Measure],
    units: Iterable[Unit],
    periods: Iterable[Period],
    *,
    authority: Authority,
    kind: str | None = None,
) -> dict[tuple[str, int, str], Figure]:
    """Every figure of a table by (code, unit's id, period's code), read in two or three queries."""
    asked = Asked([_one(each) for each in measures], list(units), list(periods), authority)
    return {
        (measure.code, unit.pk, period.code): asked.figure(measure, unit, period, kind)
        for measure in asked.measures
        for unit in asked.units
        for period in asked.periods
    }


def _one(measure: type[Measure] | Measure) -> Measure:
    from binhyen.kernel.measures.declaration import measure_of

    return measure_of(measure.code)


class Asked:
    """A table that is asked for: read at once, then answered cell by cell."""

    def __init__(
        self, measures: Sequence[Measure], units: Sequence[Unit], periods: Sequence[Period], authority: Authority
    ) -> None:
        self.measures, self.units, self.periods = measures, units, periods
        self._links = rows.Links(authority)
        self._places = {period.code: place for place, period in enumerate(periods)}
        self._amounts: dict[reading.Key, reading.Amount] = {}
        parts = {part.code: part for measure in measures for part in parts_of(measure)}.values()
        ids = [unit.pk for unit in units]
        flows = [part.code for part in parts if not part.is_stock]
        stocks = [part.code for part in parts if part.is_stock]
        if flows:
            self._amounts |= reading.sums(flows, ids, [(period.first, period.last) for period in periods])
        if stocks:
            self._amounts |= reading.sums(stocks, ids, [(reading.BEGINNING, period.last) for period in periods])
        self._sums = self._over_kinds()

    @cached_property
    def _people(self) -> PeopleTables:
        return PeopleTables(self.units)

    def _over_kinds(self) -> dict[tuple[str, int, int], reading.Amount]:
        found: dict[tuple[str, int, int], reading.Amount] = {}
        for (code, unit, _, place), amount in self._amounts.items():
            found[code, unit, place] = found.get((code, unit, place), reading.NONE) + amount
        return found

    def figure(self, measure: Measure, unit: Unit, period: Period, kind: str | None = None) -> Figure:
        """One of the table."""
        parts = parts_of(measure)
        url = self._links.url_of(rows.Place(measure, unit, period, kind))
        if any(part.people and not self._tells(part, unit, period, kind) for part in parts):
            return Figure(measure, None, is_hidden=True, rows_url=url)
        values = [self._value(part, unit, period, kind) for part in parts]
        if len(values) == 1:
            return Figure(measure, values[0], rows_url=url)
        part, whole = values
        if not whole:
            return Figure(measure, None)
        return Figure(measure, rounded(part * 100 / whole, measure.decimals, by=measure.rounding))

    def _tells(self, part: Measure, unit: Unit, period: Period, kind: str | None) -> bool:
        by_kind = kind is not None and part.kinds is not None
        return self._people.shows(part, unit, period, by_kind=by_kind)

    def _value(self, part: Measure, unit: Unit, period: Period, kind: str | None) -> Decimal:
        place = self._places[period.code]
        if kind is None or part.kinds is None:
            amount = self._sums.get((part.code, unit.pk, place), reading.NONE)
        else:
            amount = self._amounts.get((part.code, unit.pk, kind, place), reading.NONE)
        return amount.total if isinstance(part.what, Sum) else Decimal(amount.rows)


def parts_of(measure: Measure) -> tuple[Measure, ...]:
    """What has cells: the measure itself, or the two of a ratio."""
    if isinstance(measure.what, Ratio):
        return _one(measure.what.part), _one(measure.what.whole)
    return (measure,)
