"""The wall and playback."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from binhyen.contracts import SECOND
from binhyen.kernel.units.authority import Refused, open_to
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cameras import queries, rules
from binhyen.modules.cameras.consent import find_accesses
from binhyen.modules.cameras.forms import MomentForm, RightForm
from binhyen.modules.cameras.households import open_household
from binhyen.modules.cameras.models import Camera, Purpose
from binhyen.modules.cameras.pages.shared import (
    authority_in,
    camera_in,
    choose_right,
    chosen_right,
    for_officers,
    open_cases_for,
    refuse_closed_case,
)

for_viewers = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF, Role.CAMERA_OWNER)
BESIDE_MAX = 3
HLS_LIBRARY = "lib/hls/hls.mjs"


@for_officers
def wall(request: HttpRequest) -> HttpResponse:
    """Live pictures, many at once."""
    case, purpose = chosen_right(request)
    cameras = queries.watchable(authority_in(request), case=case)
    tiles = [{"code": c.code, "name": c.name, "group": c.unit.name, "has_sub": bool(c.sub_url_sealed)} for c in cameras]
    needs_case = not cameras and not case and authority_in(request).holds({Role.INVESTIGATOR})
    context = {
        "tiles": tiles,
        "case": case,
        "purpose": purpose or Purpose.ORDER.value,
        "hls_library": staticfiles_storage.url(HLS_LIBRARY),
        "right_form": RightForm(cases=open_cases_for(request)) if needs_case else None,
        "next": request.path,
    }
    return render(request, "cameras/wall.html", context)


@for_officers
def playback_start(request: HttpRequest) -> HttpResponse:
    """Pick a camera and a moment."""
    authority = authority_in(request)
    rows = queries.find_cameras(authority, queries.Asked())
    rows = [row for row in rows if authority.holds(OFFICERS, row.camera.unit)]
    form = MomentForm(request.GET if "camera" in request.GET else None, cameras=[row.camera for row in rows])
    if form.is_bound and form.is_valid():
        moment = form.cleaned_data["moment"]
        query = f"?{urlencode({'at': int(moment.timestamp()) * SECOND})}" if moment else ""
        return redirect(reverse("camera_playback", args=[form.cleaned_data["camera"]]) + query)
    case, purpose = chosen_right(request)
    context = {"form": form, "case": case, "purpose": _label(purpose), "any_camera": bool(rows), "next": request.path}
    return render(request, "cameras/playback_start.html", context)


@for_viewers
def playback(request: HttpRequest, code: str) -> HttpResponse:
    """Recorded footage of one camera, or of up to four in step (`?camera=A,B`, as copied links say it)."""
    authority = authority_in(request)
    if authority.holds(OFFICERS):
        refuse_closed_case(request)
    camera = camera_in(request, code)
    context: dict[str, Any] = {"camera": camera, "at": request.GET.get("at", "")[:40]}
    if rules.owns(authority, camera):
        context |= {"name": open_household(camera).name, "is_own": True, "purpose": Purpose.OWN.value}
        return render(request, "cameras/playback.html", context)
    if not authority.holds(OFFICERS, camera.unit) and not find_accesses(authority, code):
        raise Refused(rules.NOT_FOUND)
    case, purpose = chosen_right(request)
    if not case:
        return _ask_right(request)
    context |= {"name": camera.name, "case": case, "purpose": purpose, "purpose_label": _label(purpose)}
    if camera.is_household:
        context["windows"] = [a.window for a in find_accesses(authority, code) if a.case == case]
    else:
        context |= _in_step(request, camera)
    return render(request, "cameras/playback.html", context)


def _in_step(request: HttpRequest, camera: Camera) -> dict[str, Any]:
    """Cameras to show beside `camera`, and those that could be."""
    authority = authority_in(request)
    offered = {row.camera.code: row.camera for row in queries.find_cameras(authority, queries.Asked())}
    offered = {code: other for code, other in offered.items() if authority.holds(OFFICERS, other.unit)}
    offered.pop(camera.code, None)
    wanted = [*request.GET.get("camera", "").split(","), request.GET.get("cung", "")]
    beside = [offered[code] for code in dict.fromkeys(wanted) if code in offered][:BESIDE_MAX]
    more = [{"camera": other.code, "name": other.name} for other in beside]
    return {"more": json.dumps(more, ensure_ascii=False) if more else "", "offered": offered, "beside": beside}


def _ask_right(request: HttpRequest) -> HttpResponse:
    cases = open_cases_for(request)
    context = {"form": RightForm(cases=cases), "cases": cases, "next": request.get_full_path()}
    return render(request, "cameras/right.html", context)


@require_POST
@for_officers
def right(request: HttpRequest) -> HttpResponse:
    """Choose the case and the purpose, once."""
    cases = open_cases_for(request)
    form = RightForm(request.POST, cases=cases)
    following = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(following, allowed_hosts=None):
        following = reverse("camera_playback_start")
    if not form.is_valid():
        context = {"form": form, "cases": cases, "next": following}
        return render(request, "cameras/right.html", context, status=422)
    choose_right(request, form.cleaned_data["case"], form.cleaned_data["purpose"])
    return redirect(following)


def _label(purpose: str) -> str:
    return str(Purpose(purpose).label) if purpose else ""
