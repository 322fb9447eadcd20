"""For officers: a part that an owner handed in, played and downloaded under the same rules and the same log as any
clip."""

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_POST, require_safe

from binhyen.contracts import SECOND
from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Authority, Refusal, Refused, across_units, open_to
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import (
    LookKind,
    Purpose,
    Window,
    camera_name,
    look_of,
    look_refusal,
    open_look,
    window_of,
)
from binhyen.modules.cases.public import may_read, may_work_on, refuse
from binhyen.modules.footage.models import Clip, Upload
from binhyen.modules.footage.queries import visible_requests
from binhyen.modules.footage.ranges import Span, span_of
from binhyen.modules.footage.requests import must_open_now
from binhyen.modules.footage.submitting import verification_rule
from binhyen.modules.footage.uploads import keeping
from binhyen.modules.footage.uploads.vessel import Vessel

CHECK_EVERY_S = 2.0
"""How often the right is asked again while bytes flow: with the page's own asking, a right taken away counts within
five."""

for_officers = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF)
ENDED = Refusal("Đoạn hình này không còn được mở.", code="clip_ended", remedy="Hãy xem lại trang yêu cầu hình ảnh.")
NO_ORIGINAL = Refusal(
    "Chủ camera không nộp kèm tệp gốc, hoặc tệp gốc đã được xóa.",
    code="no_original",
    remedy="Đoạn hình được chia sẻ vẫn xem và đóng gói được.",
)


@require_GET
@for_officers
def submitted_clip(request: HttpRequest, pk: int) -> HttpResponse:
    """What was handed in, by whose clock, with which hashes; and the player."""
    clip, upload = _clip(request, pk)
    refuse(may_read(_authority(request), clip.request.case))
    context = {
        "clip": clip,
        "its": clip.request,
        "upload": upload,
        "name": camera_name(clip.camera, _authority(request)),
        "is_open": _may_look(request, clip, upload) is None,
        "has_original": upload.with_original and keeping.original(upload).path.is_file(),
        "rule": verification_rule(localdate(upload.received_at)),
        "offset": abs(upload.clock_offset_us or 0) / SECOND,
        "watermark": f"{request.user} · {clip.request.case_number}",
    }
    return _private(render(request, "footage/submitted.html", context))


@require_POST
@for_officers
def submitted_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a look: one line in the log, and the address of the pictures for as long as the right lasts."""
    clip, upload = _open_clip(request, pk)
    opened = _look(request, clip, LookKind.PLAYBACK)
    address = reverse("submitted-media", args=[clip.pk, opened.look.pk])
    return _private(JsonResponse({"src": address, "mime": upload.part_mime}))


@require_safe
@for_officers
def submitted_media(request: HttpRequest, pk: int, look: UUID) -> HttpResponse:
    """The pictures, by range; the right is asked anew for each range and every two seconds within it."""
    clip, upload = _open_clip(request, pk)
    refusal = _look_refusal(look, clip, _user(request))
    if refusal:
        raise Refused(refusal)
    if request.method == "HEAD":  # the page asks whether the right is still there
        headers = {"Accept-Ranges": "bytes", "Content-Length": str(upload.part_bytes)}
        return _private(HttpResponse(headers=headers, content_type="video/mp4"))  # type: ignore[no-any-return]  # as given
    span = span_of(request.headers.get("Range", ""), upload.part_bytes)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{upload.part_bytes}"})

    def still_open() -> bool:
        with across_units():
            return _look_refusal(look, clip, _user(request)) is None and _is_open(clip)

    return _private(_streamed(request, keeping.part(upload), span, upload.part_mime.split(";")[0], still_open))


@require_POST
@for_officers
def submitted_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The shared part, or the whole file where its owner gave it along. Each download is a look and one line more."""
    clip, upload = _open_clip(request, pk)
    refuse(may_work_on(_authority(request), clip.request.case))
    wants_original = request.POST.get("what") == "original"
    vessel, size = (
        (keeping.original(upload), upload.size_bytes) if wants_original else (keeping.part(upload), upload.part_bytes)
    )
    if not vessel.path.is_file() or (wants_original and not upload.with_original):
        raise Refused(NO_ORIGINAL if wants_original else ENDED)
    _look(request, clip, LookKind.EXPORT)
    _write_line(clip, upload, by=_user(request), what="original" if wants_original else "part")
    kind = "application/octet-stream" if wants_original else "video/mp4"
    response = _streamed(request, vessel, Span(0, size, size, is_whole=True), kind, lambda: True)
    ending = upload.container.lower().removeprefix("mpeg-") if wants_original else "mp4"
    name = f"{'tep-goc' if wants_original else 'doan-hinh'}-{clip.camera}-{clip.pk}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(response)


