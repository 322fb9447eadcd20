"""Writing a list into a file: CSV, XLSX or PDF of a question, within the person's rows.

A short list is written while the person waits; a long one by a worker, into a file of the station that only that
person can take, and that goes after a day.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils.timezone import localtime, now

from binhyen.kernel.audit.record import record
from binhyen.kernel.screens.asking import Asked, asked
from binhyen.kernel.screens.declaration import Screens, all_screens
from binhyen.kernel.screens.models import Export
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.sheets import Cell, write_csv, write_xlsx
from binhyen.kernel.units.authority import authority_of, within_scope

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
KINDS = tuple(TYPES)
ROWS_MAX = {"csv": 1_000_000, "xlsx": 100_000, "pdf": 2_000}
"""What one file carries; more is narrowed by a filter first, or taken as CSV."""
ROWS_WAITED_FOR = {"csv": 20_000, "xlsx": 4_000, "pdf": 400}
"""What is written in about a second on a slow machine; with more rows a person sees progress instead of waiting."""
ROWS_AT_ONCE = 2_000
FOLDER = "exports"
TEMPLATE = Path(__file__).with_name("list.typ")

Progress = Callable[[int], object]


def write_out(question: Asked, kind: str, path: Path, *, by: Any, progress: Progress = lambda _: None) -> int:
    """Write the question's rows into `path`; how many. `progress` is told how many are done."""
    header = [column.label for column in question.columns]
    if kind == "csv":
        return write_csv(path, header, cells_of(question, progress))
    if kind == "xlsx":
        return write_xlsx(path, question.screens.title, header, cells_of(question, progress))
    rows = [[column.shown(row) for column in question.columns] for row in _rows(question)]
    path.write_bytes(pdf_of(question.screens.title, header, rows, str(by)))
    return len(rows)


def log_line(screens: Screens, kind: str, query: str, count: int, *, by: Any) -> None:
    """Who took which question out, and how many rows."""
    detail = {"rows": str(count), "kind": kind, "filter": query[:500]}
    record(f"{screens.model._meta.label_lower}.export", by=by, subject=screens.title, detail=detail)


def file_of(export: Export) -> Path:
    """Where the file lies when it is done."""
    return Path(settings.BINHYEN_DATA) / FOLDER / f"{export.pk}.{export.kind}"


def done_count(export: Export) -> int:
    """How many rows are written. It stands beside the file: who reads rows in one long look must not commit."""
    try:
        return int(_progress_file(export).read_text() or 0)
    except FileNotFoundError:
        return 0


def build(export: Export) -> None:
    """Write the file of `export`; begun again it is written again. The person's rights are asked at this moment."""
    screens = next(each for each in all_screens() if each.name == export.screens)
    authority = authority_of(export.by)
    refusal = screens.policy.may(authority, Action.TAKE_OUT)
    if refusal:
        fail(export, refusal.sentence)
        return
    path = file_of(export)
    part = path.with_suffix(".part")
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with within_scope(authority), transaction.atomic():
        question = asked(screens, QueryDict(export.query), authority, Action.TAKE_OUT)
        tell = _progress_file(export).write_text
        count = write_out(question, export.kind, part, by=export.by, progress=lambda done: tell(str(done)))
        log_line(screens, export.kind, export.query, count, by=export.by)
        part.replace(path)
        export.state, export.row_count, export.finished_at = Export.State.DONE, count, now()
        export.size_bytes = path.stat().st_size
        export.save()


def fail(export: Export, sentence: str) -> None:
    """Say why there is no file."""
    export.state, export.error, export.finished_at = Export.State.FAILED, sentence[:400], now()
    export.save()
    remove_files(export)


def remove_files(export: Export) -> None:
    """Take everything from the disk that belongs to `export`."""
    for path in (file_of(export), file_of(export).with_suffix(".part"), _progress_file(export)):
        path.unlink(missing_ok=True)


def _progress_file(export: Export) -> Path:
    return file_of(export).with_suffix(".done")


def _rows(question: Asked) -> Iterator[Any]:
    return iter(question.ordered().iterator(chunk_size=ROWS_AT_ONCE))


def cells_of(question: Asked, progress: Progress = lambda _: None) -> Iterator[list[Cell]]:
    """The rows of a question, streamed."""
    for number, row in enumerate(_rows(question), 1):
        if number % ROWS_AT_ONCE == 0:
            progress(number)
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
