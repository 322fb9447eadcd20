"""The device behind a camera: setting its clock, trying its defaults."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from binhyen.modules.cameras.public import find_camera
from binhyen.modules.onboarding.devices import note_of, set_clock, try_defaults
from binhyen.modules.onboarding.models import CameraDevice
from binhyen.modules.onboarding.node import own_node
from binhyen.modules.onboarding.pages.shared import BUSY, a_place, for_registrars, user_in


@require_POST
@for_registrars
def set_time(request: HttpRequest, code: str) -> HttpResponse:
    """Set the camera's clock to the node's."""
    device = _device(request, code)
    with a_place() as got:
        report = set_clock(device, by=user_in(request), node=own_node()) if got else None
    if report is None or report.error:
        return _told(request, code, error=report.error if report else BUSY)
    return _told(request, code, done="Đã đặt giờ camera theo giờ máy ghi.")


@require_POST
@for_registrars
def passwords(request: HttpRequest, code: str) -> HttpResponse:
    """Try the defaults; what comes of it stands in the security checklist."""
    device = _device(request, code)
    with a_place() as got:
        report = try_defaults(device, by=user_in(request), node=own_node()) if got else None
    if report is None or report.error:
        return _told(request, code, error=report.error if report else BUSY)
    return _told(request, code, done=f"{note_of(report)} Kết quả đã ghi vào danh mục kiểm tra an ninh.")


def _device(request: HttpRequest, code: str) -> CameraDevice:
    camera = find_camera(request.authority, code)  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    device = CameraDevice.objects.filter(camera=camera).first() if camera is not None else None
    if device is None or device.camera.is_household:
        raise Http404
    return device


def _told(request: HttpRequest, code: str, *, done: str = "", error: str = "") -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return render(request, "onboarding/_told.html", {"done": done, "error": error})
    (messages.error if error else messages.success)(request, error or done)
    return redirect("camera_detail", code=code)
