"""Taking a list out: CSV, XLSX and PDF of the question that the list shows, within the person's rows."""

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.core.handlers.asgi import ASGIRequest
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime, now

from binhyen.kernel.audit.record import record
from binhyen.kernel.screens.asking import Asked, asked
from binhyen.kernel.screens.declaration import Screens, View
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.sheets import Cell, write_csv, write_xlsx
from binhyen.kernel.units.authority import Authority, Refusal, Refused

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
KINDS = tuple(TYPES)
ROWS_MAX = {"csv": 1_000_000, "xlsx": 100_000, "pdf": 2_000}
"""What one answer carries; more is narrowed by a filter first, or taken as CSV."""
CHUNK_BYTES = 1 << 18
AT_ONCE_BYTES = 1 << 20
ROWS_AT_ONCE = 2_000
EXPORT_LOCK = 0x6279_7870  # "byxp" as a number: with the person's key, for pg_try_advisory_xact_lock
TEMPLATE = Path(__file__).parents[1] / "list.typ"


def export_as(kind: str) -> Any:
    """The view that gives the list as `kind`."""

    def export(request: HttpRequest, screens: Screens) -> HttpResponseBase:
        return _export(request, screens, kind)

    return export


def _export(request: HttpRequest, screens: Screens, kind: str) -> HttpResponseBase:
    authority: Authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    question = asked(screens, request.GET, authority, Action.TAKE_OUT)
    if question.rows.order_by()[: ROWS_MAX[kind] + 1].count() > ROWS_MAX[kind]:
        most = f"{ROWS_MAX[kind]:,}".replace(",", ".")
        raise Refused(
            Refusal(
                f"Danh sách có hơn {most} dòng, tệp {kind.upper()} không chứa hết.",
                code="too_many_rows",
                remedy="Hãy lọc bớt" + ("." if kind == "csv" else ", hoặc tải dạng CSV."),
            )
        )
    name = f"{screens.slug}-{localtime(now()):%Y%m%d-%H%M}.{kind}"
    with ExitStack() as closing, transaction.atomic():
        _refuse_a_second_at_once(authority)
        file = closing.enter_context(tempfile.TemporaryFile())
        count = _write(question, kind, file, authority)
        record(
            f"{screens.model._meta.label_lower}.export",
            by=authority.user,
            subject=screens.title,
            detail={"rows": str(count), "kind": kind, "filter": request.GET.urlencode()[:500]},
        )
        response = _answer(request, file, TYPES[kind])
        if response.streaming:
            closing.pop_all()  # whoever streams it closes it
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _refuse_a_second_at_once(authority: Authority) -> None:
    """One file at a time for one person: others have work to do as well. Ends with the transaction."""
    with connection.cursor() as cursor:
        key = authority.user.pk if authority.user else 0
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [EXPORT_LOCK, key % 2**31])
        is_free = cursor.fetchone()[0]
    if not is_free:
        sentence = "Một tệp khác của anh/chị đang được lập."
        raise Refused(Refusal(sentence, code="busy", remedy="Hãy đợi tệp ấy tải xong rồi thử lại."))


def _write(question: Asked, kind: str, file: IO[bytes], authority: Authority) -> int:
    screens, path = question.screens, Path(f"/proc/self/fd/{file.fileno()}")
    header = [column.label for column in question.columns]
    if kind == "csv":
        return write_csv(path, header, cells_of(question))
    if kind == "xlsx":
        return write_xlsx(path, screens.title, header, cells_of(question))
    rows = [[column.shown(row) for column in question.columns] for row in _rows(question)]
    file.write(pdf_of(screens.title, header, rows, str(authority.user)))
    return len(rows)


def _rows(question: Asked) -> Iterator[Any]:
    return iter(question.ordered().iterator(chunk_size=ROWS_AT_ONCE))


def cells_of(question: Asked) -> Iterator[list[Cell]]:
    """The rows of a question, streamed."""
    for row in _rows(question):
        yield [column.value(row) for column in question.columns]


def pdf_of(title: str, header: list[str], rows: list[list[str]], by: str) -> bytes:
    """The list on A4, set as text: no value can be read as markup."""
    import typst

    facts = {"title": title, "header": header, "rows": rows, "by": by, "at": f"{localtime(now()):%d/%m/%Y %H:%M}"}
    pdf = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no bytes")
    return pdf


@cache
def _fonts() -> Any:
    """The wheel's own fonts only, so that every machine prints the same page."""
    import typst

    return typst.Fonts(include_system_fonts=False)


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


__all__ = ["KINDS", "View", "cells_of", "export_as", "pdf_of"]
