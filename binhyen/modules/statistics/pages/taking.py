"""Tables of figures as CSV, XLSX and PDF, by the machinery of registers."""

import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime, now

from binhyen.kernel.audit.record import record
from binhyen.kernel.screens.taking_out import KINDS, TYPES, pdf_of
from binhyen.kernel.sheets import Cell as SheetCell
from binhyen.kernel.sheets import write_csv, write_xlsx
from binhyen.modules.statistics.pages.asking import authority_in
from binhyen.modules.statistics.tables import Cell, Table

__all__ = ["KINDS", "answer", "file_of", "handed_out", "lines_of"]

Line = list[str | Cell]


def lines_of(table: Table) -> tuple[list[str], list[Line]]:
    """Header and lines of a table."""
    grid = table.grid()
    return [grid.corner, *grid.heads], [[each.label, *each.cells] for each in grid.lines]


def answer(
    request: HttpRequest, kind: str, *, title: str, slug: str, header: Sequence[str], lines: Sequence[Line]
) -> HttpResponse:
    """A table as a file."""
    content = file_of(kind, title, header, lines, by=str(authority_in(request).user))
    return handed_out(request, kind, content, title=title, slug=slug, rows=len(lines))


def handed_out(request: HttpRequest, kind: str, content: bytes, *, title: str, slug: str, rows: int) -> HttpResponse:
    """A file as an answer, with its line in the log."""
    user = authority_in(request).user
    record("statistics.export", by=user, subject=title, detail={"kind": kind, "rows": str(rows)})
    response = HttpResponse(content, content_type=TYPES[kind])
    name = f"{slug}-{localtime(now()):%Y%m%d-%H%M}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def file_of(kind: str, title: str, header: Sequence[str], lines: Sequence[Line], *, by: str) -> bytes:
    """Numbers stay numbers in a spreadsheet; on paper they stand as on the page."""
    if kind == "pdf":
        return pdf_of(title, list(header), [[_words(cell) for cell in line] for line in lines], by)
    rows = [[_value(cell) for cell in line] for line in lines]
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
        path = Path(file.name)
        if kind == "csv":
            write_csv(path, header, rows)
        else:
            write_xlsx(path, title, header, rows)
        return path.read_bytes()


def _words(cell: str | Cell) -> str:
    return cell.text if isinstance(cell, Cell) else cell


def _value(cell: str | Cell) -> SheetCell:
    if isinstance(cell, Cell):
        return cell.text if cell.value is None else _number(cell.value)
    return cell


def _number(value: str) -> int | Decimal:
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else exact
