"""A change told with its two ends: "giảm 12 vụ, từ 45 xuống còn 33 vụ" is right, 11 would not be."""

import re
from collections.abc import Iterator
from decimal import Decimal

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.mentions import Mention, decimal_of
from binhyen.kernel.figures.report import Report, number
from binhyen.kernel.figures.text import Cue, Sentence
from binhyen.kernel.vietnamese.numbers import rounded, written

KIND = "change"
_NUMBER = r"\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?"
_ENDS = Cue(
    rf"(?<![^\W\d_])từ ({_NUMBER})(?![.,]?\d)(?: [^\W\d_]+){{0,4}}? (?:lên|xuống|còn|giảm còn|tăng lên|xuống còn)"
    rf"(?: thành| tới| đến| còn)? ({_NUMBER})(?![.,]?\d)(?!\s*/)"
)
_BY = Cue(r"(?<![^\W\d_])(?:tăng|giảm)(?: thêm| được| tới| đi)?\s*\(?\s*$")
_RANKS = Cue(r"(?<![^\W\d_])(?:hạng|bậc|thứ|vị trí|tuổi|giờ|phút|ngày|%|điểm)(?![^\W\d_])")


def check(report: Report) -> Iterator[Finding]:
    """Sentences with exactly one pair of ends: every printed change has to be their difference or its share."""
    for sentence in report.text.sentences:
        ends = list(_ENDS.within(sentence))
        if len(ends) == 1 and not _RANKS.first(sentence, ends[0].start(), ends[0].end()):
            yield from _in_sentence(report, sentence, ends[0])


def _in_sentence(report: Report, sentence: Sentence, ends: re.Match[str]) -> Iterator[Finding]:
    before, after = decimal_of(ends[1])[0], decimal_of(ends[2])[0]
    for each in report.mentions.within(sentence):
        if not each.is_exact or ends.start() <= each.start < ends.end() or before == 0:
            continue
        if not _BY.first(sentence, max(sentence.start, each.start - 14), each.start):
            continue
        right = _right(each, before, after)
        if right is not None and right != each.value:
            expected = written(right) if each.kind == "percent" else number(right)
            words = (
                f"Từ {ends[1]} đến {ends[2]} là thay đổi {expected}{' %' if each.kind == 'percent' else ''}, nhưng văn "
                f"bản ghi {report.shown(each.start, each.number_end)}. Xin kiểm tra lại ba con số này."
            )
            yield report.finding(KIND, each.start, each.number_end, expected=expected, sentence=words)


def _right(change: Mention, before: Decimal, after: Decimal) -> Decimal | None:
    if change.kind == "percent":
        share = rounded(abs(after - before) * 100 / before, change.places)
        return share if abs(share - change.value) <= max(Decimal(3), share / 10) else None
    if change.kind == "count" and change.factor == 1:
        return abs(after - before)
    return None
