"""The steps of a plan as changes of units: codes and names that people wrote become units and rows."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from binhyen.kernel.units.balance import TOLD_ROLES
from binhyen.kernel.units.models import Membership, Stay, Unit
from binhyen.kernel.units.moving import Fate, bonds
from binhyen.kernel.units.reorganising import MEMBERSHIPS, CannotReorganise, NewUnit, Picked, Reorganisation
from binhyen.modules.places.models import Plan, PlanStep, StepKind


def take_steps(plan: Plan) -> Reorganisation:
    """Do all that the plan says, in the caller's transaction. Raises CannotReorganise with the step's number."""
    change = Reorganisation(plan.day, decision=plan.decision or plan.name)
    steps = list(plan.steps.all())
    if not steps:
        raise CannotReorganise("Phương án chưa có bước nào. Hãy thêm ít nhất một bước.")
    for step in steps:
        try:
            TAKEN[StepKind(step.kind)](change, step, plan)
        except CannotReorganise as refusal:
            raise CannotReorganise(f"Bước {step.number}: {refusal}") from refusal
    return change


def open_unit_of(code: str, plan: Plan) -> Unit:
    """The open unit with this code, below the plan's. Raises CannotReorganise."""
    unit = Unit.objects.filter(code=code.strip()).first()
    if unit is None or (unit.valid_until is not None and unit.valid_until <= plan.day):
        raise CannotReorganise(f"Không có đơn vị đang hoạt động với mã “{code}”. Hãy kiểm tra mã.")
    if not plan.unit.covers(unit):
        raise CannotReorganise(f"{unit} không thuộc {plan.unit}. Hãy để đơn vị cấp trên chung lập phương án.")
    return unit


def ending(step: PlanStep, plan: Plan) -> list[Unit]:
    """The units that the step ends; never the plan's own."""
    units = [open_unit_of(code, plan) for code in step.units]
    if any(unit.pk == plan.unit_id for unit in units):
        raise CannotReorganise(f"{plan.unit} lập phương án nên không thể tự kết thúc.")
    return units


def _spec(opened: dict[str, Any], below: Unit | None) -> NewUnit:
    return NewUnit(opened["code"].strip(), opened["name"].strip(), opened["level"], below)


def _parent(unit: Unit) -> Unit | None:
    return next(iter(unit.with_those_above()[1:]), None)


def _merge(change: Reorganisation, step: PlanStep, plan: Plan) -> None:
    olds = ending(step, plan)
    change.merge(olds, _spec(step.opens[0], _parent(olds[0])))


def _split(change: Reorganisation, step: PlanStep, plan: Plan) -> None:
    (old,) = ending(step, plan)
    below = _parent(old)
    change.split(old, [(_spec(each, below), _picked(each, old, plan)) for each in step.opens])


def _move(change: Reorganisation, step: PlanStep, plan: Plan) -> None:
    below = open_unit_of(step.into, plan)
    for old in ending(step, plan):
        change.merge([old], NewUnit(old.code, old.name, old.level, below))


def _dissolve(change: Reorganisation, step: PlanStep, plan: Plan) -> None:
    (old,) = ending(step, plan)
    above = _parent(old)
    if above is None:
        raise CannotReorganise(f"{old} không có đơn vị cấp trên để nhận. Hãy dùng “Kết thúc, bàn giao”.")
    receiver = open_unit_of(step.into, plan) if step.into else above
    change.hand_to(old, receiver, units_below_to=above)


def _close(change: Reorganisation, step: PlanStep, plan: Plan) -> None:
    receiver = open_unit_of(step.into, plan)
    for old in ending(step, plan):
        change.hand_to(old, receiver)


def _open(change: Reorganisation, step: PlanStep, plan: Plan) -> None:
    source = open_unit_of(step.units[0], plan)
    opened = step.opens[0]
    below = open_unit_of(step.into, plan)
    change.carve(source, _spec(opened, below), _picked(opened, source, plan))


TAKEN: dict[StepKind, Callable[[Reorganisation, PlanStep, Plan], None]] = {
    StepKind.MERGE: _merge,
    StepKind.RENAME: _merge,
    StepKind.SPLIT: _split,
    StepKind.MOVE: _move,
    StepKind.DISSOLVE: _dissolve,
    StepKind.CLOSE: _close,
    StepKind.OPEN: _open,
}


def rows_named(names: Iterable[str], unit: Unit) -> Picked:
    """The rows and roles of `unit` that people name by their codes and accounts. Raises CannotReorganise for a name
    that nothing there has; what people may not count (households) is as if it were not there."""
    wanted = {name.strip() for name in names if name.strip()}
    found: dict[str, list[int]] = {}
    known: set[str] = set()
    for bond in bonds(Fate.MOVES):
        field = bond.said.named_by
        if field and wanted:
            rows = dict(bond.told_of(unit.pk).filter(**{f"{field}__in": wanted}).values_list("pk", field))
            found[bond.key] = list(rows)
            known.update(rows.values())
    serving = Membership.objects.filter(unit=unit, user__username__in=wanted, role__in=TOLD_ROLES)
    found[MEMBERSHIPS] = list(serving.values_list("pk", flat=True))
    known.update(serving.values_list("user__username", flat=True))
    if wanted - known:
        missing = ", ".join(sorted(wanted - known))
        raise CannotReorganise(f"{unit} không có: {missing}. Hãy kiểm tra mã, số hiệu hoặc tên đăng nhập.")
    return found


def rows_from(old: int, unit: Unit, day: date) -> Picked:
    """The rows and roles of `unit` that came from the unit `old` when it ended on `day`, and are still there."""
    found: dict[str, list[int]] = {}
    for bond in bonds(Fate.MOVES):
        went = Stay.objects.filter(model=bond.model._meta.label_lower, unit=old, until=day, then=None)
        found[bond.key] = list(bond.rows_of(unit.pk).filter(pk__in=went.values("row")).values_list("pk", flat=True))
    served = Membership.objects.filter(unit=old, valid_until=day).values_list("user", "role")
    same = [Q(user=user, role=role) for user, role in served]
    roles = Membership.objects.filter(reduce(or_, same), unit=unit) if same else Membership.objects.none()
    found[MEMBERSHIPS] = list(roles.values_list("pk", flat=True))
    return found


def _picked(opened: dict[str, Any], unit: Unit, plan: Plan) -> Picked:
    """What a unit that opens gets of `unit`: what came from the one it takes the place of, or what people named."""
    if opened.get("as_of") and plan.undoes is not None:
        return rows_from(opened["as_of"], unit, plan.undoes.day)
    return rows_named(opened.get("picked", ()), unit)


def units_named(plan: Plan) -> list[Unit]:
    """The units that exist now and take part, with all that stand below them."""
    codes = {code for step in plan.steps.all() for code in (*step.units, step.into) if code}
    named = list(Unit.objects.filter(code__in=codes))
    found = {unit.pk: unit for unit in named}
    for unit in named:
        found.update({each.pk: each for each in Unit.objects.filter(path__startswith=unit.path)})
        found.update({each.pk: each for each in unit.with_those_above()[1:2]})
    return list(found.values())
