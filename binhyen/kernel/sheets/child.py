"""The process that reads a table: bytes on standard input, one JSON object on standard output.

Memory and processor time are bounded before the first byte is looked at.
"""

import csv
import io
import json
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from binhyen.kernel.sheets import limits
from binhyen.kernel.sheets.writing import without_mark

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class _Problem(Exception):
    """What is wrong with the file, as a sentence."""


def main() -> None:
    """Read one table."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY_BYTES, limits.CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CHILD_CPU_S, limits.CHILD_CPU_S))
    warnings.simplefilter("ignore")  # openpyxl tells of styles that it does not know
    try:
        answer = _read(sys.stdin.buffer.read(limits.UPLOAD_BYTES_MAX + 1))
    except _Problem as problem:
        answer = {"problem": str(problem)}
    json.dump(answer, sys.stdout)


def _read(content: bytes) -> dict[str, Any]:
    lines = _xlsx_lines(content) if content.startswith(b"PK\x03\x04") else _csv_lines(content)
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, cells in lines:
        if number > limits.ROWS_MAX + 1:
            raise _Problem(f"Tệp có hơn {limits.ROWS_MAX:,} dòng.".replace(",", ".") + " Hãy chia thành nhiều tệp.")
        if len(cells) > limits.COLUMNS_MAX:
            raise _Problem(f"Dòng {number} có hơn {limits.COLUMNS_MAX} cột. Hãy bỏ các cột thừa.")
        if any(len(cell) > limits.CELL_CHARS_MAX for cell in cells):
            raise _Problem(f"Dòng {number} có ô dài hơn {limits.CELL_CHARS_MAX} ký tự. Hãy rút gọn ô ấy.")
        if not any(cells):
            continue
        if header:
            rows.append((number, cells))
        else:
            header = cells
    if not header:
        raise _Problem("Tệp không có dòng nào. Hãy kiểm tra đã chọn đúng tệp.")
    return {"header": header, "rows": rows}


def _csv_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    first = text[: text.find("\n") if "\n" in text else len(text)]
    delimiter = max(";,\t", key=first.count)
    csv.field_size_limit(limits.CELL_CHARS_MAX * 10)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [without_mark(cell.strip()) for cell in cells]
    except csv.Error as error:
        raise _Problem(f"Dòng {reader.line_num} của tệp CSV hỏng ({error}). Hãy lưu lại dạng CSV UTF-8.") from error


def _decoded(content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Problem("Tệp là Excel đời cũ (.xls). Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại.")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        sentence = "Tệp không phải CSV UTF-8 hay XLSX. Hãy lưu lại dạng “CSV UTF-8” hoặc .xlsx rồi gửi lại."
        raise _Problem(sentence) from error
    if _CONTROL.search(text):
        raise _Problem("Tệp không phải bảng CSV hay XLSX. Hãy kiểm tra đã chọn đúng tệp.")
    return text


def _xlsx_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=limits.COLUMNS_MAX + 1, values_only=True)
        for number, cells in enumerate(rows, 1):
            texts = [_text(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            yield number, texts
    except _Problem:
        raise
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, IndexError,
            AttributeError, OSError) as error:  # fmt: skip
        raise _Problem(f"Tệp XLSX hỏng ({type(error).__name__}). Hãy mở bằng Excel, lưu lại rồi gửi lại.") from error


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _Problem("Tệp XLSX hỏng. Hãy mở bằng Excel, lưu lại rồi gửi lại.") from error
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise _Problem("Tệp nén này không phải bảng XLSX. Hãy kiểm tra đã chọn đúng tệp.")
    if sum(part.file_size for part in parts) > limits.UNZIPPED_BYTES_MAX:
        raise _Problem("Tệp XLSX quá lớn khi giải nén. Hãy chia thành nhiều tệp nhỏ hơn.")


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case datetime():
            return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M:%S}"
        case date():
            return f"{value:%d/%m/%Y}"
        case float():
            return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    return _CONTROL.sub("", str(value)).strip()


if __name__ == "__main__":
    main()
