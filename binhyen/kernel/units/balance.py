"""What a reorganisation moves, counted before and after: a line for each kind of thing, which must come to zero."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Sum
from django_scopes import scope

from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.moving import Bond, Fate, along, bonds, keys_to_units
from binhyen.kernel.units.reorganising import MEMBERSHIPS
from binhyen.kernel.units.roles import GROUP_ROLES, STAFF

FATES = {Fate.MOVES: "chuyển theo", Fate.STAYS: "giữ ở đơn vị cũ", Fate.COMPUTED: "tính lại"}
ALONG = "đi theo"
"""Said of rows that know their unit through another row."""

TOLD_ROLES = STAFF | GROUP_ROLES
"""Roles that a balance counts and a plan names people by."""

Counted = dict[str, "Tally"]


@dataclass(frozen=True)
class Tally:
    """Of one kind of thing: how many each unit has, and the sum of its money where it has some."""

    label: str
    fate: str
    by_unit: dict[int, int]
    money: int | None = None

    @property
    def count(self) -> int:
        return sum(self.by_unit.values())


@dataclass(frozen=True)
class Line:
    """One kind before and after. `moved` counts rows that have another unit now."""

    key: str
    label: str
    fate: str
    before: int
    after: int
    moved: int
    money_before: int | None = None
    money_after: int | None = None

    @property
    def difference(self) -> int:
        return self.after - self.before

    @property
    def money_difference(self) -> int:
        return (self.money_after or 0) - (self.money_before or 0)

    @property
    def is_balanced(self) -> bool:
        return not self.difference and not self.money_difference

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def tally(units: Iterable[Unit], day: date) -> Counted:
    """What these units have, as of `day`, as far as people may be told."""
    ids = [unit.pk for unit in units]
    found = {MEMBERSHIPS: _people(ids, day)}
    for bond in bonds():
        if bond.said.fate is not Fate.COMPUTED:
            found[bond.key] = _of_bond(bond, ids)
    return found | _told_along(ids)


def compare(before: Counted, after: Counted, touched: Collection[int]) -> list[Line]:
    """A line for each kind of which the units `touched` have something, in the order of `before`."""
    lines = []
    for key in [*before, *(key for key in after if key not in before)]:
        was, now = _only(before.get(key), touched), _only(after.get(key), touched)
        known = was or now
        if known is None or not ((was and was.count) or (now and now.count)):
            continue
        lines.append(
            Line(
                key, known.label, known.fate, was.count if was else 0, now.count if now else 0, _moved(was, now),
                was.money if was else None, now.money if now else None,
            )
        )  # fmt: skip
    return lines


def _only(tally: Tally | None, units: Collection[int]) -> Tally | None:
    kept = {unit: count for unit, count in tally.by_unit.items() if unit in units} if tally else {}
    return replace(tally, by_unit=kept) if tally else None


def _moved(was: Tally | None, now: Tally | None) -> int:
    before, after = was.by_unit if was else {}, now.by_unit if now else {}
    return sum(max(0, count - after.get(unit, 0)) for unit, count in before.items())


def _people(ids: Collection[int], day: date) -> Tally:
    """Pairs of person and role, once however many units: two roles that become one are one. Owners are not counted:
    their number is one that is told under rules of its own."""
    serving = Membership.objects.valid_on(day).filter(unit__in=ids, role__in=TOLD_ROLES).order_by("unit__path")
    first: dict[tuple[int, str], int] = {}
    for user, role, unit in serving.values_list("user", "role", "unit"):
        first.setdefault((user, role), unit)
    return Tally("Người và vai trò", FATES[Fate.MOVES], _counts(first.values()))


def _of_bond(bond: Bond, ids: Sequence[int]) -> Tally:
    rows = bond.told_of(*ids)
    total = rows.aggregate(total=Sum(bond.said.sum_of))["total"] if bond.said.sum_of else None
    money = int(Decimal(total or 0)) if bond.said.sum_of else None
    return Tally(bond.label, FATES[bond.said.fate], _counts(rows.values_list(bond.field, flat=True)), money)


def _told_along(ids: Sequence[int]) -> Counted:
    found = {}
    for model in along():
        label = str(model._meta.verbose_name_plural)
        counts = {unit: count for unit in ids if (count := _along_of(model, [unit]))}
        found[model._meta.label_lower] = Tally(f"{label[:1].upper()}{label[1:]}", ALONG, counts)
    return found


def _along_of(model: type[models.Model], units: Sequence[int]) -> int:
    """Rows that know their unit through another: the scope of their manager says how."""
    with scope(unit=list(units) or [0]):
        return int(model._default_manager.count())


def tables_along(units: Iterable[Unit]) -> dict[str, int]:
    """How many rows each table has that knows its unit through another, for comparing; never to be shown."""
    ids, direct = [unit.pk for unit in units], {model for model, _ in keys_to_units()}
    return {
        model._meta.label_lower: _along_of(model, ids)
        for model in apps.get_models()
        if model not in direct and hasattr(model._default_manager, "with_scope")
        if "tests" not in model.__module__.split(".")
    }


def _counts(units: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for unit in units:
        found[unit] = found.get(unit, 0) + 1
    return found
