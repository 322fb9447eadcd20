"""The register of cameras: list, one camera, adding, changing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from binhyen.kernel.units.authority import Refused
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cameras import queries, rules
from binhyen.modules.cameras.addresses import shown
from binhyen.modules.cameras.consent import find_accesses
from binhyen.modules.cameras.domain import CodeTaken, add_camera, addresses_of, change_camera
from binhyen.modules.cameras.forms import StationCameraForm
from binhyen.modules.cameras.models import Camera, Tier
from binhyen.modules.cameras.pages.shared import (
    authority_in,
    camera_in,
    chosen_right,
    for_register_readers,
    for_registrars,
    user_in,
)
from binhyen.modules.cameras.panels import panels_of
from binhyen.modules.cameras.views import ViewRefused

CAMERAS_PER_PAGE = 50
FORM_ONLY = ("unit", "tier", "code", "url", "sub_url")


@for_register_readers
def camera_list(request: HttpRequest) -> HttpResponse:
    """Cameras of tiers 1 and 2; of households no more than how many."""
    authority = authority_in(request)
    told = {name: request.GET.get(name, "").strip()[:100] for name in ("words", "unit", "tier", "state")}
    rows = queries.find_cameras(authority, queries.Asked(**told))
    context = {
        "page": Paginator(rows, CAMERAS_PER_PAGE).get_page(request.GET.get("trang")),
        "asked": told,
        "states": queries.CONDITION_CHOICES,
        "units": queries.units_with_cameras(authority),
        "households": queries.household_counts(authority),
        "ailing": sum(row.condition.badge == "late" for row in rows),
        "is_filtered": any(told.values()),
        "may_add": authority.holds(rules.REGISTRARS),
    }
    return render(request, "cameras/list.html", context)


@for_register_readers
def camera_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Picture where the person may see one, health, sharing, history, what it can honestly be used for."""
    camera, authority = camera_in(request, code), authority_in(request)
    if camera.is_household:
        accesses = [(queries.instant_moment(a.window.start), queries.instant_moment(a.window.end), a)
                    for a in find_accesses(authority, code)]  # fmt: skip
        return render(request, "cameras/household.html", {"camera": camera, "accesses": accesses})
    case, _ = chosen_right(request)
    condition = queries.condition_of(camera, now())
    context = {
        "camera": camera,
        "condition": condition,
        "live_refusal": rules.may_watch_live(authority, camera, case=case),
        "case": case,
        "may_play": authority.holds(OFFICERS, camera.unit),
        "may_change": rules.may_keep_register(authority, camera) is None,
        "events": queries.recent_events(camera),
        "looks": queries.recent_looks(camera) if authority.holds({Role.CHIEF}, camera.unit) else None,
        "holds": queries.active_holds(camera),
        "uses": queries.usable_distances(camera, condition.report.width if condition.report else 0),
        "has_sub": bool(camera.sub_url_sealed),
        "panels": panels_of(authority, camera),
    }
    return render(request, "cameras/detail.html", context)


@for_registrars
def camera_add(request: HttpRequest) -> HttpResponse:
    """Add a camera of tier 1 or 2."""
    form = StationCameraForm(request.POST or None, authority=authority_in(request))
    if request.method == "POST" and form.is_valid():
        camera = _added(form, request)
        if camera is not None:
            messages.success(request, f"Đã thêm camera {camera}. Máy ghi kết nối trong vài giây.")
            return redirect("camera_detail", code=camera.code)
    return render(request, "cameras/form.html", {"form": form}, status=422 if form.errors else 200)


def _added(form: StationCameraForm, request: HttpRequest) -> Camera | None:
    told = form.cleaned_data
    try:
        return add_camera(by=user_in(request), **{name: told[name] for name in FORM_ONLY}, **_facts(told))
    except CodeTaken as error:
        form.add_error("code", str(error))
    except ViewRefused as error:
        form.add_error("heading_degrees", f"{error.refusal.sentence} {error.refusal.remedy}")
    return None


@for_registrars
def camera_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a camera of tier 1 or 2."""
    camera, authority = camera_in(request, code), authority_in(request)
    refusal = rules.NOT_FOUND if camera.tier == Tier.HOUSEHOLD else rules.may_keep_register(authority, camera)
    if refusal:
        raise Refused(refusal)
    form = StationCameraForm(request.POST or None, authority=authority, camera=camera)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        no_sub = "no_sub" in request.POST
        sub_url = told["sub_url"] or ("" if no_sub else None)
        try:
            change_camera(camera, by=user_in(request), url=told["url"], sub_url=sub_url, **_facts(told))
        except ViewRefused as error:
            form.add_error("heading_degrees", f"{error.refusal.sentence} {error.refusal.remedy}")
        else:
            messages.success(request, f"Đã sửa camera {camera}.")
            return redirect("camera_detail", code=camera.code)
    url, sub_url = (shown(url) if url else "" for url in addresses_of(camera))
    context = {"form": form, "camera": camera, "url_shown": url, "sub_url_shown": sub_url}
    return render(request, "cameras/form.html", context, status=422 if form.errors else 200)


def _facts(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in FORM_ONLY}
