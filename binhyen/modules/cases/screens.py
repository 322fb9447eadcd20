"""The menu entry of cases, and which cases wait for whom."""

from collections.abc import Iterator

from django.db.models import Q

from binhyen.kernel.screens import MenuEntry, WorkItem, add_menu_entry, add_work_source
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cases.queries import overdue, visible_cases
from binhyen.modules.cases.workflow import OPEN_STATES

MENU_POSITION = 50
CASES_SHOWN = 20

add_menu_entry(MenuEntry("Vụ việc", "cases", "briefcase", MENU_POSITION, frozenset(OFFICERS)))


@add_work_source
def waiting_cases(authority: Authority) -> Iterator[WorkItem]:
    """Cases given to the person, and for a chief every case of the units that is late."""
    if not authority.holds(OFFICERS):
        return
    open_ones = visible_cases(authority).filter(state__in=OPEN_STATES)
    concerned = Q(assigned_to=authority.user)
    if authority.holds({Role.CHIEF}):
        concerned |= Q(pk__in=overdue(open_ones.filter(unit_id__in=authority.unit_ids({Role.CHIEF}))).values("pk"))
    for case in open_ones.filter(concerned).order_by("due_at")[:CASES_SHOWN]:
        yield WorkItem(
            f"Vụ việc {case.number}: {case.title}", case.get_absolute_url(), "case", case.due_at, case.state_label
        )
