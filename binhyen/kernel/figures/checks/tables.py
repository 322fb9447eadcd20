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
    r"%|tỷ lệ|tỉ lệ|bình quân|trung bình|xếp|hạng\b|\bstt\b|^tt$|đơn giá|ghi chú|^năm\b|điểm|so với|tăng|giảm|lũy kế|so sánh"
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
        for row_number, row in enumerate(body):
            if any(is_total(report.text, cell) for cell in row[:2]):
                yield from _total_line(report, header, body, row_number)
        for column in range(width):
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


def _total_line(report: Report, header: list[Row], body: list[Row], at: int) -> Iterator[Finding]:
    totals = [number_ for number_, row in enumerate(body) if any(is_total(report.text, cell) for cell in row[:2])]
    others = [row for number_, row in enumerate(body) if number_ not in totals]
    before = [row for number_, row in enumerate(body[:at]) if number_ not in totals]
    since = [row for number_, row in enumerate(body[:at]) if number_ > max([t for t in totals if t < at], default=-1)]
    groups = [since, before, [body[each] for each in totals if each < at], others if not before else []]
    groups += [[row for row in before if _is_section(row)], [row for row in before if not _is_section(row)]]
    for column, cell in enumerate(body[at]):
        if cell.value is None or not _is_count(header, body, column):
            continue
        sums = [_sum(group, column) for group in groups if len(group) > 1]
        if sums and cell.value not in sums:
            yield from _wrong_sum(report, cell, min(sums, key=lambda each: abs(each - (cell.value or 0))), "dòng")


def _is_section(row: Row) -> bool:
    return bool(_SECTION.fullmatch(row[0].reading))


def _sum(rows: list[Row], column: int) -> Decimal:
    return sum((row[column].value or Decimal(0) for row in rows if column < len(row)), Decimal(0))


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
    best = max(groups, key=lambda group: len(_agreeing(rows, column, group)), default=None)
    if best is None:
        return
    agreeing = _agreeing(rows, column, best)
    if len(agreeing) < 2 or len(agreeing) < len(rows) * _MOST:
        return
    for row in rows:
        if row not in agreeing:
            yield from _wrong_sum(report, row[column], _across(row, best), "hàng ngang")


def _across(row: Row, columns: list[int]) -> Decimal:
    return sum((row[each].value or Decimal(0) for each in columns if each < len(row)), Decimal(0))


def _agreeing(rows: list[Row], column: int, group: list[int]) -> list[Row]:
    return [row for row in rows if _across(row, group) == row[column].value]


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
