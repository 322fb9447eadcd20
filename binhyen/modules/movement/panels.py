"""What the movement shows on a group's page: what it did, what was given through it, and how to write more down."""

from django.db.models import Sum
from django.urls import reverse

from binhyen.kernel.screens import Action, screens_of
from binhyen.kernel.units.authority import Authority
from binhyen.modules.contributions.public import Entry
from binhyen.modules.groups.public import Group, GroupPanel, add_group_panel
from binhyen.modules.movement.models import Meeting, Session, Task

POSITION = 60


@add_group_panel
def done_by(authority: Authority, group: Group) -> GroupPanel:
    """Meetings, tasks that are not done, sessions and gifts of this group."""
    lines = [_line(model, authority, group) for model in (Meeting, Session, Entry)]
    given = Entry.objects.filter(group=group).aggregate(sum=Sum("amount"))["sum"] or 0
    tasks = list(Task.objects.filter(meeting__group=group, state="open").select_related("who").order_by("due_on")[:10])
    return GroupPanel(
        "Họp, tuyên truyền, đóng góp",
        "movement/_group.html",
        POSITION,
        {"lines": lines, "given": given, "tasks": tasks},
    )


def _line(model: type[Meeting | Session | Entry], authority: Authority, group: Group) -> dict[str, object]:
    screens = screens_of(model)
    if screens is None:
        raise LookupError(f"{model.__name__} has no register")
    start = model(group=group, **({} if model is Entry else {"unit": group.unit}))
    may_add = authority.holds(screens.policy.roles(Action.ADD), group.unit)
    if may_add and model is not Entry:
        may_add = screens.policy.may(authority, Action.ADD, start) is None
    query = f"?group={group.pk}" + ("" if model is Entry else f"&unit={group.unit_id}")
    return {
        "title": screens.title,
        "count": screens.rows(authority).filter(group=group).count(),
        "url": f"{screens.url()}?group={group.pk}",
        "add_url": f"{reverse(f'{screens.name}-create')}{query}" if may_add else "",
        "add_label": screens.add_label,
        "icon": screens.icon,
    }
