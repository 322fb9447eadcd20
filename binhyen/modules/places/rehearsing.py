"""A plan tried for real and taken back: what it moves, whether all comes to zero, whether the past stays as it was."""

from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.measures.past import past_differences, remember_past
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.balance import TOLD_ROLES, Line, compare, tables_along, tally
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.moving import Fate, bonds
from binhyen.kernel.units.reorganising import CannotReorganise, Reorganisation
from binhyen.kernel.workflow.models import Stateful
from binhyen.modules.places.models import Plan
from binhyen.modules.places.steps import take_steps, units_named

WAIT_MS = 15_000
"""How long a rehearsal waits for people who are writing just now, and they for it."""


@dataclass(frozen=True)
class Outcome:
    """What a plan did. Zero is zero only where every part of it is."""

    lines: list[Line]
    closed: list[Unit]
    opened: list[Unit]
    renamed: list[str]
    unfinished: list[str]
    cells: int
    """How many figures were compared; kept out of what is shown, for it grows with each household."""
    cells_different: int
    rows_left: int
    people_left: list[str]
    along_different: int
    """Tables whose rows go along with others and do not come to zero."""

    @property
    def is_balanced(self) -> bool:
        left = self.cells_different or self.rows_left or self.people_left or self.along_different
        return not left and all(line.is_balanced for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """What is kept with the plan and shown."""
        return {
            "is_balanced": self.is_balanced,
            "lines": [
                line.as_json() | {"difference": line.difference, "money_difference": line.money_difference}
                for line in self.lines
            ],
            "closed": [_named(unit) for unit in self.closed],
            "opened": [_named(unit) for unit in self.opened],
            "renamed": self.renamed,
            "unfinished": self.unfinished,
            "cells_different": self.cells_different,
            "rows_left": self.rows_left,
            "people_left": self.people_left,
            "along_different": self.along_different,
        }


def _named(unit: Unit) -> dict[str, str]:
    return {"code": unit.code, "name": unit.name, "level": unit.get_level_display()}


@transaction.atomic
def do(plan: Plan) -> tuple[Outcome, Reorganisation]:
    """Take the plan's steps and count. Raises CannotReorganise. The caller decides whether it stands."""
    with across_units():
        before_units = units_named(plan)
        cells = remember_past(plan.day)
        before, people = tally(before_units, plan.day), _people_of(before_units, plan)
        went_along = tables_along(before_units)
        change = take_steps(plan)
        after_units = {unit.pk: unit for unit in (*before_units, *change.touched.values())}
        outcome = Outcome(
            lines=compare(before, tally(after_units.values(), plan.day), change.touched.keys()),
            closed=change.closed,
            opened=change.opened,
            renamed=change.renamed,
            unfinished=_unfinished(change),
            cells=cells,
            cells_different=past_differences(plan.day),
            rows_left=sum(bond.rows_of(*[unit.pk for unit in change.closed]).count() for bond in bonds(Fate.MOVES)),
            people_left=_left_without_a_unit(people, plan),
            along_different=sum(went_along[key] != now for key, now in tables_along(after_units.values()).items()),
        )
        return outcome, change


def rehearse(plan: Plan) -> Outcome:
    """Do it all and take it all back; the plan keeps what was counted. Raises CannotReorganise."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_MS}ms"])
            outcome, _ = do(plan)
            transaction.set_rollback(True)
    except OperationalError as error:
        raise CannotReorganise(
            "Nhiều người đang ghi dữ liệu nên chưa chạy thử được. Hãy thử lại sau ít phút."
        ) from error
    plan.balance, plan.rehearsed_at = outcome.as_json(), now()
    plan.save(update_fields=["balance", "rehearsed_at"])
    return outcome


def _people_of(units: list[Unit], plan: Plan) -> set[int]:
    return set(Membership.objects.valid_on(plan.day).filter(unit__in=units).values_list("user", flat=True))


def _left_without_a_unit(people: set[int], plan: Plan) -> list[str]:
    serving = set(Membership.objects.valid_on(plan.day).filter(user__in=people).values_list("user", flat=True))
    left = User.objects.filter(pk__in=people - serving).order_by("username")
    told = left.filter(memberships__role__in=TOLD_ROLES).distinct()
    others = ["và người khác"] if left.exclude(pk__in=told.values("pk")).exists() else []  # an owner has no name here
    return [*map(str, told), *others]


def _unfinished(change: Reorganisation) -> list[str]:
    """Work that stays with a unit that ends: better finished before."""
    found = []
    for bond in bonds(Fate.STAYS):
        if issubclass(bond.model, Stateful):
            rows = bond.rows_of(*[unit.pk for unit in change.closed])
            count = rows.filter(state__in=bond.model.workflow.binding).count()
            if count:
                found.append(f"{bond.label}: {count} chưa xong ở đơn vị sẽ kết thúc.")
    return found
