"""Menu entries of units, and which plans wait for whom."""

from collections.abc import Iterator

from django.db.models import Q

from binhyen.kernel.screens import MenuEntry, MenuGroup, WorkItem, add_menu_entry, add_work_source
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import STAFF, Role
from binhyen.modules.places.models import Plan
from binhyen.modules.places.rules import READERS
from binhyen.modules.places.workflow import SECONDS

WAITING_SHOWN = 20

_GROUP = MenuGroup("Đơn vị, địa bàn", "sitemap")

for _label, _page, _icon, _position, _roles in (
    ("Tra cứu đơn vị", "units", "search", 96, STAFF),
    ("Sắp xếp đơn vị", "plans", "arrows-split", 97, READERS),
    ("Nhập danh mục", "unit-lists", "file-import", 98, frozenset({Role.IT_ADMIN})),
):
    add_menu_entry(MenuEntry(_label, _page, _icon, _position, frozenset(_roles), _GROUP))


@add_work_source
def waiting_plans(authority: Authority) -> Iterator[WorkItem]:
    """Plans that wait for the chief, and those that wait for a second person who is not the first."""
    if not authority.holds(SECONDS):
        return
    chief = Q(state="handed_in", unit_id__in=authority.unit_ids({Role.CHIEF}))
    second = Q(state="approved", unit_id__in=authority.unit_ids(SECONDS)) & ~Q(approved_by=authority.user)
    for plan in Plan.objects.filter(chief | second).order_by("due_at", "pk")[:WAITING_SHOWN]:
        yield WorkItem(f"Phương án: {plan.name}", plan.get_absolute_url(), "plan", plan.due_at, plan.state_label)
