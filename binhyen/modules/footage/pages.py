"""Pages for officers: requests, what they opened, packages."""

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.advance import history
from binhyen.modules.cameras.public import camera_name, map_layers, mapped_cameras, playback_url
from binhyen.modules.cases.public import Case, may_read, may_work_on, refuse, visible_cases
from binhyen.modules.footage import packages, requests
from binhyen.modules.footage.downloads import file_response
from binhyen.modules.footage.evidence.seal import grouped
from binhyen.modules.footage.forms import RequestForm, chosen_clips, window_form
from binhyen.modules.footage.geometry import AreaRefused, area_words
from binhyen.modules.footage.jobs import ask_owners_later, make_package_later
from binhyen.modules.footage.models import Clip, EvidencePackage, FootageRequest
from binhyen.modules.footage.narrowing import Proposal
from binhyen.modules.footage.queries import visible_packages, visible_requests
from binhyen.modules.footage.requests import RequestRefused
from binhyen.modules.footage.workflow import REQUEST

REQUESTS_PER_PAGE = 25

for_officers = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF)


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


@for_officers
def request_list(request: HttpRequest) -> HttpResponse:
    """Requests of the own units: what waits first, by when."""
    state = request.GET.get("state", "")
    found = visible_requests(authority_in(request))
    any_request = found.exists()
    if state in REQUEST.states:
        found = found.filter(state=state)
    page = Paginator(found.order_by(F("due_at").asc(nulls_last=True), "-pk"), REQUESTS_PER_PAGE)
    context = {
        "page": page.get_page(request.GET.get("trang")),
        "states": REQUEST.states,
        "state": state,
        "any_request": any_request,
    }
    return render(request, "footage/list.html", context)


@for_officers
def request_ask(request: HttpRequest, case: int) -> HttpResponse:
    """Ask for footage in a case."""
    authority = authority_in(request)
    its_case = get_object_or_404(visible_cases(authority), pk=case)
    refuse(may_work_on(authority, its_case))
    form = RequestForm(request.POST or None, case=its_case, cameras=mapped_cameras(authority))
    proposal = None
    if request.method == "POST" and form.is_valid():
        made, proposal = _ask(request, form, its_case)
        if made is not None:
            messages.success(request, f"Đã lập yêu cầu {made.number}.")
            return redirect(made)
    context = {"form": form, "case": its_case, "proposal": proposal, "proposed": proposal and json.dumps(proposal.area)}
    return render(request, "footage/ask.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, form: RequestForm, case: Case) -> tuple[FootageRequest | None, Proposal | None]:
    """The request, or what is to be shown instead: errors in the form, a proposal that waits for a yes or a reason."""
    proposal = None
    try:
        proposal = form.proposal(case)
        if proposal is not None and not form.has_answered(proposal):
            return None, proposal
        return requests.ask_for_footage(case, form.asked(proposal), by=_user(request), later=ask_owners_later), None
    except RequestRefused as error:
        form.add_error(error.field, str(error))
    except AreaRefused as error:
        form.add_error(None, str(error))
    return None, proposal


@for_officers
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, what is open, what was packed. The same bytes whatever households said."""
    return render(request, "footage/detail.html", _detail(request, _request_in(request, pk)))


def _request_in(request: HttpRequest, pk: int) -> FootageRequest:
    found = get_object_or_404(visible_requests(authority_in(request)), pk=pk)
    refuse(may_read(authority_in(request), found.case))
    return found


def _detail(request: HttpRequest, its: FootageRequest, problem: str = "") -> dict[str, Any]:
    authority = authority_in(request)
    works = may_work_on(authority, its.case) is None
    return {
        "its": its,
        "area": area_words(its.area, its.area_m2, its.place) if its.area else "",
        "closed": requests.must_open_now(its) if its.state != "cosign" else None,
        "steps": REQUEST.open_to(authority, its),
        "clips": [_shown(clip, authority, its) for clip in Clip.objects.filter(request=its)],
        "panel": {"packages": its.packages.select_related("made_by")},
        "may_pack": works and requests.must_open_now(its) is None,
        "problem": problem,
        "history": history(its),
    }


def _shown(clip: Clip, authority: Authority, its: FootageRequest) -> dict[str, Any]:
    return {
        "clip": clip,
        "name": camera_name(clip.camera, authority),
        "window": clip.window,
        "form": window_form(clip.window, prefix=None, auto_id=f"clip-{clip.pk}-%s"),
        "watch": playback_url(clip.camera, at=clip.window.start, case=its.case_number),
    }


@require_POST
@for_officers
def request_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Co-sign, decline, end."""
    its, step = _request_in(request, pk), request.POST.get("step", "")
    if step not in [each.name for each in REQUEST.steps]:
        messages.error(request, f"Không có bước “{step[:40]}”. Hãy chọn một trong các nút trên trang.")
        return redirect(its)
    note = request.POST.get("note", "")
    moved = requests.take_step(its, step, by=_user(request), note=note, later=ask_owners_later)
    messages.success(request, f"Yêu cầu {moved.number}: {moved.state_label.lower()}.")
    return redirect(its)


@require_POST
@for_officers
def package_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a package of the ticked clips."""
    its = _request_in(request, pk)
    try:
        chosen = chosen_clips(its, request.POST)
        package = packages.ask_for_package(its, chosen, by=_user(request), later=make_package_later)
    except RequestRefused as error:
        return render(request, "footage/detail.html", _detail(request, its, str(error)), status=422)
    return redirect(package)


@for_officers
def package_page(request: HttpRequest, package_id: str) -> HttpResponse:
    """A package and how far it is; htmx asks for the moving part alone."""
    package = _package_in(request, package_id)
    part = "footage/_package.html" if request.htmx else "footage/package.html"  # type: ignore[attr-defined]  # set by HtmxMiddleware
    bound = may_work_on(authority_in(request), package.request.case)
    context = {"package": package, "refusal": bound, "now": now(), "fingerprint": grouped(package.key_fingerprint)}
    return render(request, part, context | {"parts": _parts(package, authority_in(request))})


def _parts(package: EvidencePackage, authority: Authority) -> list[dict[str, Any]]:
    """What was chosen for a package, as its page tells it."""
    clips = Clip.objects.in_bulk([chosen["clip"] for chosen in package.selection])
    return [
        {"name": camera_name(clip.camera, authority), "camera": clip.camera, **chosen}
        for chosen in package.selection
        if (clip := clips.get(chosen["clip"]))
    ]


@require_POST
@for_officers
def package_download(request: HttpRequest, package_id: str) -> StreamingHttpResponse:
    """The file. POST, since each download is a look and one line in the log."""
    package = _package_in(request, package_id)
    path = packages.open_for_download(package, by=_user(request))
    name = f"goi-chung-cu-{package.package_id}.zip"
    return file_response(request, path, name=name, content_type="application/zip")


def _package_in(request: HttpRequest, package_id: str) -> EvidencePackage:
    found = get_object_or_404(visible_packages(authority_in(request)), package_id=package_id)
    refuse(may_read(authority_in(request), found.request.case))
    return found


@for_officers
def map_features(request: HttpRequest) -> HttpResponse:
    """What the map draws: boundaries of the person's units, cameras of tiers 1 and 2, published areas of households."""
    authority = authority_in(request)
    return JsonResponse(map_layers(authority, mapped_cameras(authority)))


def _user(request: HttpRequest) -> Any:
    return authority_in(request).user