def _clip(request: HttpRequest, pk: int) -> tuple[Clip, Upload]:
    visible = visible_requests(_authority(request))
    clips = Clip.objects.filter(source=Clip.Source.UPLOAD, request__in=visible).select_related("request__case__unit")
    clip = get_object_or_404(clips, pk=pk)
    return clip, get_object_or_404(Upload.objects.all(), clip=clip)


def _open_clip(request: HttpRequest, pk: int) -> tuple[Clip, Upload]:
    clip, upload = _clip(request, pk)
    refuse(_may_look(request, clip, upload))
    return clip, upload


def _may_look(request: HttpRequest, clip: Clip, upload: Upload) -> Refusal | None:
    if clip.ended_at is not None or upload.erased_at is not None:
        return ENDED
    return may_read(_authority(request), clip.request.case) or must_open_now(clip.request)


def _is_open(clip: Clip) -> bool:
    return Clip.objects.filter(pk=clip.pk, ended_at=None).exists()


@transaction.atomic
def _look(request: HttpRequest, clip: Clip, kind: str) -> Any:
    """A look at all of the clip. The file is shown whole or not at all, so a right to a part of it opens nothing."""
    opened = open_look(
        clip.camera,
        by=_user(request),
        kind=kind,
        purpose=Purpose.CASE,
        case=clip.request.case_number,
        window=clip.window,
        at=now(),
    )
    if window_of(opened.look) != clip.window:
        raise Refused(ENDED)
    return opened


def _look_refusal(look_id: UUID, clip: Clip, user: User) -> Refusal | None:
    look = look_of(look_id, by=user)
    if look is None or (look.camera.code, look.case, window_of(look)) != _seen_by(clip):
        return Refusal("Không có lượt xem này.", code="not_found", remedy="Hãy tải lại trang.")
    return look_refusal(look_id, by=user)


def _seen_by(clip: Clip) -> tuple[str, str, Window]:
    return clip.camera, clip.request.case_number, clip.window


def _streamed(request: HttpRequest, vessel: Vessel, span: Span, kind: str, still_open: Any) -> StreamingHttpResponse:
    """[start, end) of a sealed file. Under ASGI Django would gather a plain iterator in memory first."""
    pieces = (
        _pieces(vessel, span, still_open) if not isinstance(request, ASGIRequest) else _later(vessel, span, still_open)
    )
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(span.end - span.start)}
    if not span.is_whole:
        headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{span.size}"
    return StreamingHttpResponse(pieces, status=200 if span.is_whole else 206, content_type=kind, headers=headers)


def _pieces(vessel: Vessel, span: Span, still_open: Any) -> Iterator[bytes]:
    ask_at = time.monotonic() + CHECK_EVERY_S
    for piece in vessel.chunks(span.start, span.end):
        if time.monotonic() > ask_at:
            if not still_open():
                return
            ask_at = time.monotonic() + CHECK_EVERY_S
        yield piece


async def _later(vessel: Vessel, span: Span, still_open: Any) -> AsyncIterator[bytes]:
    pieces = _pieces(vessel, span, still_open)
    while (piece := await sync_to_async(next)(pieces, None)) is not None:
        yield piece


def _write_line(clip: Clip, upload: Upload, *, by: User, what: str) -> None:
    its = clip.request
    record(
        "look.export.download",
        by=by,
        subject=clip.camera,
        unit=its.unit.code,
        case=its.case_number,
        purpose=its.purpose[:200],
        detail={"request": its.number, "what": what, "sha256": upload.sha256},
    )


def _private(response: Any) -> Any:
    response["Cache-Control"] = "private, no-store"
    return response


def _authority(request: HttpRequest) -> Authority:
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # open_to lets only users in
