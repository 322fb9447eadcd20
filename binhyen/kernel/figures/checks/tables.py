"""Tables: a line or column "Tổng" that is not the sum, a share that is not what its neighbours' are.

What a column "Tổng" or a column of shares is made of is learned from the table: at least two rows, and most of them,
have to agree before another is said to differ.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.report import Report, number
from binhyen.kernel.figures.tables import Cell, Row, is_total, tables
from binhyen.kernel.vietnamese.numbers import Rounding, rounded, written

KIND_SUM, KIND_SHARE = "sum", "percentage"
_NO_SUM = re.compile(
    r"%|tỷ lệ|tỉ lệ|bình quân|trung bình|xếp|hạng\b|\bstt\b|^tt$|đơn giá|ghi chú|^năm\b|điểm|so với|tăng"
    r"|giảm|lũy kế|so sánh"
    r"|ty le|ti le|binh quan|trung binh|xep|don gia|ghi chu|luy ke|so sanh"
)
_SECTION = re.compile(r"(?:[ivx]{1,5}|[a-hđ])[.)]?")
_MOST = Decimal("0.5")
_FURTHEST = Decimal("0.5")


def check(report: Report) -> Iterator[Finding]:
    """Total lines, total columns, shares."""
    for table in tables(report.text):
        header, width = _header(table), max(len(row) for row in table)
        body = table[len(header) :]
        for column in range(width):
            if _is_count(header, body, column):
                yield from _total_lines(report, body, column)
            if any(column < len(row) and is_total(report.text, row[column]) for row in header):
                yield from _total_column(report, header, body, column)
            yield from _shares(report, header, body, column)


def _header(table: list[Row]) -> list[Row]:
    """The lines at the top that hold no numbers, at most three."""
    lines = []
    for row in table[:3]:
        if sum(cell.value is not None for cell in row) > sum(bool(cell.reading) for cell in row) / 3:
            break
        lines.append(row)
    return lines


def _title(header: list[Row], column: int) -> str:
    return " ".join(row[column].reading for row in header if column < len(row))


def _is_count(header: list[Row], body: list[Row], column: int) -> bool:
    """A column of amounts: numbers or nothing, no shares, no order numbers, none that a sum would make no sense of."""
    cells = [row[column] for row in body if column < len(row)]
    if _NO_SUM.search(_title(header, column)) or not any(cell.value is not None for cell in cells):
        return False
    if any(cell.is_percent or (cell.value is None and not cell.is_blank) for cell in cells):
        return False
    return [cell.value for cell in cells[:4]] != [Decimal(each) for each in range(1, len(cells[:4]) + 1)] or column > 0


class _Running:
    """A sum and of how many."""

    def __init__(self) -> None:
        self.value, self.count = Decimal(0), 0

    def add(self, cell: Cell) -> None:
        self.value, self.count = self.value + (cell.value or 0), self.count + 1


def _total_lines(report: Report, body: list[Row], column: int) -> Iterator[Finding]:
    """Every total of one column: it may sum the lines since the last total, all before it, the totals before it, the
    sections or what stands in them; at the top of a table, the lines below."""
    is_sum = [any(is_total(report.text, cell) for cell in row[:2]) for row in body]
    below, since = _Running(), _Running()
    before, totals, sections, leaves = _Running(), _Running(), _Running(), _Running()
    for row, is_total_line in zip(body, is_sum, strict=True):
        if column < len(row) and not is_total_line:
            below.add(row[column])
    for row, is_total_line in zip(body, is_sum, strict=True):
        if column >= len(row):
            continue
        cell = row[column]
        if not is_total_line:
            for each in (since, before, sections if _SECTION.fullmatch(row[0].reading) else leaves):
                each.add(cell)
            continue
        groups = (since, before, totals, sections, leaves) if before.count else (below,)
        sums = [each.value for each in groups if each.count > 1]
        if cell.value is not None and sums and cell.value not in sums:
            yield from _wrong_sum(report, cell, min(sums, key=lambda each: abs(each - (cell.value or 0))), "dòng")
        totals.add(cell)
        since = _Running()


def _wrong_sum(report: Report, cell: Cell, right: Decimal, what: str) -> Iterator[Finding]:
    if cell.value is None or abs(right - cell.value) > cell.value * _FURTHEST:
        return
    shown = report.shown(cell.start, cell.end)
    sentence = (
        f"Các ô của {what} này cộng lại được {number(right)}, nhưng ô tổng ghi {shown}. "
        "Xin kiểm tra lại tổng và từng ô; phần mềm không tự sửa số."
    )
    yield report.finding(KIND_SUM, cell.start, cell.end, expected=number(right), sentence=sentence)


def _total_column(report: Report, header: list[Row], body: list[Row], column: int) -> Iterator[Finding]:
    width = max(len(row) for row in body) if body else 0
    counts = [each for each in range(width) if each != column and _is_count(header, body, each)]
    right, left = [each for each in counts if each > column], [each for each in counts if each < column]
    groups = [right[:size] for size in range(2, len(right) + 1)] + [left[-size:] for size in range(2, len(left) + 1)]
    rows = [row for row in body if column < len(row) and row[column].value is not None]
    best = max(groups, key=lambda group: sum(_agrees(row, column, group) for row in rows), default=None)
    if best is None:
        return
    agreeing = sum(_agrees(row, column, best) for row in rows)
    if agreeing < 2 or agreeing < len(rows) * _MOST:
        return
    for row in rows:
        if not _agrees(row, column, best):
            yield from _wrong_sum(report, row[column], _across(row, best), "hàng ngang")


def _across(row: Row, columns: list[int]) -> Decimal:
    return sum((row[each].value or Decimal(0) for each in columns if each < len(row)), Decimal(0))


def _agrees(row: Row, column: int, group: list[int]) -> bool:
    return _across(row, group) == row[column].value


def _shares(report: Report, header: list[Row], body: list[Row], column: int) -> Iterator[Finding]:
    rows = [row for row in body if column < len(row) and row[column].value is not None]
    titled = re.search(r"%|tỷ lệ|tỉ lệ|ty le|ti le", _title(header, column))
    if len(rows) < 2 or not (titled or all(row[column].is_percent for row in rows)):
        return
    counts = [each for each in range(max(map(len, body))) if each != column and _is_count(header, body, each)][:8]
    pairs = [(part, whole) for part in counts for whole in counts if part != whole]
    best = max(pairs, key=lambda pair: sum(_fits(row, column, *pair) for row in rows), default=None)
    if best is None:
        return
    agreeing = sum(_fits(row, column, *best) for row in rows)
    if agreeing < 2 or agreeing < len(rows) * _MOST:
        return
    for row in rows:
        if not _fits(row, column, *best) and _share(row, *best) is not None:
            yield _wrong_share(report, row, column, *best)


def _share(row: Row, part: int, whole: int) -> Decimal | None:
    if max(part, whole) >= len(row):
        return None
    above, below = row[part].value, row[whole].value
    return above * 100 / below if above is not None and below else None


def _fits(row: Row, column: int, part: int, whole: int) -> bool:
    share, cell = _share(row, part, whole), row[column]
    return share is not None and rounded(share, cell.places) == cell.value


def _wrong_share(report: Report, row: Row, column: int, part: int, whole: int) -> Finding:
    cell, share = row[column], _share(row, part, whole) or Decimal(0)
    right = written(rounded(share, cell.places))
    label = f"{report.shown(row[part].start, row[part].end)}/{report.shown(row[whole].start, row[whole].end)}"
    shown = report.shown(cell.start, cell.end)
    is_cut = rounded(share, cell.places, by=Rounding.TRUNCATED) == cell.value
    way = (
        f"là {Rounding.TRUNCATED.label}, {Rounding.HALF_UP.label} thì được {right} %"
        if is_cut
        else f"không phải {right} %"
    )
    sentence = f"{label} = {written(rounded(share, cell.places + 2))} %; ô này ghi {shown} %, {way}. Xin kiểm tra lại."
    return report.finding(KIND_SHARE, cell.start, cell.end, expected=right, sentence=sentence)
