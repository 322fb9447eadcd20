"""Who is told next where nobody reads: the ladder of a sending. Climbing it is in `escalation`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify import queue
from binhyen.kernel.notify.models import Escalation
from binhyen.kernel.notify.recipients import Recipients, RolesIn, find_people
from binhyen.kernel.units.models import Unit
from binhyen.kernel.workflow.advance import due_after
from binhyen.kernel.workflow.table import Within


@dataclass(frozen=True)
class Rung:
    """`to` is told where nobody told before has read `within` this time (working hours, or wall-clock time)."""

    within: Within
    to: Recipients

    def as_json(self) -> dict[str, Any]:
        """As `Escalation.rungs` keeps it: roles stay roles, so that whoever holds them then is told."""
        time = {"hours": self.within.hours, "working": self.within.working}
        if isinstance(self.to, RolesIn):
            return {**time, "roles": sorted(self.to.roles), "unit": self.to.unit.pk}
        return {**time, "people": [user.pk for user in find_people(self.to)]}


def rung_of(stored: dict[str, Any]) -> Rung:
    """The rung that `as_json` wrote."""
    within = Within(stored["hours"], stored["working"])
    if "roles" in stored:
        return Rung(within, RolesIn(frozenset(stored["roles"]), Unit.objects.get(pk=stored["unit"])))
    return Rung(within, list(User.objects.filter(pk__in=stored["people"])))


def start_ladder(group: UUID, ladder: Sequence[Rung], *, at: datetime) -> Escalation:
    """Wait for somebody of `group` to read, from `at` on."""
    return keep_climbing(group, [rung.as_json() for rung in ladder], at=at)


def keep_climbing(group: UUID, rungs: list[dict[str, Any]], *, at: datetime) -> Escalation:
    """Queue the first of `rungs` (as JSON)."""
    due_at = due_after(rung_of(rungs[0]).within, at) or at
    waiting = Escalation.objects.create(group=group, rungs=rungs, due_at=due_at)
    queue.climb_later(waiting.pk, due_at)
    return waiting
