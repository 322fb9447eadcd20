"""Cells and changes not folded yet, summed over periods in one statement, so that no change is seen twice or never."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

ONE_DAY = timedelta(days=1)
BEGINNING = date(1, 1, 1)
"""A stock is what came and went since then."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Rows, and the sum of what is summed, with all units below; and the unit's own rows alone."""

    rows: int = 0
    total: Decimal = Decimal(0)
    own_rows: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.rows + other.rows, self.total + other.total, self.own_rows + other.own_rows)


NONE = Amount()


@dataclass(frozen=True)
class Span:
    """Days, months or years (d, m, y) from `first` to `last`, each named by its first day."""

    grain: str
    first: date
    last: date


Key = tuple[str, int, str, int]
"""Measure, unit, kind, and the number of the period."""

CELLS = """
WITH span(place, grain, first, last) AS (SELECT * FROM unnest(%(place)s::int[], %(grain)s::text[], %(first)s::date[],
  %(last)s::date[])),
period(place, first, last) AS (SELECT * FROM unnest(%(periods)s::int[], %(from)s::date[], %(until)s::date[])),
asked AS (SELECT id, path FROM units_unit WHERE id = ANY(%(units)s)),
found AS (
  SELECT measure, unit_id, kind, place, count, total, own_count
  FROM span JOIN measures_cell AS cell ON cell.unit_id = ANY(%(units)s) AND cell.measure = ANY(%(measures)s)
    AND cell.grain = span.grain AND cell.day BETWEEN span.first AND span.last
  UNION ALL
  SELECT measure, asked.id, kind, place, count, total, CASE WHEN asked.id = change.unit_id THEN count ELSE 0 END
  FROM measures_change AS change JOIN units_unit AS unit ON unit.id = change.unit_id
  JOIN asked ON starts_with(unit.path, asked.path)
  JOIN period ON change.day BETWEEN period.first AND period.last
  WHERE change.measure = ANY(%(measures)s)
)
SELECT measure, unit_id, kind, place, sum(count), sum(total), sum(own_count)
FROM found GROUP BY measure, unit_id, kind, place
"""


def sums(measures: Collection[str], units: Collection[int], periods: Iterable[tuple[date, date]]) -> dict[Key, Amount]:
    """Every amount that is not nothing; `periods` are (first, last) and counted from 0."""
    numbered = list(enumerate(periods))
    spans = [(place, span) for place, (first, last) in numbered for span in spans_of(first, last)]
    values: dict[str, Any] = {
        "place": [place for place, _ in spans],
        "grain": [span.grain for _, span in spans],
        "first": [span.first for _, span in spans],
        "last": [span.last for _, span in spans],
        "periods": [place for place, _ in numbered],
        "from": [first for _, (first, _) in numbered],
        "until": [last for _, (_, last) in numbered],
        "units": list(units),
        "measures": list(measures),
    }
    with connection.cursor() as cursor:
        cursor.execute(CELLS, values)
        return {(m, u, kind, p): Amount(int(c), t, int(own)) for m, u, kind, p, c, t, own in cursor.fetchall()}


def spans_of(first: date, last: date) -> list[Span]:
    """The same days as whole years, whole months and single days."""
    return _cut(first, last, "ymd")


def _cut(first: date, last: date, grains: str) -> list[Span]:
    """What is whole in the first of `grains` as one span, what stands before and after it in finer ones."""
    grain, finer = grains[0], grains[1:]
    if grain == "d":
        return [Span("d", first, last)]
    begins = first if first == _start(first, grain) else _next(first, grain)
    after = _start(last + ONE_DAY, grain)
    if begins >= after:
        return _cut(first, last, finer)
    before = _cut(first, begins - ONE_DAY, finer) if first < begins else []
    rest = _cut(after, last, finer) if after <= last else []
    return [*before, Span(grain, begins, _start(after - ONE_DAY, grain)), *rest]


def _start(at: date, grain: str) -> date:
    """The first day of the month or the year."""
    return at.replace(day=1) if grain == "m" else date(at.year, 1, 1)


def _next(at: date, grain: str) -> date:
    """The first day of the month or the year after."""
    return date(at.year + 1, 1, 1) if grain == "y" else date(at.year + at.month // 12, at.month % 12 + 1, 1)
