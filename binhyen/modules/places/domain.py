"""What is done with plans: write, rehearse, hand in, approve by two, apply on the day, take back until then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.history import acting
from binhyen.kernel.notify.sending import RolesIn, send
from binhyen.kernel.units.authority import Refusal, Refused, across_units, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.reorganising import CannotReorganise
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.kernel.workflow.advance import advance
from binhyen.kernel.workflow.deadlines import begin
from binhyen.modules.places import rehearsing, rules
from binhyen.modules.places.models import Plan, PlanStep, StepKind
from binhyen.modules.places.notices import PLAN_APPLIED, PLAN_FAILED, PLAN_WAITS


@dataclass(frozen=True)
class StepFacts:
    """What a person wrote for one step; see `PlanStep`."""

    kind: StepKind
    units: Sequence[str] = ()
    into: str = ""
    opens: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@transaction.atomic
def draft_plan(*, unit: Unit, name: str, day: date, decision: str = "", by: User, undoes: Plan | None = None) -> Plan:
    """A new plan without steps. Raises Refused."""
    refuse(rules.may_plan_for(authority_of(by), unit))
    plan = Plan(unit=unit, name=name.strip(), day=day, decision=decision.strip(), made_by=by, undoes=undoes)
    begin(plan, at=now())
    plan.save()
    record("places.plan.draft", by=by, subject=_subject(plan), unit=unit.code)
    return plan


@transaction.atomic
def correct_plan(plan: Plan, *, name: str, day: date, decision: str, by: User) -> None:
    """Change what a draft says of itself. Raises Refused."""
    locked = _locked_draft(plan, by)
    locked.name, locked.day, locked.decision = name.strip(), day, decision.strip()
    _forget_rehearsal(locked, "name", "day", "decision")
    record("places.plan.correct", by=by, subject=_subject(plan), unit=plan.unit.code)


@transaction.atomic
def add_step(plan: Plan, facts: StepFacts, *, by: User) -> PlanStep:
    """A further step at the end of a draft. What was rehearsed no longer counts. Raises Refused."""
    locked = _locked_draft(plan, by)
    last = locked.steps.aggregate(last=Max("number"))["last"] or 0
    step = PlanStep.objects.create(
        plan=locked, number=last + 1, kind=facts.kind, units=list(facts.units), into=facts.into,
        opens=[dict(each) for each in facts.opens],
    )  # fmt: skip
    _forget_rehearsal(locked)
    record("places.plan.add_step", by=by, subject=_subject(plan), unit=plan.unit.code)
    return step


@transaction.atomic
def drop_step(step: PlanStep, *, by: User) -> None:
    """Take a step out of a draft. Raises Refused."""
    locked = _locked_draft(step.plan, by)
    step.delete()
    _forget_rehearsal(locked)
    record("places.plan.drop_step", by=by, subject=_subject(locked), unit=locked.unit.code)


def _locked_draft(plan: Plan, by: User) -> Plan:
    locked = Plan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan.pk)
    refuse(rules.may_change(authority_of(by), locked))
    return locked


def _forget_rehearsal(plan: Plan, *fields: str) -> None:
    plan.balance = plan.rehearsed_at = None
    plan.save(update_fields=["balance", "rehearsed_at", *fields])


def _subject(plan: Plan) -> str:
    return f"sap-xep:{plan.pk}"


def rehearse(plan: Plan, *, by: User) -> rehearsing.Outcome:
    """Try the plan and take it all back. Raises Refused with the sentence of what does not go."""
    refuse(rules.may_plan_for(authority_of(by), plan.unit))
    if plan.state in plan.workflow.done:
        raise Refused(Refusal("Phương án này đã kết thúc nên không chạy thử được nữa.", code="wrong_state",
                              remedy="Bảng cân đối bên dưới là của lần áp dụng."))  # fmt: skip
    try:
        outcome = rehearsing.rehearse(plan)
    except CannotReorganise as problem:
        raise _does_not_go(problem) from problem
    record("places.plan.rehearse", by=by, subject=_subject(plan), unit=plan.unit.code,
           detail={"balanced": "yes" if outcome.is_balanced else "no"})  # fmt: skip
    return outcome


def _does_not_go(problem: CannotReorganise) -> Refused:
    return Refused(Refusal(str(problem), code="does_not_go", remedy="Hãy sửa phương án rồi chạy thử lại."))


# --- approval --------------------------------------------------------------------------------------------------------
@transaction.atomic
def take_step(plan: Plan, step: str, *, by: User, note: str = "", at: datetime | None = None) -> Plan:
    """Hand in, approve, second, give back, withdraw. A plan whose day has come is applied with the second approval.
    Raises Refused."""
    locked = Plan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan.pk)
    if step in ("hand_in", "approve", "second"):
        _refuse_unready(locked)
    if step not in ("hand_in", "return", "approve", "second", "withdraw"):
        raise Refused(Refusal("Không có bước này.", code="no_such_step", remedy="Hãy tải lại trang."))
    moved = advance(locked, step, by=by, note=note, at=at)
    if step == "approve":
        moved.approved_by = by
    elif step == "second":
        moved.seconded_by = by
    elif step in ("return", "withdraw"):
        moved.approved_by = moved.seconded_by = None
    moved.save(update_fields=["approved_by", "seconded_by"])
    _tell_who_is_next(moved)
    if moved.state == "scheduled" and moved.day <= localdate():
        try:
            return apply(moved)
        except CannotReorganise as problem:
            raise _does_not_go(problem) from problem
    return moved


def _refuse_unready(plan: Plan) -> None:
    if plan.day < localdate():
        raise Refused(Refusal(f"Ngày áp dụng {plan.day:%d/%m/%Y} đã qua.", code="day_passed",
                              remedy="Hãy trả phương án về “Đang soạn” và chọn ngày từ hôm nay trở đi."))  # fmt: skip
    if not plan.is_balanced:
        raise Refused(Refusal("Phương án chưa chạy thử xong với số dư bằng 0.", code="not_rehearsed",
                              remedy="Hãy bấm “Chạy thử” và xem bảng cân đối."))  # fmt: skip


def _tell_who_is_next(plan: Plan) -> None:
    roles = {"handed_in": frozenset({Role.CHIEF}), "approved": frozenset(OFFICERS | {Role.AUDITOR})}.get(plan.state)
    if roles:
        send(PLAN_WAITS, to=RolesIn(roles, plan.unit), subject="Một phương án sắp xếp đơn vị chờ anh/chị",
             body=f"{plan.name}, áp dụng từ {plan.day:%d/%m/%Y}: {plan.state_label.lower()}.",
             url=plan.get_absolute_url(), dedupe_key=f"plan:{plan.pk}:{plan.state}:{plan.due_at}")  # fmt: skip


# --- the day ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def apply(plan: Plan) -> Plan:
    """Do what was approved, in one transaction. Raises CannotReorganise where it does not come to zero any more."""
    with acting(None, batch=_subject(plan)):
        outcome, change = rehearsing.do(plan)
    if not outcome.is_balanced:
        raise CannotReorganise("Số liệu không cân đối như lúc chạy thử, nên chưa có gì thay đổi.")
    applied = advance(plan, "apply", by=None)
    applied.balance, applied.applied_at = outcome.as_json(), now()
    applied.save(update_fields=["balance", "applied_at"])
    for verb, units in (("close", change.closed), ("open", change.opened)):
        for unit in units:
            record(f"places.unit.{verb}", by=None, subject=_subject(plan), unit=unit.code,
                   detail={"name": unit.name, "day": plan.day.isoformat(), "decision": plan.decision})  # fmt: skip
    send(PLAN_APPLIED, to=[plan.made_by], subject="Phương án sắp xếp đơn vị đã áp dụng", body=f"{plan.name}.",
         url=plan.get_absolute_url(), dedupe_key=f"plan:{plan.pk}:applied")  # fmt: skip
    return applied


def apply_due_plans(day: date | None = None) -> int:
    """Apply every plan whose day has come; how many. One that no longer goes is given back to who wrote it."""
    with across_units():
        due = list(Plan.objects.filter(state="scheduled", day__lte=day or localdate()).order_by("day", "pk"))
        return sum(_apply_or_give_back(plan) for plan in due)


def _apply_or_give_back(plan: Plan) -> bool:
    try:
        apply(plan)
    except CannotReorganise as problem:
        advance(plan, "fail", by=None, note=str(problem))
        Plan.objects.filter(pk=plan.pk).update(approved_by=None, seconded_by=None, balance=None)
        send(PLAN_FAILED, to=[plan.made_by], subject="Phương án sắp xếp đơn vị chưa áp dụng được",
             body=f"{plan.name}: {problem} Chưa có gì thay đổi.", url=plan.get_absolute_url(),
             dedupe_key=f"plan:{plan.pk}:failed:{localdate()}")  # fmt: skip
        return False
    return True


def refuse(refusal: Refusal | None) -> None:
    """Raise where a rule said no."""
    if refusal is not None:
        raise Refused(refusal)
