"""Which figures about people are shown: none from 1 to 4, and none from which such a one follows (T10).

What is published of a flow is a tree of tables for each year: the year, its halves, the quarters of each half, the
months of each quarter; and beside them the year by kind. Of a stock it is one table at each day, and that by kind. A
unit's line of such a table is shown whole or not at all: shown where

1. its line in the table that this one cuts finer is shown, and the line of the unit above in this one;
2. every number in it is 0 or at least 5;
3. and together with those of its siblings that are not shown, the line that is left (the unit above less the
   siblings shown) has only such numbers too. The smallest siblings are hidden until that is so.

So what anybody can subtract (year less half, nine months less half, the unit above less its other units, a sum less
its kinds) is a sum of whole lines, and those have no small number. What is inside the hidden lines is not determined:
of a table whose lines are hidden together, at least two of them, only sums of lines and of columns are known.
`tests/test_small_cells.py` tries it on every pair, and on all tables at once as a system of equations.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from binhyen.kernel.measures.periods import Period, PeriodKind

SMALL_BELOW = 5
"""The smallest number of people that is told (T10)."""

Line = tuple[int, ...]
"""The numbers of one unit in one table."""


@dataclass(frozen=True)
class Table:
    """One cut of a year: months `start` to `stop`, so many together; finer than the table `coarser`."""

    coarser: str
    start: int
    stop: int
    size: int


YEAR, KINDS = "year", "kinds"
FLOW = {
    YEAR: Table("", 0, 12, 12),
    "half": Table(YEAR, 0, 12, 6),
    "quarter-1": Table("half", 0, 6, 3),
    "quarter-2": Table("half", 6, 12, 3),
    "month-1": Table("quarter-1", 0, 3, 1),
    "month-2": Table("quarter-1", 3, 6, 1),
    "month-3": Table("quarter-2", 6, 9, 1),
    "month-4": Table("quarter-2", 9, 12, 1),
    KINDS: Table(YEAR, 0, 0, 1),
}
"""Coarser ones first."""
STOCK = {YEAR: Table("", 0, 1, 1), KINDS: Table(YEAR, 0, 0, 1)}


@dataclass(frozen=True)
class Part:
    """What one unit adds to the one above: a unit, with everything below it, or (`unit` None) the rows that the unit
    above has itself. `by_month` has 12 numbers, or 1 for a stock; `by_kind` one for each kind."""

    unit: int | None
    by_month: Line
    by_kind: Line

    def line(self, name: str, table: Table) -> Line:
        """Its numbers in one table."""
        if name == KINDS:
            return self.by_kind
        return tuple(sum(self.by_month[at : at + table.size]) for at in range(table.start, table.stop, table.size))


def table_for(period: Period, *, is_stock: bool, by_kind: bool) -> str | None:
    """The table in which a figure about people is published; None: in none."""
    month = period.first.month - 1
    match period.kind:
        case PeriodKind.DAY | PeriodKind.WEEK | PeriodKind.CAMPAIGN:
            return None
        case _ if is_stock:
            return KINDS if by_kind else YEAR
        case PeriodKind.YEAR:
            return KINDS if by_kind else YEAR
        case _ if by_kind:
            return None
        case PeriodKind.HALF:
            return "half"
        case PeriodKind.NINE_MONTHS:
            return "quarter-2"  # the first half is coarser, the third quarter stands in this one
        case PeriodKind.QUARTER:
            return f"quarter-{1 + month // 6}"
    return f"month-{1 + month // 3}"


def is_safe(line: Line) -> bool:
    """Whether none of the numbers is small."""
    return all(each == 0 or each >= SMALL_BELOW for each in line)


def shown_alone(part: Part, tables: dict[str, Table]) -> frozenset[str]:
    """The tables that show a unit above which there is none."""
    held: set[str] = set()
    for name, table in tables.items():
        if table.coarser in {"", *held} and is_safe(part.line(name, table)):
            held.add(name)
    return frozenset(held)


def shown_below(parts: Iterable[Part], above: frozenset[str], tables: dict[str, Table]) -> dict[int, frozenset[str]]:
    """For each of the units in `parts`, which are all that the unit above consists of: the tables that show it, where
    those in `above` show the unit above."""
    known = list(parts)
    found: dict[int | None, set[str]] = {part.unit: set() for part in known}
    for name, table in tables.items():
        if name in above:
            able = [part for part in known if table.coarser in {"", *found[part.unit]}]
            for part in _shown(able, known, name, table):
                found[part.unit].add(name)
    return {unit: frozenset(held) for unit, held in found.items() if unit is not None}


def _shown(able: list[Part], every: list[Part], name: str, table: Table) -> list[Part]:
    """Those of `able` whose lines can be shown; all of `every` together make up a line that is shown."""
    lines = {part.unit: part.line(name, table) for part in every}
    shown = [part for part in able if is_safe(lines[part.unit])]
    # The smallest goes first; equal ones in the order of their units, so that the answer is always the same.
    shown.sort(key=lambda part: (sum(lines[part.unit]), part.unit or 0), reverse=True)
    names = {part.unit for part in shown}
    left = _sum(lines[part.unit] for part in every if part.unit not in names)
    while left and not is_safe(left):
        smallest = next(part for part in reversed(shown) if any(lines[part.unit]))
        shown.remove(smallest)
        left = _sum((left, lines[smallest.unit]))
    return shown


def _sum(lines: Iterable[Line]) -> Line:
    return tuple(map(sum, zip(*lines, strict=True)))
