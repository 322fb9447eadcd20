"""The registers of groups, the menu, what waits for whom, and what stands on a case's page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.timezone import localtime, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.screens import MenuEntry, Screens, WorkItem, add_menu_entry, add_work_source
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Membership
from binhyen.kernel.units.roles import GROUP_ROLES, OFFICERS, Role
from binhyen.modules.cameras.public import shared_cameras
from binhyen.modules.cases.public import Case, Panel, add_case_panel, add_eraser
from binhyen.modules.groups import patrols
from binhyen.modules.groups.models import CheckIn, ClusterCamera, Duty, Group, Leave, Member, Patrol, Swap
from binhyen.modules.groups.pages.group import group_page
from binhyen.modules.groups.pages.patrol import patrol_page
from binhyen.modules.groups.panels import MENU
from binhyen.modules.groups.rules import MANAGERS, READERS, OwnGroup, group_ids_of

DUTY_NEAR = timedelta(hours=48)
WORK_SHOWN = 20

for _label, _name, _icon, _position, _roles in (
    ("Các tổ", "group-list", "users-group", 40, OFFICERS),
    ("Thành viên tổ", "member-list", "user", 41, MANAGERS),
    ("Lịch trực", "rotas", "calendar-event", 42, READERS),
    ("Tuần tra", "patrol-list", "route", 43, READERS),
):
    add_menu_entry(MenuEntry(_label, _name, _icon, _position, frozenset(_roles), MENU))
for _label, _name, _icon in (("Tổ của tôi", "own-group", "users-group"), ("Đi tuần", "patrol-app", "walk")):
    add_menu_entry(MenuEntry(_label, _name, _icon, 39, frozenset(GROUP_ROLES)))  # every day's: folded under nothing
add_menu_entry(MenuEntry("Tổ đếm camera", "own-clusters", "users-group", 71, frozenset({Role.CAMERA_OWNER})))

KEEPERS: dict[str, Any] = {"change": MANAGERS, "delete": frozenset({Role.CHIEF}), "take_out": OFFICERS}


class GroupScreens(Screens):
    """Tổ tự quản."""

    model, slug, icon, position = Group, "to-tu-quan", "users-group", None
    columns = "code", "name", "hamlet", "kind", "founded_on", "closed_on", "unit"
    filters = "kind", "founded_on", "unit"
    order = "name"
    fields = (
        "unit", "code", "name", "kind", "hamlet", "founded_on", "closed_on", "decision", "trained_on", "training",
    )  # fmt: skip
    key = "unit", "code"
    policy = OwnGroup(see=READERS, unit="unit", group="", **KEEPERS)
    detail_view = staticmethod(group_page)
    example = {"code": "TTQ-01", "name": "Tổ tự quản xóm Đông", "kind": "tu_quan", "hamlet": "Xóm Đông",
               "founded_on": "15/09/2025"}  # fmt: skip


def people_of_groups(authority: Authority) -> Any:
    """Accounts that may be a member's: of somebody who serves a unit of the person's as one of a group."""
    units = authority.unit_ids(MANAGERS)
    serving = Membership.objects.valid_on().filter(role__in=GROUP_ROLES, unit__in=units).values("user")
    return User.objects.filter(pk__in=serving, is_active=True).order_by("full_name")


class MemberScreens(Screens):
    """Thành viên tổ."""

    model, slug, icon, position = Member, "thanh-vien-to", "user", None
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
    policy = OwnGroup(
        see=READERS, change=MANAGERS | {Role.GROUP_LEADER}, take_out=OFFICERS, unit="member__group__unit",
        group="member__group",
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


class PatrolScreens(Screens):
    """Tuần tra."""

    model, slug, icon, position = Patrol, "tuan-tra", "route", None
    columns = "group", "route", "planned_at", "state", "started_at", "ended_at"
    filters = "group", "state", "planned_at"
    order = "-planned_at"
    fields = "group", "route", "planned_at", "weather", "equipment"
    detail_view = staticmethod(patrol_page)
    policy = OwnGroup(
        see=READERS, change=MANAGERS | {Role.GROUP_LEADER}, delete=frozenset(), take_out=OFFICERS,
        unit="group__unit", group="group",
    )  # fmt: skip
    example = {"route": "Quanh xóm Đông, ra bờ sông", "planned_at": "21/11/2026 19:00"}

    def step(self, row: Any, name: str, *, by: Any, note: str) -> Any:
        return patrols.take_step(row, name, by=by, note=note)

    def waits(self, authority: Authority) -> Iterator[WorkItem]:
        """Logs that wait for the station's word, and conflicts that wait for who leads."""
        if authority.holds(MANAGERS):
            ended = self.rows(authority).filter(state="ended", group__unit__in=authority.unit_ids(MANAGERS))
            for patrol in ended.order_by("due_at")[:WORK_SHOWN]:
                yield WorkItem(f"Xác nhận sổ tuần tra: {patrol.group.name}", patrol.get_absolute_url(), "patrol",
                               patrol.due_at, patrol.route)  # fmt: skip
        arranged = Patrol.objects.filter(group__in=_arranged(authority), checkins__state=CheckIn.State.CONFLICT)
        for patrol in arranged.select_related("group").distinct()[:WORK_SHOWN]:
            yield WorkItem(f"Điểm danh gửi muộn cần xem: {patrol.group.name}", patrol.get_absolute_url(), "conflict",
                           None, patrol.route)  # fmt: skip


def _arranged(authority: Authority) -> list[int]:
    """Ids of the groups that the person leads, with an account of that role."""
    if authority.user is None or not authority.holds({Role.GROUP_LEADER}):
        return []
    leading = Member.serving_on().filter(user=authority.user, part__in=Member.LEADING)
    return [pk for pk in leading.values_list("group_id", flat=True) if pk in group_ids_of(authority)]


@add_work_source
def own_turns(authority: Authority) -> Iterator[WorkItem]:
    """The person's next turns, exchanges that wait for an answer, and for who leads those that wait for approval."""
    if authority.user is None or not authority.holds(GROUP_ROLES):
        return
    user, at = authority.user, now()
    mine = Duty.objects.filter(member__user=user, shift__rota__state="published")
    near = mine.filter(shift__ends_at__gt=at, shift__starts_at__lt=at + DUTY_NEAR)
    for duty in near.select_related("shift__rota").order_by("shift__starts_at"):
        when = f"{localtime(duty.shift.starts_at):%H:%M ngày %d/%m/%Y}"
        yield WorkItem(f"{duty.shift.name} {when}", duty.shift.rota.get_absolute_url(), "duty", None, duty.shift.hours)
    asked = Q(state="asked", for_duty__member__user=user) | Q(state="agreed", group__in=_arranged(authority))
    for swap in Swap.objects.filter(asked).select_related("duty__member", "duty__shift__rota"):
        yield WorkItem(f"Đổi ca trực: {swap.duty.member.name}", swap.get_absolute_url(), "swap", swap.due_at)


@add_case_panel
def observations_panel(authority: Authority, case: Case) -> Panel:
    """What patrols have handed to the case."""
    seen = CheckIn.objects.filter(case=case).select_related("patrol__group")
    return Panel("Phát hiện của tổ tự quản", "groups/_case_observations.html", 40, {"observations": seen})


@add_eraser
def forget_case(case: Case) -> None:
    """What was handed to an erased case stays in the log of its patrol, without its words and without the way back."""
    for seen in CheckIn.objects.filter(case=case):
        seen.case, seen.text, seen.place, seen.latitude, seen.longitude = None, "", "", None, None
        seen.save(update_fields=["case", "text", "place", "latitude", "longitude"])
