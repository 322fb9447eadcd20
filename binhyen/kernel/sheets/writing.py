"""Writing tables that a spreadsheet opens and never runs."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Cell = str | int | float | Decimal | date | datetime | bool | None
"""What stands in a cell. Moments are in local time, without a zone."""

_RUNS = ("=", "+", "-", "@", "\t", "\r", "'")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def with_mark(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would take it for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_RUNS) else text


def without_mark(text: str) -> str:
    """The text that `with_mark` had been given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RUNS) else text


def cell_words(value: Cell) -> str:
    """A value as text: 21/11/2026, 12,5, có; numbers without marks for thousands, so that they can be read again."""
    match value:
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case datetime():
            return f"{value:%d/%m/%Y %H:%M:%S}"
        case date():
            return f"{value:%d/%m/%Y}"
        case float() | Decimal():
            return f"{value}".replace(".", ",")
    return str(value)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """A CSV in UTF-8 with a byte order mark, so that Excel knows its letters. Gives the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([with_mark(title) for title in header])
        for row in rows:
            count += 1
            writer.writerow([with_mark(cell) if isinstance(cell, str) else cell_words(cell) for cell in row])
    return count


def write_xlsx(path: Path, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """An XLSX with one sheet, written row by row: memory does not grow with it. Gives the number of rows."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_xlsx_cell(sheet, name, bold=True) for name in header])
    count = 0
    for row in rows:
        count += 1
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    book.save(path)
    return count


def _xlsx_cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    if isinstance(value, bool):
        value = cell_words(value)
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=_NOT_IN_XML.sub("", value))
        cell.data_type = "s"  # text, whatever it begins with
        if bold:
            cell.font = Font(bold=True)
        return cell
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
    return cell
