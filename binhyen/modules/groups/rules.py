"""Who may: officers by their unit; people of a group see the own group and nothing else."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from binhyen.kernel.screens.policy import Action, UnitPolicy
from binhyen.kernel.units.authority import Authority, Refusal
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import GROUP_ROLES, OFFICERS, Role
from binhyen.modules.groups.models import Group, Member

READERS = OFFICERS | GROUP_ROLES
MANAGERS = frozenset({Role.COMMUNE_OFFICER, Role.CHIEF})
"""Who keeps the registers of groups and members."""


def _own_memberships(authority: Authority) -> "QuerySet[Member]":
    return Member.serving_on().filter(user=authority.user, group__unit__in=authority.unit_ids(GROUP_ROLES))


def group_ids_of(authority: Authority) -> list[int]:
    """Ids of the groups that the person belongs to today, with an account that counts as one of a group."""
    if authority.user is None or not authority.holds(GROUP_ROLES):
        return []
    return list(_own_memberships(authority).values_list("group_id", flat=True))


def leads(authority: Authority, group: Group) -> bool:
    """Whether the person leads the group, as its leader or deputy, with an account of that role."""
    return group.is_led_by(authority)


def may_arrange(authority: Authority, group: Group) -> Refusal | None:
    """Rotas, leave and patrols: whoever leads the group, or keeps the registers of its unit."""
    if leads(authority, group) or authority.holds(MANAGERS, group.unit):
        return None
    return Refusal(
        f"Việc này của {group.name} dành cho tổ trưởng, tổ phó của tổ và cán bộ phụ trách.",
        code="not_leading",
        remedy="Hãy nhờ tổ trưởng, hoặc đề nghị Trưởng công an đơn vị giao vai trò.",
    )


def may_see_phone(authority: Authority, member: Member) -> Refusal | None:
    """Telephone numbers: who leads the group, who keeps the register, the duty officer; each look is logged."""
    unit = member.group.unit
    if authority.holds(MANAGERS | {Role.DUTY_OFFICER}, unit) or leads(authority, member.group):
        return None
    if member.user_id is not None and authority.user is not None and member.user_id == authority.user.pk:
        return None
    return Refusal(
        "Số điện thoại của tổ viên không công khai.",
        code="phone_sealed",
        remedy="Hãy nhờ tổ trưởng, trực ban hoặc cán bộ phụ trách liên hệ giúp.",
    )


@dataclass(frozen=True)
class OwnGroup(UnitPolicy):
    """Rows that belong to a group: `group` leads from a row to it ("" for the group itself). Officers by unit;
    people of a group within the own one; `leading` are the actions that need leading it."""

    group: str = "group"
    leading: frozenset[Action] = frozenset({Action.CHANGE, Action.ADD, Action.DELETE, Action.BRING_IN, Action.TAKE_OUT})

    def restrict(self, authority: Authority, action: Action, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """By unit for officers, and the own groups."""
        officers = self.roles(action) - GROUP_ROLES
        allowed = Q(**{f"{self.unit}__in": authority.unit_ids(officers)})
        if self.roles(action) & GROUP_ROLES:
            allowed |= Q(**{f"{self.group or 'pk'}__in": self._own(authority, action)})
        return rows.filter(allowed)

    def may(self, authority: Authority, action: Action, row: Any = None) -> Refusal | None:
        """As `restrict`, for one row, saved or not."""
        roles = self.roles(action)
        if row is None or authority.holds(roles - GROUP_ROLES, self.unit_of(row)):
            return super().may(authority, action, row)
        own = self._own(authority, action) if roles & GROUP_ROLES and authority.holds(roles & GROUP_ROLES) else []
        return None if self._group_id(row) in own else super().may(Authority(None), action, row)

    def sees_all_of(self, authority: Authority, unit: Unit) -> bool:
        """Officers only: people of a group see the own one."""
        return authority.holds(self.roles(Action.SEE) - GROUP_ROLES, unit)

    def _own(self, authority: Authority, action: Action) -> list[int]:
        if authority.user is None or not authority.holds(self.roles(action) & GROUP_ROLES):
            return []
        mine = _own_memberships(authority)
        if action in self.leading:
            mine = mine.filter(part__in=Member.LEADING)
        return list(mine.values_list("group_id", flat=True))

    def _group_id(self, row: Any) -> Any:
        steps = self.group.split("__") if self.group else []
        for step in steps:
            row = getattr(row, step)
            if row is None:  # a row of the unit that belongs to no group
                return None
        return row.pk
