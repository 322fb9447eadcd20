"""“Sắp xếp đơn vị”: plans, their steps, the rehearsal, the two approvals."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.kernel.workflow.advance import history
from binhyen.modules.places import domain, inverse, rules
from binhyen.modules.places.forms import PlanForm, StepForm, units_to_plan_for
from binhyen.modules.places.models import Plan, PlanStep, StepKind
from binhyen.modules.places.workflow import PLAN

PLANS_SHOWN = 100
for_readers = open_to(*rules.READERS)
for_writers = open_to(*OFFICERS)


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def _user(request: HttpRequest) -> User:
    user = authority_in(request).user
    assert user is not None  # noqa: S101 - open_to lets nobody else in
    return user


def plans_of(request: HttpRequest) -> Any:
    """The plans of the person's units."""
    units = authority_in(request).unit_ids(rules.READERS)
    return Plan.objects.filter(unit_id__in=units).select_related(
        "unit", "made_by", "approved_by", "seconded_by", "undoes"
    )


def plan_in(request: HttpRequest, pk: int) -> Plan:
    """The plan that the address names; 404 where the person may not see it."""
    return get_object_or_404(plans_of(request), pk=pk)


@require_safe
@for_readers
def plan_list(request: HttpRequest) -> HttpResponse:
    """What is being written, what waits, what was applied."""
    state = request.GET.get("trang-thai", "")
    found = plans_of(request)
    chosen = found.filter(state=state) if state in PLAN.states else found
    context = {
        "plans": chosen[:PLANS_SHOWN],
        "states": PLAN.states,
        "state": state,
        "any_plan": found.exists(),
        "may_plan": units_to_plan_for(authority_in(request)).exists(),
    }
    return render(request, "places/plans.html", context)


@for_writers
def plan_create(request: HttpRequest) -> HttpResponse:
    """Name, day, legal basis; the steps come after."""
    form = PlanForm(request.POST or None, authority=authority_in(request))
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        plan = domain.draft_plan(unit=sent["don_vi"], name=sent["ten"], day=sent["ngay"], decision=sent["can_cu"],
                                 by=_user(request))  # fmt: skip
        messages.success(request, "Đã lưu phương án. Hãy thêm các bước.")
        return redirect(plan)
    context = {"form": form, "may_plan": form.fields["don_vi"].queryset.exists(), "today": localdate()}
    return render(request, "places/plan_form.html", context, status=422 if form.errors else 200)


@for_writers
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for a draft."""
    plan = plan_in(request, pk)
    domain.refuse(rules.may_change(authority_in(request), plan))
    form = PlanForm(request.POST or None, authority=authority_in(request), plan=plan)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        domain.correct_plan(plan, name=sent["ten"], day=sent["ngay"], decision=sent["can_cu"], by=_user(request))
        messages.success(request, "Đã lưu. Hãy chạy thử lại trước khi trình duyệt.")
        return redirect(plan)
    context = {"form": form, "plan": plan, "may_plan": True}
    return render(request, "places/plan_form.html", context, status=422 if form.errors else 200)


@require_safe
@for_readers
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Steps, the balance of the last rehearsal, and what comes next."""
    plan, authority = plan_in(request, pk), authority_in(request)
    may_change = rules.may_change(authority, plan) is None
    context = {
        "plan": plan,
        "plan_steps": [_described(step) for step in plan.steps.all()],
        "kinds": StepKind.choices,
        "may_change": may_change,
        "may_rehearse": rules.may_plan_for(authority, plan.unit) is None and plan.state not in PLAN.done,
        "steps": plan.workflow.open_to(authority, plan),
        "history": history(plan),
        "inverse": plan.inverses.exclude(state="withdrawn").first(),
        "may_invert": plan.state == "applied" and rules.may_plan_for(authority, plan.unit) is None,
        "day_passed": plan.day < localdate() and plan.state not in PLAN.done,
    }
    return render(request, "places/plan.html", context)


def _described(step: PlanStep) -> dict[str, Any]:
    """A step as a person reads it."""
    codes = [*step.units, *([step.into] if step.into else [])]
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    opened = {each["code"]: each["name"] for other in step.plan.steps.all() for each in other.opens}

    def named(code: str) -> str:
        return f"{opened.get(code) or names.get(code, '?')} ({code})"

    return {
        "step": step,
        "units": [named(code) for code in step.units],
        "into": named(step.into) if step.into else "",
        "opens": step.opens,
    }


@for_writers
def step_create(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Add a step of one kind."""
    plan = plan_in(request, pk)
    if kind not in StepKind.values:
        raise Http404
    domain.refuse(rules.may_change(authority_in(request), plan))
    form = StepForm(request.POST or None, kind=StepKind(kind), plan=plan)
    if request.method == "POST" and form.is_valid():
        domain.add_step(plan, form.facts, by=_user(request))
        messages.success(request, "Đã thêm bước.")
        return redirect(plan)
    context = {"form": form, "plan": plan, "kind": StepKind(kind)}
    return render(request, "places/step_form.html", context, status=422 if form.errors else 200)


@require_POST
@for_writers
def step_drop(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take a step out."""
    plan = plan_in(request, pk)
    step = get_object_or_404(plan.steps.all(), number=number)
    domain.drop_step(step, by=_user(request))
    messages.success(request, "Đã bỏ bước.")
    return redirect(plan)


@require_POST
@for_writers
def plan_rehearse(request: HttpRequest, pk: int) -> HttpResponse:
    """Try it and take it all back."""
    plan = plan_in(request, pk)
    outcome = domain.rehearse(plan, by=_user(request))
    if outcome.is_balanced:
        messages.success(request, "Đã chạy thử: số dư bằng 0. Chưa có gì thay đổi.")
    else:
        messages.warning(request, "Đã chạy thử: số dư khác 0. Hãy xem bảng cân đối. Chưa có gì thay đổi.")
    return redirect(plan)


@require_POST
@for_readers
def plan_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in, approve, second, give back, withdraw."""
    plan = plan_in(request, pk)
    moved = domain.take_step(plan, request.POST.get("buoc", ""), by=_user(request),
                             note=request.POST.get("ghi_chu", ""))  # fmt: skip
    messages.success(request, f"{moved.name}: {moved.state_label.lower()}.")
    return redirect(moved)


@require_POST
@for_writers
def plan_inverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the plan that takes this one back."""
    made = inverse.draft_inverse(plan_in(request, pk), by=_user(request))
    messages.success(request, "Đã lập bản thảo đảo lại. Hãy xem từng bước rồi chạy thử.")
    return redirect(made)
