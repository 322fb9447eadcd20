"""“Tìm camera”: who answers on the network, what it is, which of its streams become a camera."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from binhyen.contracts.devices import DeviceLogin, DeviceReport, Search
from binhyen.kernel.audit.record import record
from binhyen.modules.cameras.public import AddressRefused
from binhyen.modules.onboarding.devices import add_from_draft, ask_device, current_drafts, login_of_draft, report_of
from binhyen.modules.onboarding.forms import ChosenForm, DeviceForm, SearchForm
from binhyen.modules.onboarding.models import Draft
from binhyen.modules.onboarding.node import own_node
from binhyen.modules.onboarding.pages.shared import BUSY, MAY_SEE, a_place, for_registrars, for_who_may_see, user_in


@require_GET
@for_registrars
def find_page(request: HttpRequest) -> HttpResponse:
    """Look on the network, or say where the device is."""
    form = DeviceForm(initial={"address": request.GET.get("address", "")[:300]})
    return render(request, "onboarding/find.html", {"form": form, "search": SearchForm()})


@require_POST
@for_registrars
def search(request: HttpRequest) -> HttpResponse:
    """The devices that answered. What of them stands in a register is not said: a household's would be told, too."""
    form = SearchForm(request.POST)
    context: dict[str, Any] = {"search": form}
    if form.is_valid():
        with a_place() as got:
            report = own_node().search(Search(form.cleaned_data["hosts"])) if got else None
        context |= {"error": report.error if report else BUSY, "devices": report.devices if report else ()}
        record("device.search", by=user_in(request), subject="mạng", detail={"found": str(len(context["devices"]))})
    is_part = request.headers.get("HX-Request") == "true"
    context |= {"searched": form.is_valid(), "form": DeviceForm()}
    template = "onboarding/_found.html" if is_part else "onboarding/find.html"
    return render(request, template, context, status=200 if is_part or form.is_valid() else 422)


@require_POST
@for_registrars
def ask(request: HttpRequest) -> HttpResponse:
    """Ask one device with the account that was typed."""
    form = DeviceForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        login = DeviceLogin(told["address"], told["user"], told["password"])
        with a_place() as got:
            draft, report = ask_device(login, by=user_in(request), node=own_node()) if got else (
                None, DeviceReport(error=BUSY))  # fmt: skip
        if draft is not None:
            return redirect("device_draft", draft=draft.pk)
        form.add_error(None, report.error or "Thiết bị không có luồng hình nào. Hãy nhập địa chỉ RTSP bằng tay.")
    return render(request, "onboarding/find.html", {"form": form, "search": SearchForm()}, status=422)


@for_registrars
def draft_page(request: HttpRequest, draft: Any) -> HttpResponse:
    """The streams of a device, to choose from."""
    found = _own(request, draft)
    report = report_of(found)
    authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    form = ChosenForm(request.POST if request.method == "POST" else None, authority=authority, report=report)
    if request.method == "POST" and form.is_valid():
        try:
            camera = add_from_draft(found, by=user_in(request), **form.cleaned_data)
        except AddressRefused as error:  # the camera named it, not the person
            form.add_error("main", str(error))
        else:
            messages.success(request, f"Đã thêm camera {camera}. Máy ghi kết nối trong vài giây.")
            return redirect("camera_detail", code=camera.code)
    context = {"draft": found, "report": report, "form": form, "may_see": authority.holds(MAY_SEE)}
    return render(request, "onboarding/draft.html", context, status=422 if form.errors else 200)


@require_GET
@for_who_may_see
def picture(request: HttpRequest, draft: Any, number: int) -> HttpResponse:
    """A still of one stream; each is a line in the log."""
    found = _own(request, draft)
    profiles = report_of(found).profiles
    if not 0 <= number < len(profiles) or not profiles[number].snapshot_url:
        raise Http404
    login = login_of_draft(found)
    record("device.picture", by=user_in(request), subject=login.address[:60])
    content = own_node().picture(login, profiles[number].snapshot_url)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _own(request: HttpRequest, draft: Any) -> Draft:
    return get_object_or_404(current_drafts(), pk=draft, by=user_in(request))
