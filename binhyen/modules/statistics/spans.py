"""Periods and units as pages offer them."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Q, QuerySet

from binhyen.kernel.measures import Period
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.statistics.models import Every

UNITS_OFFERED = 80
OFFERED = {"Tháng": 13, "Quý": 6, "6 tháng": 4, "Năm": 5}
"""How many of each kind a page offers, the newest first."""


def period_on(every: str, day: date) -> Period:
    """The month, quarter or year that `day` lies in."""
    codes = {
        Every.MONTH: f"{day:%Y-%m}",
        Every.QUARTER: f"{day.year}-Q{(day.month + 2) // 3}",
        Every.YEAR: f"{day.year}",
    }
    return Period.parse(codes[Every(every)])


def ended_before(every: str, day: date) -> Period:
    """The newest period that is over on `day`."""
    return period_on(every, day).previous()


def run_of(period: Period, count: int) -> list[Period]:
    """`count` periods in a row that end with `period`, the oldest first."""
    found = [period]
    while len(found) < count:
        found.append(found[-1].previous())
    return found[::-1]


def offered(day: date, chosen: Period | None = None) -> list[tuple[str, list[Period]]]:
    """Periods to choose from on `day`, by kind; `chosen` is among them whatever it is."""
    half = Period.parse(f"{day.year}-H{1 if day.month <= 6 else 2}")
    newest = {
        "Tháng": period_on(Every.MONTH, day),
        "Quý": period_on(Every.QUARTER, day),
        "6 tháng": half,
        "Năm": period_on(Every.YEAR, day),
    }
    groups = [(kind, run_of(first, OFFERED[kind])[::-1]) for kind, first in newest.items()]
    if chosen is not None and not any(chosen in periods for _, periods in groups):
        groups.insert(0, ("Đang xem", [chosen]))
    return groups


def readable_units(authority: Authority) -> "QuerySet[Unit]":
    """The units whose figures the person may see, in the order of the tree."""
    # By the tree: the ids of a whole country's units would be thousands of parameters in every question.
    paths = {path for role in OFFICERS for path in authority.paths.get(role, ())}
    mine = reduce(or_, (Q(path__startswith=path) for path in sorted(paths)), Q(pk__in=[]))
    return Unit.objects.filter(mine).defer("boundary").order_by("path")


def units_near(unit: Unit, readable: "QuerySet[Unit]") -> list[Unit]:
    """What a page offers to choose from: all of them, or where they are many those above `unit` and right below."""
    all_of_them = list(readable[: UNITS_OFFERED + 1])
    if len(all_of_them) <= UNITS_OFFERED:
        return all_of_them
    above = Q(pk__in=[each.pk for each in unit.with_those_above()])
    return list(readable.filter(above | Q(path__startswith=unit.path, depth=unit.depth + 1)))


def children_of(unit: Unit, period: Period) -> list[Unit]:
    """The units right below that existed at some time in the period."""
    below = Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1, valid_from__lte=period.last)
    return [each for each in below.order_by("path") if each.valid_until is None or each.valid_until > period.first]


Thing = TypeVar("Thing")


def in_order(things: Iterable[Thing], codes: Sequence[str], code_of: str = "code") -> list[Thing]:
    """Those of `things` that `codes` name, in that order; what nobody knows any more is left out."""
    known = {getattr(each, code_of): each for each in things}
    return [known[code] for code in codes if code in known]
