"""A plan that takes back what one has done: a draft, which people read, correct and approve like any other."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.timezone import localdate

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Refusal, Refused
from binhyen.kernel.units.models import Unit
from binhyen.modules.places.domain import StepFacts, add_step, draft_plan
from binhyen.modules.places.models import Plan, PlanStep, StepKind


@transaction.atomic
def draft_inverse(plan: Plan, *, by: User) -> Plan:
    """A draft that opens again what `plan` closed, with the rows that it moved, and closes what it opened. The old
    units stay closed: those that open are new ones with their names. Raises Refused."""
    if plan.state != "applied":
        raise Refused(Refusal("Chỉ lập phương án đảo lại cho phương án đã áp dụng.", code="wrong_state",
                              remedy="Phương án chưa áp dụng thì chỉ cần rút lại."))  # fmt: skip
    standing = Plan.objects.filter(undoes=plan).exclude(state="withdrawn").first()
    if standing is not None:
        return standing
    made = draft_plan(unit=plan.unit, name=f"Đảo lại: {plan.name}"[:160], day=localdate(), decision="", by=by,
                      undoes=plan)  # fmt: skip
    for step in reversed(list(plan.steps.all())):
        for facts in _inverse_of(step, plan):
            add_step(made, facts, by=by)
    return made


def _inverse_of(step: PlanStep, plan: Plan) -> Iterator[StepFacts]:
    kind = StepKind(step.kind)
    if kind is StepKind.MERGE:
        olds = [_closed(code, plan) for code in step.units]
        opens = [_opens(old) for old in olds]
        yield StepFacts(StepKind.SPLIT, [step.opens[0]["code"]], opens=opens)
    elif kind is StepKind.RENAME:
        yield StepFacts(kind, [step.opens[0]["code"]], opens=[_opens(_closed(step.units[0], plan))])
    elif kind is StepKind.SPLIT:
        old = _closed(step.units[0], plan)
        codes = [each["code"] for each in step.opens]
        yield StepFacts(StepKind.MERGE, codes, opens=[_opens(old)])
    elif kind is StepKind.MOVE:
        for code in step.units:
            yield StepFacts(kind, [code], into=_above(_closed(code, plan)))
    elif kind is StepKind.OPEN:
        yield StepFacts(StepKind.CLOSE, [step.opens[0]["code"]], into=step.units[0])
    else:
        yield from _opened_again(step, plan)


def _opened_again(step: PlanStep, plan: Plan) -> Iterator[StepFacts]:
    """What was dissolved or closed is opened from a part of who took it over; what stood below goes back."""
    for code in step.units:
        old = _closed(code, plan)
        above = _above(old)
        opened = _opens(old)
        yield StepFacts(StepKind.OPEN, [step.into or above], into=above, opens=[opened])
        children = Unit.objects.filter(path__startswith=old.path, depth=old.depth + 1, valid_until=plan.day)
        below = [_plain(child.code) for child in children.order_by("path")]
        if below:
            yield StepFacts(StepKind.MOVE, below, into=opened["code"])


def _plain(code: str) -> str:
    return code.partition("@")[0]


def _closed(code: str, plan: Plan) -> Unit:
    """The unit that the plan closed under this code, which another may have by now."""
    mark = f"{_plain(code)}@"
    found = Unit.objects.filter(valid_until=plan.day).order_by("pk")
    unit = found.filter(code=code).first() or found.filter(code__startswith=mark).first()
    if unit is None:
        raise Refused(Refusal(f"Không thấy đơn vị {code} mà phương án đã kết thúc.", code="not_found",
                              remedy="Hãy lập phương án mới bằng tay."))  # fmt: skip
    return unit


def _above(unit: Unit) -> str:
    parent = next(iter(unit.with_those_above()[1:]), None)
    if parent is None:
        raise Refused(Refusal(f"{unit} từng ở cấp cao nhất nên không tự đảo lại được.", code="at_the_top",
                              remedy="Hãy lập phương án mới bằng tay."))  # fmt: skip
    return parent.code


def _opens(old: Unit) -> dict[str, object]:
    """A unit in the place of `old`, with what went on from it (`as_of`)."""
    return {"code": _plain(old.code), "name": old.name, "level": old.level, "as_of": old.pk}
