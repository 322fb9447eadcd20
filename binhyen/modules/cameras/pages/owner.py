"""“Camera của tôi”: what a household shares, who looked, and the end of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from binhyen.modules.cameras import queries
from binhyen.modules.cameras.domain import add_household_camera, change_household, end_sharing
from binhyen.modules.cameras.forms import HouseholdCameraForm, HouseholdWordsForm
from binhyen.modules.cameras.households import cameras_of, open_household
from binhyen.modules.cameras.models import Camera
from binhyen.modules.cameras.pages.shared import authority_in, for_owners, user_in
from binhyen.modules.cameras.panels import own_panels_of


@for_owners
def own_cameras(request: HttpRequest) -> HttpResponse:
    """The cameras that the person shares."""
    rows = [
        {"camera": camera, "household": open_household(camera), "condition": queries.condition_of(camera, now())}
        for camera in cameras_of(user_in(request))
    ]
    return render(request, "cameras/own_list.html", {"rows": rows})


@for_owners
def own_camera(request: HttpRequest, code: str) -> HttpResponse:
    """One own camera: picture, state, what was agreed, who looked, and the end."""
    camera = _own(request, code)
    household = open_household(camera)
    context = {
        "camera": camera,
        "household": household,
        "condition": queries.condition_of(camera, now()),
        "looks": queries.looks_told_to_owner(camera),
        "events": queries.recent_events(camera),
        "form": HouseholdWordsForm(initial={name: getattr(household, name) for name in HouseholdWordsForm.base_fields}),
        "is_active": camera.active_until is None,
        "panels": own_panels_of(camera),
        "has_sub": bool(camera.sub_url_sealed),
    }
    return render(request, "cameras/own_detail.html", context)


@for_owners
def own_camera_add(request: HttpRequest) -> HttpResponse:
    """Share a camera."""
    form = HouseholdCameraForm(request.POST or None, authority=authority_in(request))
    if request.method == "POST" and form.is_valid():
        camera = add_household_camera(by=user_in(request), owner=user_in(request), **form.cleaned_data)
        messages.success(request, "Đã thêm camera. Chưa có gì được chia sẻ: hãy chọn điều anh/chị đồng ý.")
        return redirect("own_camera", code=camera.code)
    return render(request, "cameras/own_form.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@for_owners
def own_camera_words(request: HttpRequest, code: str) -> HttpResponse:
    """Rename, or correct the place."""
    camera, form = _own(request, code), HouseholdWordsForm(request.POST)
    if form.is_valid():
        change_household(camera, by=user_in(request), **form.cleaned_data)
        messages.success(request, "Đã lưu.")
    else:
        messages.error(request, "Chưa nhập đủ tên và nơi đặt. Hãy nhập rồi lưu lại.")
    return redirect("own_camera", code=code)


@require_POST
@for_owners
def own_camera_end(request: HttpRequest, code: str) -> HttpResponse:
    """End sharing."""
    end_sharing(_own(request, code), by=user_in(request))
    messages.success(request, "Đã ngừng chia sẻ camera. Hình đã ghi tự xóa khi hết hạn lưu.")
    return redirect("own_camera", code=code)


def _own(request: HttpRequest, code: str) -> Camera:
    for camera in cameras_of(user_in(request)):
        if camera.code == code:
            return camera
    raise Http404
