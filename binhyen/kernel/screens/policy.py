"""Who may do what with the rows of a screen, and which rows: one object answers both."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from binhyen.kernel.units.authority import Authority, Refusal
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role


class Action(StrEnum):
    """What can be done with rows."""

    SEE = "see"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    BRING_IN = "bring_in"
    TAKE_OUT = "take_out"


@dataclass(frozen=True)
class UnitPolicy:
    """Roles of the row's unit, or of one above it, decide. `see` and `change` are enough for most; who adds, deletes
    and brings in is then who changes, who takes out is who sees. An empty set: nobody, and the page does not exist.

    `unit` leads from a row to its unit: "unit", "group__unit". Subclass it where rows differ: `restrict` is the one
    filter that every list, form, export and API answer goes through.
    """

    see: Iterable[Role]
    change: Iterable[Role] = ()
    add: Iterable[Role] | None = None
    delete: Iterable[Role] | None = None
    bring_in: Iterable[Role] | None = None
    take_out: Iterable[Role] | None = None
    unit: str = "unit"

    def roles(self, action: Action) -> frozenset[Role]:
        """Who may do `action` at all."""
        own = getattr(self, action.value)
        if own is None:
            own = self.see if action is Action.TAKE_OUT else self.change
        return frozenset(own)

    def restrict(self, authority: Authority, action: Action, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Those of `rows` with which the person may do `action`."""
        return rows.filter(**{f"{self.unit}__in": authority.unit_ids(self.roles(action))})

    def may(self, authority: Authority, action: Action, row: Any = None) -> Refusal | None:
        """None: yes. With a row that is not saved yet, its unit is asked."""
        if authority.holds(self.roles(action), self.unit_of(row) if row is not None else None):
            return None
        return Refusal(
            "Anh/Chị không có quyền làm việc này.",
            code="wrong_role",
            remedy="Nếu cần, hãy đề nghị Trưởng công an đơn vị giao vai trò.",
        )

    def sees_all_of(self, authority: Authority, unit: Unit) -> bool:
        """Whether the person sees every row of `unit` and of those below. Say otherwise where `restrict` does."""
        return authority.holds(self.roles(Action.SEE), unit)

    def unit_of(self, row: Any) -> Unit:
        """The unit that a row belongs to."""
        for step in self.unit.split("__"):
            row = getattr(row, step)
        return row  # type: ignore[no-any-return]  # a path that the declaration has checked

    def units(self, authority: Authority, action: Action) -> "QuerySet[Unit]":
        """The units that exist today in which the person may do `action`."""
        today = localdate()
        exists = Q(valid_until__isnull=True) | Q(valid_until__gt=today)
        mine = Unit.objects.filter(exists, valid_from__lte=today, pk__in=authority.unit_ids(self.roles(action)))
        return mine.order_by("path")  # type: ignore[no-any-return]  # treebeard is untyped
