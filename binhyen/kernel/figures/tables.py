"""Tables in a text: lines of cells between tabs or bars, with the place of every cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from binhyen.kernel.figures.mentions import decimal_of
from binhyen.kernel.figures.text import Sentence, Text

_CELL_END = re.compile(r"[\t|]")
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)(\s?%)?(?:\s[^\W\d_]+){0,2}")
_NOTHING = frozenset(("", "-", "–", "—", "/", "x", "0"))
_TOTAL = re.compile(r"(?:tổng(?! đài| kết| hợp| cục| công ty| giám)|cộng(?! đồng| tác| hòa))(?![^\W\d_]).{0,40}")
_TOTAL_PLAIN = re.compile(r"(?:tong(?: cong| so)?|cong)\W*")
MOST_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell. `value` is None where it is no number; `end` is behind the number."""

    reading: str
    start: int
    end: int
    value: Decimal | None
    places: int
    is_percent: bool

    @property
    def is_blank(self) -> bool:
        return self.reading in _NOTHING


Row = list[Cell]


def tables(text: Text) -> Iterator[list[Row]]:
    """Runs of at least two neighbouring table lines."""
    run: list[Row] = []
    for sentence in text.sentences:
        if sentence.is_row:
            run.append(_row(text, sentence))
            continue
        if len(run) > 1:
            yield run
        run = []
    if len(run) > 1:
        yield run


def is_total(text: Text, cell: Cell) -> bool:
    """Whether a cell says that its row or column is a sum."""
    return bool((_TOTAL if text.marked else _TOTAL_PLAIN).fullmatch(cell.reading))


def _row(text: Text, sentence: Sentence) -> Row:
    start, end = sentence.start, sentence.end
    while start > 0 and text.reading[start - 1] == "\t":
        start -= 1  # an empty first cell is a cell
    cells: list[Cell] = []
    for match in _CELL_END.finditer(text.reading, start, end):
        cells.append(_cell(text.reading, start, match.start()))
        start = match.end()
    cells.append(_cell(text.reading, start, end))
    if cells and "|" in text.reading[sentence.start : sentence.start + 1]:
        cells = cells[1:]
    return cells[:MOST_COLUMNS]


def _cell(read: str, start: int, end: int) -> Cell:
    while start < end and read[start].isspace():
        start += 1
    while end > start and read[end - 1].isspace():
        end -= 1
    match = _NUMBER.fullmatch(read, start, end)
    if not match:
        return Cell(read[start:end], start, end, None, 0, is_percent=False)
    value, places, _ = decimal_of(match[1])
    return Cell(read[start:end], start, match.end(1), value, places, is_percent=bool(match[2]))
