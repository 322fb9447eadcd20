"""The registers of groups."""

from typing import Any

from binhyen.kernel.accounts.models import User
from binhyen.kernel.screens import Facts, History, Related, Screens
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Membership
from binhyen.kernel.units.roles import GROUP_ROLES, OFFICERS, Role
from binhyen.modules.cameras.public import shared_cameras
from binhyen.modules.groups.models import ClusterCamera, Group, Leave, Member
from binhyen.modules.groups.rules import MANAGERS, READERS, OwnGroup

KEEPERS = {"change": MANAGERS, "delete": frozenset({Role.CHIEF}), "take_out": OFFICERS}


class GroupScreens(Screens):
    """Tổ tự quản."""

    model, slug, icon, position = Group, "to-tu-quan", "users-group", 40
    columns = "code", "name", "hamlet", "kind", "founded_on", "closed_on", "unit"
    filters = "kind", "founded_on", "unit"
    order = "name"
    fields = (
        "unit", "code", "name", "kind", "hamlet", "founded_on", "closed_on", "decision", "trained_on", "training",
    )  # fmt: skip
    key = "unit", "code"
    policy = OwnGroup(see=READERS, unit="unit", group="", **KEEPERS)
    example = {"code": "TTQ-01", "name": "Tổ tự quản xóm Đông", "kind": "tu_quan", "hamlet": "Xóm Đông",
               "founded_on": "15/09/2025"}  # fmt: skip


def people_of_groups(authority: Authority) -> Any:
    """Accounts that may be a member's: of somebody who serves a unit of the person's as one of a group."""
    units = authority.unit_ids(MANAGERS)
    serving = Membership.objects.valid_on().filter(role__in=GROUP_ROLES, unit__in=units).values("user")
    return User.objects.filter(pk__in=serving, is_active=True).order_by("full_name")


class MemberScreens(Screens):
    """Thành viên tổ."""

    model, slug, icon, position = Member, "thanh-vien-to", "user", 41
    columns = "code", "name", "group", "part", "joined_on", "left_on", "trained_on"
    filters = "group", "part", "joined_on"
    order = "name"
    fields = "group", "code", "name", "part", "user", "joined_on", "left_on", "trained_on", "training"
    key = "group", "code"
    choices = {"user": people_of_groups}
    policy = OwnGroup(see=READERS, unit="group__unit", **KEEPERS)
    example = {"code": "01", "name": "Nguyễn Văn Đông", "part": "leader", "joined_on": "15/09/2025"}


class LeaveScreens(Screens):
    """Ngày nghỉ."""

    model, slug, icon, position = Leave, "nghi-truc-to", "calendar-off", None
    columns = "member", "first_day", "last_day", "reason"
    filters = "member", "first_day"
    order = "-first_day"
    fields = "member", "first_day", "last_day", "reason"
    key = "member", "first_day"
    policy = OwnGroup(
        see=READERS, change=MANAGERS | {Role.GROUP_LEADER}, bring_in=MANAGERS, take_out=OFFICERS,
        unit="member__group__unit", group="member__group",
    )  # fmt: skip
    example = {"first_day": "21/11/2026", "last_day": "23/11/2026", "reason": "Việc gia đình"}


class ClusterScreens(Screens):
    """Camera của tổ."""

    model, slug, icon, position = ClusterCamera, "camera-cua-to", "device-cctv", None
    columns = "group", "code", "source", "camera", "added_on", "removed_on"
    filters = "group", "source", "added_on"
    order = "-added_on"
    fields = "group", "code", "source", "camera", "added_on", "removed_on"
    key = "group", "code"
    choices = {"camera": shared_cameras}
    policy = OwnGroup(see=READERS, unit="group__unit", **KEEPERS)
    example = {"code": "C01", "source": "own", "added_on": "20/09/2025"}


GroupScreens.panels = (
    Facts(),
    Related(Member, "group", "Thành viên"),
    Related(ClusterCamera, "group", "Cụm camera"),
    History(),
)
