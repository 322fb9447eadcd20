"""The pages of cases: list, opening, one case."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.advance import history
from binhyen.modules.cases import domain, rules
from binhyen.modules.cases.forms import AssignForm, CaseForm, NoteForm, PersonForm
from binhyen.modules.cases.kinds import kinds
from binhyen.modules.cases.models import Case, CasePerson
from binhyen.modules.cases.panels import panels_of
from binhyen.modules.cases.queries import find_cases, overdue, visible_cases
from binhyen.modules.cases.workflow import CASE

CASES_PER_PAGE = 25

for_officers = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF)


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def case_in(request: HttpRequest, pk: int) -> Case:
    """The case, or 404 where it lies outside the person's units: that it exists is not told."""
    case = get_object_or_404(visible_cases(authority_in(request)), pk=pk)
    domain.refuse(rules.may_read(authority_in(request), case))
    return case


@for_officers
def case_list(request: HttpRequest) -> HttpResponse:
    """What is waiting, by when."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "state", "kind")}
    state = asked["state"] if "state" in request.GET else "waiting"
    found = find_cases(authority_in(request), words=asked["q"], state=state, kind=asked["kind"])
    mine = visible_cases(authority_in(request))
    context = {
        "page": Paginator(found, CASES_PER_PAGE).get_page(request.GET.get("trang")),
        "asked": {**asked, "state": state},
        "states": CASE.states,
        "kinds": kinds().values(),
        "late_count": overdue(mine).count(),
        "any_case": mine.exists(),
    }
    return render(request, "cases/list.html", context)


@for_officers
def case_open(request: HttpRequest) -> HttpResponse:
    """Open a case."""
    authority = authority_in(request)
    form = CaseForm(request.POST or None, authority=authority)
    if request.method == "POST" and form.is_valid():
        assert authority.user is not None  # noqa: S101 - open_to lets nobody else in
        case = domain.open_case(form.facts, unit=form.cleaned_data["unit"], by=authority.user)
        messages.success(request, f"Đã lập vụ việc {case.number}.")
        return redirect(case)
    return render(request, "cases/form.html", {"form": form}, status=422 if form.errors else 200)


@for_officers
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Facts, people, deadlines, requests, evidence, who looked, history."""
    return render(request, "cases/detail.html", _detail(request, case_in(request, pk)))


def _detail(request: HttpRequest, case: Case, **forms: Any) -> dict[str, Any]:
    authority = authority_in(request)
    sees_people = rules.may_see_people(authority, case) is None
    works = rules.may_work_on(authority, case) is None
    return {
        "case": case,
        "steps": CASE.open_to(authority, case),
        "people": case.people.all() if sees_people else None,
        "notes": case.notes.select_related("by") if sees_people else None,
        "works": works,
        "closed": rules.must_be_open(case),
        "history": history(case),
        "panels": panels_of(authority, case),
        "person_form": forms.get("person_form") or PersonForm(),
        "note_form": forms.get("note_form") or NoteForm(),
        "assign_form": AssignForm(case=case) if works else None,
    }


@for_officers
def case_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what the case says of itself."""
    authority, case = authority_in(request), case_in(request, pk)
    domain.refuse(rules.may_work_on(authority, case))
    form = CaseForm(request.POST or None, authority=authority, case=case)
    if request.method == "POST" and form.is_valid():
        domain.correct_case(case, form.facts, by=_user(request))
        messages.success(request, f"Đã sửa vụ việc {case.number}.")
        return redirect(case)
    return render(request, "cases/form.html", {"form": form, "case": case}, status=422 if form.errors else 200)


@require_POST
@for_officers
def case_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step of the workflow."""
    case, step = case_in(request, pk), request.POST.get("step", "")
    if step not in [each.name for each in CASE.steps]:
        messages.error(request, f"Không có bước “{step[:40]}”. Hãy chọn một trong các nút trên trang.")
        return redirect(case)
    moved = domain.take_step(case, step, by=_user(request), note=request.POST.get("note", ""))
    messages.success(request, f"Vụ việc {case.number}: {moved.state_label.lower()}.")
    return redirect(case)


@require_POST
@for_officers
def case_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note."""
    case = case_in(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/detail.html", _detail(request, case, note_form=form), status=422)
    domain.add_note(case, form.cleaned_data["text"], by=_user(request))
    return redirect(case)


@require_POST
@for_officers
def case_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a person into the case."""
    case = case_in(request, pk)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/detail.html", _detail(request, case, person_form=form), status=422)
    domain.add_person(case, by=_user(request), **form.cleaned_data)
    return redirect(case)


@require_POST
@for_officers
def case_person_remove(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Take a person out of the case."""
    case = case_in(request, pk)
    domain.remove_person(get_object_or_404(CasePerson.objects.filter(case=case), pk=person), by=_user(request))
    return redirect(case)


@require_POST
@for_officers
def case_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the case to an officer."""
    case = case_in(request, pk)
    form = AssignForm(request.POST, case=case)
    if not form.is_valid():
        messages.error(request, "Người thụ lý đã chọn không thuộc đơn vị. Hãy chọn lại trong danh sách.")
        return redirect(case)
    domain.assign(case, form.cleaned_data["officer"], by=_user(request))
    return redirect(case)


def _user(request: HttpRequest) -> Any:
    return authority_in(request).user
