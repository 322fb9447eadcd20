"""A patrol's page: who goes, its log with what each time rests on, conflicts, what is handed to a case."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from binhyen.kernel.screens import Action, History, Steps, screens_of
from binhyen.kernel.units.authority import Authority, Refused
from binhyen.modules.cases.public import CASE_STAFF, OPEN_STATES, visible_cases
from binhyen.modules.groups import patrols, rules
from binhyen.modules.groups.forms import HandOverForm, PeopleForm
from binhyen.modules.groups.models import CheckIn, Patrol, Shift
from binhyen.modules.groups.pages.shared import (
    authority_in,
    for_arrangers,
    for_officers,
    for_readers,
    patrol_in,
    rotas_for,
    rows,
    user_in,
)

CASES_OFFERED = 100


@for_readers
def patrol_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The log of one patrol."""
    authority, patrol = authority_in(request), patrol_in(request, pk)
    screens = screens_of(Patrol)
    assert screens is not None  # noqa: S101 - this module declares them
    checkins = list(patrol.checkins.select_related("member", "decided_by", "case").order_by("at", "received_at"))
    arranges = rules.may_arrange(authority, patrol.group) is None
    cases = _open_cases(authority, patrol)
    may_change = screens.policy.may(authority, Action.CHANGE, patrol) is None
    context = {
        "patrol": patrol,
        "people": patrol.people.select_related("member"),
        "log": [each for each in checkins if each.state == CheckIn.State.TAKEN],
        "conflicts": [each for each in checkins if each.state == CheckIn.State.CONFLICT],
        "kept_out": [each for each in checkins if each.state == CheckIn.State.KEPT_OUT],
        "arranges": arranges,
        "people_form": PeopleForm(patrol=patrol) if arranges and patrol.state in ("planned", "under_way") else None,
        "hand_over_form": HandOverForm(cases=cases) if cases is not None and cases.exists() else None,
        "works_on_cases": cases is not None,
        "steps": Steps().context(screens, authority, patrol),
        "urls": {"step": screens.url("step", pk=pk), "edit": screens.url("edit", pk=pk) if may_change else ""},
        "history": History().context(screens, authority, patrol) if arranges else None,
        "goes": patrol.has(authority),
    }
    return render(request, "groups/patrol.html", context)


def _open_cases(authority: Authority, patrol: Patrol) -> Any:
    """The cases that the person could hand something to; None for somebody who works on none there."""
    if not authority.holds(CASE_STAFF, patrol.unit):
        return None
    mine = visible_cases(authority).filter(state__in=OPEN_STATES, unit__in=authority.unit_ids(CASE_STAFF))
    newest = mine.order_by("-opened_at").values("pk")[:CASES_OFFERED]
    return mine.filter(pk__in=newest).order_by("-opened_at")


@require_POST
@for_arrangers
def patrol_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Change who goes."""
    patrol = patrol_in(request, pk)
    form = PeopleForm(request.POST, patrol=patrol)
    if form.is_valid():
        patrols.set_people(patrol, list(form.cleaned_data["members"]), by=user_in(request))
        messages.success(request, "Đã ghi người đi tuần.")
    else:
        messages.error(request, " ".join(form.errors.get("members", ["Hãy chọn lại người đi tuần."])))
    return redirect(patrol)


@require_POST
@for_arrangers
def patrol_of_shift(request: HttpRequest, pk: int) -> HttpResponse:
    """A patrol of a shift, with whoever has duty on it."""
    shifts = Shift.objects.filter(rota__in=rotas_for(authority_in(request)).filter(state="published"))
    shift = get_object_or_404(shifts.select_related("rota__group__unit"), pk=pk)
    route = request.POST.get("tuyen", "").strip()[:200] or f"Quanh {shift.rota.group.hamlet}"
    existing = shift.patrols.exclude(state="cancelled").first()
    return redirect(existing or patrols.patrol_of_shift(shift, route=route, by=user_in(request)))


def _checkin(request: HttpRequest, pk: UUID) -> CheckIn:
    found = CheckIn.objects.filter(patrol__in=rows(Patrol, authority_in(request)))
    return get_object_or_404(found.select_related("patrol__group__unit"), pk=pk)


@require_POST
@for_arrangers
def checkin_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a conflicting check-in into the log, or keep it beside."""
    checkin = _checkin(request, pk)
    take = request.POST.get("vao_so") == "1"
    patrols.decide(checkin, take=take, note=request.POST.get("ghi_chu", "")[:200], by=user_in(request))
    messages.success(request, "Đã đưa vào sổ tuần tra." if take else "Đã để ngoài sổ; nội dung vẫn được giữ.")
    return redirect(checkin.patrol)


@require_POST
@for_officers
def checkin_hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what was seen into a case."""
    checkin = _checkin(request, pk)
    cases = _open_cases(authority_in(request), checkin.patrol)
    if cases is None:
        raise Refused(_no_case_work(checkin))
    form = HandOverForm(request.POST, cases=cases)
    if form.is_valid():
        patrols.hand_over(checkin, form.cleaned_data["case"], by=user_in(request))
        messages.success(request, f"Đã chuyển vào vụ việc {form.cleaned_data['case'].number}.")
    else:
        messages.error(request, " ".join(form.errors.get("case", ["Hãy chọn vụ việc."])))
    return redirect(checkin.patrol)


def _no_case_work(checkin: CheckIn) -> Any:
    from binhyen.kernel.units.authority import Refusal

    return Refusal(
        f"Chuyển vào vụ việc dành cho cán bộ thụ lý của {checkin.patrol.unit.name}.",
        code="wrong_role",
        remedy="Hãy báo cán bộ phụ trách hoặc Trưởng công an.",
    )
