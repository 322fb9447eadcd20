"""XLSX: each sheet as lines of cells with tabs; numbers as they would be written here, formulas by their
stored value."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from binhyen.kernel.figures.documents.package import Package, texts
from binhyen.kernel.vietnamese.numbers import written

STRINGS = "xl/sharedStrings.xml"
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
COLUMNS_MAX = 400


def text_of(package: Package) -> str:
    """All sheets in the order of their numbers, an empty line between them."""
    names = package.names()
    shared = ["".join(texts(each, "t")) for each in package.tree(STRINGS).iter("si")] if STRINGS in names else []
    sheets = sorted((int(match[1]), name) for name in names if (match := _SHEET.fullmatch(name)))
    return "\n\n".join("\n".join(_rows(package.tree(name), shared)) for _, name in sheets) + "\n"


def _rows(sheet: Element, shared: list[str]) -> Iterator[str]:
    for row in sheet.iter("row"):
        cells: list[str] = []
        for cell in row.iter("c"):
            column = _column(cell.get("r", ""), len(cells))
            cells.extend([""] * (min(column, COLUMNS_MAX) - len(cells)))
            cells.append(" ".join(_value(cell, shared).split()))
        yield "\t".join(cells)


def _column(reference: str, otherwise: int) -> int:
    letters = "".join(each for each in reference if each.isalpha()).upper()[:3]
    if not letters:
        return otherwise
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(texts(cell, "t"))
    value = cell.findtext("v") or ""
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    return _number(value) if kind == "n" and value else value


def _number(value: str) -> str:
    try:
        exact = Decimal(value).normalize()
    except InvalidOperation:
        return value
    if not exact.is_finite() or abs(exact.adjusted()) > 30:
        return value
    return written(round(exact, 10).normalize() if exact != exact.to_integral_value() else exact.quantize(Decimal(1)))
