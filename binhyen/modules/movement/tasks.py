"""Lines of minutes become tasks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import get_default_timezone, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.history import acting
from binhyen.kernel.notify.sending import send
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Membership
from binhyen.kernel.units.roles import GROUP_ROLES, OFFICERS
from binhyen.kernel.workflow.deadlines import begin
from binhyen.modules.groups.public import Member, group_ids_of
from binhyen.modules.movement.models import Meeting, Task
from binhyen.modules.movement.notices import TASK_GIVEN


@dataclass(frozen=True)
class Wanted:
    """One line that is to become a task: what, who, by when."""

    text: str
    due_on: date
    who: User | None = None


def people_for(authority: Authority) -> Any:
    """Those whom the person may give a task: for officers who works in their units, for a leader who is of the own
    group. Never owners of cameras as such: nobody is told who they are (T01)."""
    working = Membership.objects.valid_on().filter(role__in=OFFICERS | GROUP_ROLES)
    serving = working.filter(unit__in=authority.unit_ids(OFFICERS)).values("user")
    own = Member.serving_on().filter(group__in=group_ids_of(authority), user__isnull=False).values("user")
    found = User.objects.filter(Q(pk__in=serving) | Q(pk__in=own), is_active=True)
    return found.order_by("full_name")


def due_moment(day: date) -> datetime:
    """A task due on a day is late when the day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=get_default_timezone())


def start(task: Task) -> None:
    """Put a new task into its first state, due at the end of its day, and save it."""
    if task._state.adding:
        begin(task, at=now())
    task.unit = task.meeting.unit
    if task.state == "open":
        task.due_at = task.escalate_at = due_moment(task.due_on)
        task.escalations_done = 0
    task.save()


@transaction.atomic
def give_tasks(meeting: Meeting, wanted: list[Wanted], *, by: User) -> list[Task]:
    """Make a task of each line, and tell those who are to do it. A line that is a task already is left alone."""
    known = set(meeting.tasks.values_list("text", flat=True))
    made = []
    with acting(by):
        for each in wanted:
            if each.text in known:
                continue
            task = Task(meeting=meeting, text=each.text, who=each.who, due_on=each.due_on)
            start(task)
            made.append(task)
    for task in made:
        if task.who and task.who != by:
            send(
                TASK_GIVEN,
                to=task.who,
                subject=f"Việc mới, hạn {task.due_on:%d/%m/%Y}",
                url=f"/viec-sau-hop/{task.pk}/",
            )
    if made:
        detail = {"count": str(len(made))}
        record("movement.task.give", by=by, subject=str(meeting)[:120], unit=meeting.unit.code, detail=detail)
    return made
