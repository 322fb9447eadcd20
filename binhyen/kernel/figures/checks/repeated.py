"""One fact with two figures: "Toàn huyện có 229 tổ tự quản" here, "232 tổ tự quản" there, in the same words."""

import re
from collections.abc import Iterator

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.mentions import Mention
from binhyen.kernel.figures.report import Report

KIND = "contradiction"
_WORD = re.compile(r"[^\W\d_]+")
_WORDS_BEFORE, _UNIT_WORDS = 4, 3
_WHOLE = re.compile(r"(?:toàn|cả|tổng số) ?|(?:toan|ca|tong so) ?")
_SUBJECT_WORDS = frozenset(
    ("hiện", "nay", "đã", "đang", "có", "hien", "da", "dang", "co", "là", "la", "đến", "den", "được")
)


def check(report: Report) -> Iterator[Finding]:
    """Sentences that begin alike up to an exact amount of the same thing, and give another amount."""
    seen: dict[tuple[str, ...], Mention] = {}
    for sentence in report.text.sentences:
        first = report.mentions.within(sentence)[:1]
        if not first or first[0].kind != "count" or not first[0].is_exact or sentence.is_row or sentence.is_item:
            continue
        key = _fact(report, sentence.start, first[0])
        earlier = seen.setdefault(key, first[0]) if key else first[0]
        if earlier.value != first[0].value:
            yield _finding(report, earlier, first[0])


def _fact(report: Report, start: int, mention: Mention) -> tuple[str, ...]:
    """Subject and what is counted, or () where the sentence is not about a whole named at its beginning."""
    read = report.text.reading[start : mention.start]
    if any(each.isdigit() for each in read) or not _WHOLE.match(read) or len(mention.unit) < 2:
        return ()
    words = [each for each in _WORD.findall(read) if each not in _SUBJECT_WORDS]
    if not 1 <= len(words) <= 2 * _WORDS_BEFORE:
        return ()
    return (*words, "|", *mention.unit[:_UNIT_WORDS])


def _finding(report: Report, earlier: Mention, mention: Mention) -> Finding:
    one = report.shown(earlier.start, earlier.number_end)
    other = report.shown(mention.start, mention.number_end)
    words = (
        f"Cùng một nội dung “{' '.join(mention.unit[:_UNIT_WORDS])}” nhưng chỗ này ghi {other}, chỗ trước ghi {one}. "
        "Xin kiểm tra số nào đúng."
    )
    return report.finding(KIND, mention.start, mention.number_end, expected=one, sentence=words)
