"""After a deadline has passed: the superior whom the workflow declares is told, once for each level.

Who delivers the message is not decided here: a receiver registers with `on_escalation`. It runs in the transaction
that marks the row, so that mark and message stand or fall together; a receiver queues, it does not send.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.workflow.deadlines import next_escalation
from binhyen.kernel.workflow.models import Stateful
from binhyen.kernel.workflow.registry import Registered, registered_of, workflows
from binhyen.kernel.workflow.table import Escalation

log = logging.getLogger(__name__)

ESCALATE = "escalate"
"""What the activity log calls it, after the model's label: `cases.case.escalate`."""

TAKEN_AT_ONCE = 200
"""Rows of one workflow that one run looks at; the next run goes on."""


@dataclass(frozen=True)
class Escalated:
    """A thing that is late, and the people who are to hear of it. `level` counts from 1."""

    thing: Stateful
    due_at: datetime
    level: int
    escalation: Escalation
    recipients: tuple[User, ...]
    at: datetime

    @property
    def sentence(self) -> str:
        """What happened, for the person who is told."""
        label = registered_of(self.thing).label
        return f"{label} {self.thing}: trễ hạn khi đang ở trạng thái “{self.thing.state_label}”."


Receiver = Callable[[Escalated], object]
escalation_receivers: list[Receiver] = []


def on_escalation(receiver: Receiver) -> Receiver:
    """Register what is to be done when a deadline has passed; usable as a decorator."""
    if receiver not in escalation_receivers:
        escalation_receivers.append(receiver)
    return receiver


def escalate_overdue(*, at: datetime | None = None) -> int:
    """Tell the superiors of everything whose time to be told has come; how many messages. Run by a job, once or again.

    A row that fails keeps no other from its turn. Raises RuntimeError at the end where one did.
    """
    at = at or now()
    told, failed = 0, []
    for registered in workflows():
        for key, done in _due(registered, at):
            try:
                told += _escalate(registered, key, done, at)
            except Exception:
                log.exception("Không báo được cấp trên về %s %s; sẽ thử lại.", registered.label, key)
                failed.append(f"{registered.slug} {key}")
    if failed:
        raise RuntimeError(f"escalations failed: {', '.join(failed)}")  # so that the job's row says so
    return told


def _due(registered: Registered, at: datetime) -> list[tuple[int, int]]:
    rows = registered.model._base_manager.filter(escalate_at__lte=at).order_by("escalate_at")
    return list(rows.values_list("pk", "escalations_done")[:TAKEN_AT_ONCE])


@transaction.atomic
def _escalate(registered: Registered, key: int, done: int, at: datetime) -> bool:
    """Take the row if nobody else has, and tell; whether it was taken.

    Compare-and-swap: of two workers that saw the same row, the second finds the count moved on and takes nothing.
    """
    rows = registered.model._base_manager
    if not rows.filter(pk=key, escalations_done=done, escalate_at__lte=at).update(escalations_done=done + 1):
        return False
    thing = rows.select_related(registered.model.unit_lookup).get(pk=key)
    thing.escalate_at = next_escalation(thing)
    thing.save(update_fields=["escalate_at"])
    declared = registered.workflow.escalations
    if thing.due_at is None or thing.state not in registered.workflow.binding or done >= len(declared):
        return False  # the row or its table has been changed by hand: nothing is due any more
    escalation = declared[done]
    recipients = superiors(thing.unit, escalation)  # type: ignore[attr-defined]  # what is Stateful has a unit
    told = Escalated(thing, thing.due_at, done + 1, escalation, recipients, at)
    for receiver in escalation_receivers:
        receiver(told)
    _write_line(told)
    return True


def superiors(unit: Unit, escalation: Escalation) -> tuple[User, ...]:
    """Who holds one of the roles in the unit so many levels above `unit`, or else in the nearest one higher up."""
    for each in unit.with_those_above()[escalation.above :]:
        held = Membership.objects.valid_on().filter(unit=each, role__in=escalation.to, user__is_active=True)
        people = User.objects.filter(pk__in=held.values("user")).order_by("pk")
        if people:
            return tuple(people)
    return ()


def _write_line(told: Escalated) -> None:
    thing = told.thing
    record(
        f"{thing._meta.label_lower}.{ESCALATE}",
        by=None,
        subject=str(thing),
        unit=getattr(getattr(thing, "unit", None), "code", ""),
        case=getattr(thing, "case_number", ""),
        detail={
            "level": str(told.level),
            "due_at": told.due_at.isoformat(),
            "to": ", ".join(person.username for person in told.recipients),
        },
    )
