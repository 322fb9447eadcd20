"""Taking a step."""

from datetime import datetime
from typing import TypeVar

from django.db import models, transaction
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, authority_of
from binhyen.kernel.workflow.deadlines import CLOCK_FIELDS, due_after, turn_clock
from binhyen.kernel.workflow.models import Stateful, StepTaken
from binhyen.kernel.workflow.table import Step

Thing = TypeVar("Thing", bound=Stateful)


def thing_key(thing: models.Model) -> str:
    """How the history names a row: `cases.case:12`."""
    return f"{thing._meta.label_lower}:{thing.pk}"


@transaction.atomic
def advance(thing: Thing, step_name: str, *, by: User | None, note: str = "", at: datetime | None = None) -> Thing:
    """Take `step_name` with `thing` and return it as it now stands.

    The row is locked first, so of two people who press at once one is refused. `by` None is the system
    (a deadline that ran out); the guard is then not asked. Raises Refused, or KeyError for an unknown step.
    """
    at = at or now()
    locked = type(thing)._base_manager.select_for_update().get(pk=thing.pk)
    step = locked.workflow[step_name]
    _refuse_unless_open(locked, step, by, note)
    source, locked.state = locked.state, step.target
    turn_clock(locked, step, at=at)
    locked.save(update_fields=["state", *CLOCK_FIELDS])
    StepTaken.objects.create(
        thing=thing_key(locked), step=step.name, label=step.label, source=source, target=step.target, by=by, note=note
    )
    record(
        f"{locked._meta.label_lower}.{step.name}",
        by=by,
        subject=str(locked),
        unit=getattr(getattr(locked, "unit", None), "code", ""),
        case=getattr(locked, "case_number", ""),
        detail={"from": source, "to": step.target, "note": note},
    )
    for field in ("state", *CLOCK_FIELDS):
        setattr(thing, field, getattr(locked, field))
    return locked


def _refuse_unless_open(thing: Stateful, step: Step, by: User | None, note: str) -> None:
    if thing.state not in step.source:
        sentence = f"Không thể “{step.label}”: đang ở trạng thái “{thing.state_label}”."
        raise Refused(Refusal(sentence, code="wrong_state", remedy="Hãy tải lại trang để xem trạng thái mới nhất."))
    if by is not None and not step.allowed(authority_of(by), thing):
        sentence = f"Anh/Chị không có quyền “{step.label}”."
        raise Refused(
            Refusal(sentence, code="wrong_role", remedy="Hãy đề nghị người có thẩm quyền của đơn vị thực hiện.")
        )
    if step.at_most is not None and _times_taken(thing, step) >= step.at_most:
        sentence = f"Không thể “{step.label}”: đã thực hiện {step.at_most} lần, là số lần tối đa."
        raise Refused(Refusal(sentence, code="taken_too_often", remedy="Hãy giải quyết trong thời hạn hiện có."))
    if step.needs_note and not note.strip():
        raise Refused(
            Refusal(f"“{step.label}” cần ghi rõ lý do.", code="note_missing", remedy="Hãy nhập lý do rồi thử lại.")
        )


def _times_taken(thing: Stateful, step: Step) -> int:
    return StepTaken.objects.filter(thing=thing_key(thing), step=step.name).count()


def history(thing: models.Model) -> "models.QuerySet[StepTaken]":
    """The steps that `thing` took, oldest first."""
    return StepTaken.objects.filter(thing=thing_key(thing)).select_related("by")


__all__ = ["advance", "due_after", "history", "thing_key"]
