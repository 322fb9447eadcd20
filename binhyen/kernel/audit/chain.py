"""How lines are hashed. Pure: `binhyen audit verify` and a stranger's own script need nothing else.

line hash = SHA-256 of the canonical JSON (UTF-8, sorted keys, no spaces) of the line's fields with
the hash of the line before it under `previous`; the first line has 64 zeros there. The day's root is
the hash of its last line (of the last line before it where the day has none).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

START = "0" * 64


@dataclass(frozen=True)
class LineFacts:
    """What a line says. `at` is ISO 8601 in UTC with microseconds; absent things are empty strings."""

    number: int
    at: str
    actor: str
    actor_name: str
    action: str
    subject: str
    unit: str
    case: str
    purpose: str
    detail: dict[str, str]


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold. `kind`: changed, removed, inserted, reordered, root."""

    number: int
    kind: str
    sentence: str


def line_hash(facts: LineFacts, previous: str) -> str:
    """The hash of one line that follows the line with hash `previous`."""
    text = json.dumps(
        {**asdict(facts), "previous": previous}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def find_breaks(lines: Iterable[tuple[LineFacts, str, str]]) -> Iterator[Break]:
    """Walk `(facts, previous, hash)` in the order of their numbers and say where the chain does not hold."""
    expected_number, expected_previous = 1, START
    for facts, previous, stored in lines:
        yield from _number_break(facts.number, expected_number)
        if line_hash(facts, previous) != stored:
            yield Break(facts.number, "changed", f"Dòng {facts.number} đã bị sửa: nội dung không khớp mã băm của nó.")
        elif previous != expected_previous and facts.number == expected_number:
            sentence = f"Dòng {facts.number} không nối tiếp dòng trước: có dòng bị đổi chỗ, chèn hoặc tính lại."
            yield Break(facts.number, "reordered", sentence)
        expected_number, expected_previous = facts.number + 1, stored


def _number_break(number: int, expected: int) -> Iterator[Break]:
    if number > expected:
        span = f"dòng {expected}" if number == expected + 1 else f"các dòng {expected}–{number - 1}"
        yield Break(expected, "removed", f"Thiếu {span}: đã bị xóa khỏi nhật ký.")
    elif number < expected:
        yield Break(number, "inserted", f"Dòng {number} xuất hiện hai lần: có dòng bị chèn thêm.")
