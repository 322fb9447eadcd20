"""Pages for handing in a file: the owner's, and the one that a link opens without signing in."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_POST, require_safe

from binhyen.contracts import SECOND
from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Refused, across_units, open_to, public
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import answers_by_upload
from binhyen.modules.footage import answers
from binhyen.modules.footage.jobs import make_part_later
from binhyen.modules.footage.models import OwnerAsk, Upload
from binhyen.modules.footage.notices import send_link
from binhyen.modules.footage.requests import RequestRefused, must_open_now
from binhyen.modules.footage.submitting import share, verification_rule, waiting_ask
from binhyen.modules.footage.upload_forms import ShareForm, share_form
from binhyen.modules.footage.uploads import keeping, links, receiving
from binhyen.modules.footage.uploads.faults import UploadRefused
from binhyen.modules.footage.uploads.formats import READABLE
from binhyen.modules.footage.uploads.limits import FILE_BYTES_MAX, UNFINISHED_KEPT

for_owners = open_to(Role.CAMERA_OWNER)
MOVING = (Upload.State.CHECKING, Upload.State.CUTTING)


@require_safe
@public
def hand_in(request: HttpRequest) -> HttpResponse:
    """The page on the computer beside the recorder. It knows nothing until its script has opened a link."""
    return _private(render(request, "footage/hand_in.html", _bounds()))


def _bounds() -> dict[str, Any]:
    return {"readable": READABLE, "largest": FILE_BYTES_MAX, "kept_days": UNFINISHED_KEPT.days}


def upload_context(ask: OwnerAsk, *, waits: bool, form: ShareForm | None = None) -> dict[str, Any]:
    """What the owner's page of an ask says of its file; empty where the camera is recorded here. Call across units."""
    upload = receiving.current(ask.pk)
    if not answers_by_upload(ask.camera) and upload is None:
        return {}
    context: dict[str, Any] = {"by_upload": True, "upload": upload, "waits": waits, "form": None, **_bounds()}
    if upload is not None:
        context |= {
            "name": keeping.name_of(upload),
            "length": upload.length_us / SECOND,
            "moves": upload.state in MOVING,
        }
        if waits and upload.state == Upload.State.READY:
            context["form"] = form or share_form(ask, upload)
    return context


def facts_of_upload(ask: OwnerAsk) -> dict[str, Any]:
    """What the receipt says of the file that was shared. Call across units."""
    upload = ask.uploads.filter(state=Upload.State.SHARED).first()
    if upload is None:
        return {}
    offset_s = abs(upload.clock_offset_us or 0) / SECOND
    return {"upload": upload, "offset": offset_s, "rule": verification_rule(localdate(upload.received_at))}


@require_GET
@for_owners
def owner_upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the file is, and what to do next: the part of the ask's page that moves."""
    with across_units():
        ask = _ask(request, pk)
        return _private(_shown(request, ask))


def _shown(request: HttpRequest, ask: OwnerAsk, form: ShareForm | None = None) -> HttpResponse:
    waits = ask.state == OwnerAsk.State.WAITING and must_open_now(ask.request) is None
    context = {"ask": ask, "its": ask.request, "waits": waits, **upload_context(ask, waits=waits, form=form)}
    is_part = bool(getattr(request, "htmx", False))
    status = 422 if form is not None else 200
    return render(request, "footage/_upload.html" if is_part else "footage/upload.html", context, status=status)


@require_POST
@for_owners
def owner_upload_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A fresh link with its QR, shown this once; the one before is void."""
    ask = waiting_ask(pk, by=_owner(request))
    code = links.make_link(ask.pk, at=now())
    if request.POST.get("send"):
        send_link(_owner(request), code, until=ask.due_at, at=now())
        messages.success(
            request, "Đã gửi liên kết cho anh/chị, trong mục tin báo và theo cách nhận tin anh/chị đã chọn."
        )
    address = f"{settings.BINHYEN_URL}{reverse('hand-in')}"
    context = {"ask": ask, "code": code, "address": address, "qr": _qr(f"{address}#{code}"), "until": ask.due_at}
    return _private(render(request, "footage/upload_link.html", context))


@require_POST
@for_owners
def owner_upload_here(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A grant for the device where the owner is signed in."""
    ask = waiting_ask(pk, by=_owner(request))
    return _private(JsonResponse({"grant": links.grant_here(ask.pk, at=now())}))


@require_GET
@for_owners
def owner_upload_still(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The first picture of the file, for its owner alone."""
    with across_units():
        upload = receiving.current(_ask(request, pk).pk)
        if upload is None or not upload.still_sealed:
            raise Http404
        still = keeping.opened(upload, upload.still_sealed, "still")
    return _private(HttpResponse(still, content_type="image/jpeg"))


@require_POST
@for_owners
def owner_upload_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the file away again."""
    with across_units():
        ask = _ask(request, pk)
        upload = receiving.current(ask.pk)
        try:
            if upload is not None:
                receiving.cancel(upload.pk, ask.pk)
                messages.success(request, "Đã bỏ tệp. Không ai xem được gì trong đó.")
        except UploadRefused as error:
            messages.error(request, str(error))
    return redirect("owner-ask", pk=pk)


@require_POST
@for_owners
def owner_upload_share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """State the clock, choose the part, agree."""
    ask = waiting_ask(pk, by=_owner(request))
    with across_units():
        upload = receiving.current(ask.pk)
        if upload is None or upload.state != Upload.State.READY:
            messages.error(request, "Tệp chưa sẵn sàng để chia sẻ. Hãy xem lại trạng thái trên trang.")
            return redirect("owner-ask", pk=pk)
        form = share_form(ask, upload, request.POST)
        if form.is_valid():
            try:
                share(ask.pk, form.statement(ask), by=_owner(request), later=make_part_later)
                messages.success(request, "Đã ghi nhận. Hệ thống đang cắt đúng đoạn anh/chị chọn.")
                return redirect("owner-ask", pk=pk)
            except RequestRefused as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
        return _private(_shown(request, ask, form))


def _ask(request: HttpRequest, pk: UUID) -> OwnerAsk:
    ask = answers.asks_of(_owner(request)).filter(pk=pk).first()
    if ask is None:
        raise Refused(answers.NOT_YOURS)
    return ask


def _qr(address: str) -> str:
    import segno

    return segno.make_qr(address, error="m").svg_data_uri(border=2, scale=5, omitsize=False)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _owner(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # open_to lets only users in
