"""Taking a list out: CSV, XLSX and PDF of the question that it shows, at once or with a page that shows progress."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.core.handlers.asgi import ASGIRequest
from django.db import connection, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime, now

from binhyen.kernel.screens.asking import Asked, asked
from binhyen.kernel.screens.declaration import Screens, all_screens
from binhyen.kernel.screens.jobs import build_export
from binhyen.kernel.screens.models import Export
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.screens.taking_out import (
    KINDS,
    ROWS_MAX,
    ROWS_WAITED_FOR,
    TYPES,
    done_count,
    file_of,
    log_line,
    write_out,
)
from binhyen.kernel.units.authority import Authority, Refusal, Refused, open_to

CHUNK_BYTES = 1 << 18
AT_ONCE_BYTES = 1 << 20
EXPORTS_SHOWN = 20
EXPORT_LOCK = 0x6279_7870  # "byxp" as a number: with the person's key, for pg_try_advisory_xact_lock


def export_as(kind: str) -> Any:
    """The view that gives the list as `kind`."""

    def export(request: HttpRequest, screens: Screens) -> HttpResponseBase:
        return _export(request, screens, kind)

    return export


def _export(request: HttpRequest, screens: Screens, kind: str) -> HttpResponseBase:
    authority = _authority(request)
    question = asked(screens, request.GET, authority, Action.TAKE_OUT)
    count = question.rows.order_by()[: ROWS_MAX[kind] + 1].count()
    if count > ROWS_MAX[kind]:
        most = f"{ROWS_MAX[kind]:,}".replace(",", ".")
        raise Refused(
            Refusal(
                f"Danh sách có hơn {most} dòng, tệp {kind.upper()} không chứa hết.",
                code="too_many_rows",
                remedy="Hãy lọc bớt" + ("." if kind == "csv" else ", hoặc tải dạng CSV."),
            )
        )
    if count > ROWS_WAITED_FOR[kind]:
        return redirect("export", pk=_begin(question, kind, request.GET.urlencode(), count, by=authority.user).pk)
    return _at_once(request, question, kind, authority)


def _at_once(request: HttpRequest, question: Asked, kind: str, authority: Authority) -> HttpResponseBase:
    with ExitStack() as closing, transaction.atomic():
        _refuse_a_second_at_once(authority)
        file = closing.enter_context(tempfile.TemporaryFile())
        count = write_out(question, kind, Path(f"/proc/self/fd/{file.fileno()}"), by=authority.user)
        log_line(question.screens, kind, request.GET.urlencode(), count, by=authority.user)
        response = _answer(request, file, TYPES[kind])
        if response.streaming:
            closing.pop_all()  # whoever streams it closes it
    return _named(response, question.screens, kind)


def _refuse_a_second_at_once(authority: Authority) -> None:
    """One file at a time for one person: others have work to do as well. Ends with the transaction."""
    with connection.cursor() as cursor:
        key = authority.user.pk if authority.user else 0
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [EXPORT_LOCK, key % 2**31])
        is_free = cursor.fetchone()[0]
    if not is_free:
        sentence = "Một tệp khác của anh/chị đang được lập."
        raise Refused(Refusal(sentence, code="busy", remedy="Hãy đợi tệp ấy tải xong rồi thử lại."))


@transaction.atomic
def _begin(question: Asked, kind: str, query: str, count: int, *, by: Any) -> Export:
    """Queue a long list; asked for again while it is written, it is the same file."""
    wanted = {"screens": question.screens.name, "kind": kind, "query": query}
    working = Export.objects.select_for_update().filter(by=by, state=Export.State.WORKING)
    for export in working:
        if all(getattr(export, name) == value for name, value in wanted.items()):
            return export
        sentence = "Một tệp khác của anh/chị đang được lập."
        raise Refused(Refusal(sentence, code="busy", remedy="Hãy đợi tệp ấy xong (trang “Tệp tải về”) rồi thử lại."))
    export = Export.objects.create(**wanted, by=by, row_count=count)
    build_export.configure(lock=f"export:{by.pk}").defer(export_id=export.pk)
    return export


# --- the pages of long lists -----------------------------------------------------------------------------------------
def _own(request: HttpRequest) -> Any:
    """The person's own files; another's are as if they were not there."""
    return Export.objects.filter(by=_authority(request).user)


@open_to()
def exports_page(request: HttpRequest) -> HttpResponse:
    """The files that were written for the person, newest first."""
    shown = [(export, _title(export)) for export in _own(request)[:EXPORTS_SHOWN]]
    return render(request, "screens/exports.html", {"exports": shown})


@open_to()
def export_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the file is, then the way to it."""
    export = get_object_or_404(_own(request), pk=pk)
    done = done_count(export)
    percent = min(99, 100 * done // max(export.row_count, 1))
    context = {"export": export, "title": _title(export), "done": done, "percent": percent}
    return render(request, "screens/export.html", context)


@open_to()
def export_file(request: HttpRequest, pk: int) -> Any:
    """The file, to whom it was written for and may still take it out."""
    export = get_object_or_404(_own(request), pk=pk, state=Export.State.DONE)
    screens = _screens(export)
    refusal = screens.policy.may(_authority(request), Action.TAKE_OUT)
    if refusal:
        raise Refused(refusal)
    with ExitStack() as closing:
        try:
            file = closing.enter_context(file_of(export).open("rb"))
        except FileNotFoundError as error:
            gone = Refusal("Tệp này không còn nữa.", code="gone", remedy="Hãy mở danh sách rồi tải lại.")
            raise Refused(gone) from error
        response = _answer(request, file, TYPES[export.kind])
        if response.streaming:
            closing.pop_all()  # whoever streams it closes it
    return _named(response, screens, export.kind)


def _screens(export: Export) -> Screens:
    found = next((each for each in all_screens() if each.name == export.screens), None)
    if found is None:
        raise Http404("a register that is gone")
    return found


def _title(export: Export) -> str:
    return next((each.title for each in all_screens() if each.name == export.screens), "danh sách")


def _authority(request: HttpRequest) -> Authority:
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def _named(response: HttpResponseBase, screens: Screens, kind: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{screens.slug}-{localtime(now()):%Y%m%d-%H%M}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _answer(request: HttpRequest, file: IO[bytes], content_type: str) -> HttpResponseBase:
    """A short file at once, a long one streamed: under ASGI by an asynchronous iterator, for another is read whole."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size <= AT_ONCE_BYTES:
        return HttpResponse(file.read(), content_type=content_type)
    if isinstance(request, ASGIRequest):
        return StreamingHttpResponse(_chunks(file), content_type=content_type)
    return FileResponse(file, content_type=content_type)


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk


__all__ = ["KINDS", "TYPES", "export_as", "export_file", "export_page", "exports_page"]
