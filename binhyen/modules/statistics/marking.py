"""A text with the places marked that somebody should look at."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from binhyen.kernel.figures.finding import Finding

WHOLE_TEXT_MAX = 60_000
"""Characters up to which a text is shown whole; of a longer one only the lines with findings."""

LABELS = {
    "sum": "Tổng không khớp",
    "part_above_whole": "Phần lớn hơn tổng",
    "shares": "Các phần không đủ 100 %",
    "percentage": "Tỷ lệ không khớp",
    "reached_or_exceeded": "Đạt hay vượt?",
    "change": "Tăng giảm không khớp",
    "rank": "Thứ hạng không khớp",
    "impossible_date": "Ngày không có thật",
    "contradiction": "Hai số khác nhau",
    "mixed_units": "Lẫn đơn vị tính",
    "decimal_mark": "Lẫn dấu thập phân",
    "stuck_number": "Số dính chữ",
    "damaged_word": "Chữ hỏng khi quét",
}
"""What a person calls each kind of finding."""


def label_of(kind: str) -> str:
    """The kind in Vietnamese; one that nobody has named yet is still shown."""
    return LABELS.get(kind, "Cần xem lại")


@dataclass(frozen=True)
class Piece:
    """A run of text. `number` is that of the finding marked there, 0 for plain text; `is_first` where it begins."""

    text: str
    number: int = 0
    is_first: bool = False


def pieces(text: str, findings: Sequence[Finding]) -> list[Piece]:
    """`text` in runs; where findings overlap, the one that begins first keeps the place."""
    found: list[Piece] = []
    at = 0
    for number, finding in enumerate(findings, 1):
        start, end = max(finding.start, at), finding.end
        if start >= end:
            continue
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], number, is_first=True))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return found if len(text) <= WHOLE_TEXT_MAX else list(_shortened(found))


def _shortened(found: Iterable[Piece]) -> Iterator[Piece]:
    """Marked runs with the rest of their lines; what is left out is shown as …"""
    for piece in found:
        if piece.number:
            yield piece
            continue
        head, tail = piece.text.partition("\n")[0], piece.text.rpartition("\n")[2]
        whole = len(head) + len(tail) >= len(piece.text)
        yield piece if whole and len(piece.text) < 2000 else Piece(f"{head[:500]}\n…\n{tail[-500:]}")
