"""tus 1.0.0 over HTTP: core, creation, checksum (SHA-256), termination, expiration (https://tus.io/protocols/resumable-upload).

Every call carries the device's grant as `Authorization: Bearer …`, so no cookie speaks for anybody and no form of
another site
can. A chunk is taken in whole blocks (`uploads/vessel`); `Upload-Offset` says how far it came. Refusals are JSON with
a sentence.
"""

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from binhyen.kernel.units.authority import across_units, public
from binhyen.modules.footage.jobs import check_upload_later
from binhyen.modules.footage.models import OwnerAsk, Upload
from binhyen.modules.footage.uploads import links, receiving
from binhyen.modules.footage.uploads.faults import CONFLICT, UNUSABLE, UploadRefused
from binhyen.modules.footage.uploads.limits import CHUNK_BYTES_MAX, FILE_BYTES_MAX, UNFINISHED_KEPT

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,termination,expiration"
CHUNK_TYPE = "application/offset+octet-stream"
WORDS_BYTES_MAX = 4096
View = Callable[..., HttpResponse]


def _for_devices(view: View) -> View:
    """What is refused becomes a sentence in JSON; nothing is cached; `ask_id` is what the grant is for."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method == "OPTIONS":
                response = _abilities()
            else:
                response = view(request, links.ask_of(_grant(request), at=now()), *args, **kwargs)
        except UploadRefused as error:
            response = refused(error)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return cast(View, csrf_exempt(public(answered)))


def refused(error: UploadRefused) -> HttpResponse:
    """The sentence as JSON, with its status."""
    return JsonResponse({"code": "upload_refused", "detail": str(error)}, status=error.status)


def _grant(request: HttpRequest) -> str:
    kind, _, grant = request.headers.get("Authorization", "").partition(" ")
    return grant.strip() if kind.lower() == "bearer" else ""


def _abilities() -> HttpResponse:
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(FILE_BYTES_MAX),
        "Tus-Checksum-Algorithm": "sha256",
    }
    return HttpResponse(status=204, headers=headers)


@csrf_exempt  # the code in the body is all that speaks for the sender; there is no session behind it
@require_POST
@public
def upload_open(request: HttpRequest) -> HttpResponse:
    """`{"code"}` of a link, once, for the grant that it opens."""
    try:
        response: HttpResponse = JsonResponse(
            {"grant": links.open_link(str(_words(request).get("code", "")), at=now())}
        )
    except UploadRefused as error:
        response = refused(error)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@_for_devices
def upload_state(request: HttpRequest, ask_id: UUID) -> HttpResponse:
    """Who asks, for which window, and how far the file is: no more than the device needs to send it."""
    with across_units():
        ask = OwnerAsk.objects.select_related("request__case__unit").get(pk=ask_id)
        upload = receiving.current(ask_id)
    window = ask.request.window
    told: dict[str, Any] = {"unit": ask.request.unit.name, "from": window.start, "to": window.end, "until": ask.due_at}
    return JsonResponse(told | {"file": _told(upload) if upload else None, "chunk_bytes_max": CHUNK_BYTES_MAX})


def _told(upload: Upload) -> dict[str, Any]:
    return {
        "url": reverse("upload-file", args=[upload.pk]),
        "state": upload.state,
        "words": upload.get_state_display(),
        "problem": upload.problem,
        "size": upload.size_bytes,
        "received": upload.received_bytes,
        "fingerprint": upload.fingerprint,
        "sha256": upload.sha256,
    }


@require_http_methods(["POST", "OPTIONS"])
@_for_devices
def upload_files(request: HttpRequest, ask_id: UUID) -> HttpResponse:
    """Creation: `Upload-Length`, and of `Upload-Metadata` filename and fingerprint."""
    words = _metadata(request.headers.get("Upload-Metadata", ""))
    size = _number(request, "Upload-Length")
    name, fingerprint = words.get("filename", ""), words.get("fingerprint", "")
    upload = receiving.begin(ask_id, name=name, size=size, fingerprint=fingerprint, at=now())
    return HttpResponse(
        status=201, headers={"Location": reverse("upload-file", args=[upload.pk]), "Upload-Expires": _expires(upload)}
    )


@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
@_for_devices
def upload_file(request: HttpRequest, ask_id: UUID, pk: UUID) -> HttpResponse:
    """How far it is, a chunk more, or none of it."""
    if request.method == "DELETE":
        receiving.cancel(pk, ask_id)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        offset = _append(request, ask_id, pk)
        return HttpResponse(status=204, headers={"Upload-Offset": str(offset)})
    upload = receiving.current(ask_id)
    if upload is None or upload.pk != pk:
        raise UploadRefused(404, receiving.NO_SUCH_FILE)
    headers = {"Upload-Offset": str(upload.received_bytes), "Upload-Length": str(upload.size_bytes)}
    return HttpResponse(headers=headers | {"Upload-Expires": _expires(upload)})


def _append(request: HttpRequest, ask_id: UUID, pk: UUID) -> int:
    if request.content_type != CHUNK_TYPE:
        raise UploadRefused(415, f"Phần gửi lên phải có kiểu {CHUNK_TYPE}.")
    content = request.read(CHUNK_BYTES_MAX + 1)
    return receiving.append(
        pk, ask_id, offset=_number(request, "Upload-Offset"), content=content, sha256=_checksum(request), at=now()
    )


@require_POST
@_for_devices
def upload_finish(request: HttpRequest, ask_id: UUID, pk: UUID) -> HttpResponse:
    """`{"sha256"}` as the device worked it out, once every byte is here."""
    upload = receiving.finish(
        pk, ask_id, device_sha256=str(_words(request).get("sha256", "")).lower(), later=check_upload_later, at=now()
    )
    return JsonResponse(_told(upload), status=202)


def _words(request: HttpRequest) -> dict[str, Any]:
    try:
        words = json.loads(request.read(WORDS_BYTES_MAX))
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, dict):
        raise UploadRefused(UNUSABLE, "Nội dung gửi lên không đọc được. Hãy tải lại trang.")
    return words


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise UploadRefused(UNUSABLE if header == "Upload-Length" else CONFLICT, f"Thiếu hoặc sai {header}.")
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """`key base64, key base64` (tus, creation). What is no base64 or no UTF-8 is left out."""
    found = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            continue
    return found


def _checksum(request: HttpRequest) -> bytes | None:
    """`Upload-Checksum: sha256 <base64>`; None where it was not sent."""
    header = request.headers.get("Upload-Checksum", "")
    if not header:
        return None
    kind, _, value = header.partition(" ")
    try:
        if kind == "sha256":
            return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        pass  # answered below as any other kind that we cannot check
    raise UploadRefused(400, "Chỉ kiểm tra được mã băm sha256 của phần gửi lên.")


def _expires(upload: Upload) -> str:
    return http_date((upload.touched_at + UNFINISHED_KEPT).timestamp())
