"""Shares that do not make 100 %: "45 % nam, 52 % nữ"."""

from collections.abc import Iterator
from decimal import Decimal

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.mentions import Mention
from binhyen.kernel.figures.report import Report, number
from binhyen.kernel.figures.text import Cue, Sentence

KIND = "shares"
_STRUCTURE = Cue(
    r"(?<![^\W\d_])(?:cơ cấu|gồm|chia ra|trong đó|phân theo|tỷ lệ|tỉ lệ|lần lượt|kết quả|phân loại|chiếm)(?![^\W\d_])"
)
_REST = Cue(r"(?<![^\W\d_])(?:còn lại|lần lượt|cơ cấu|chia ra|phân theo|phân loại)(?![^\W\d_])")
_OTHERWISE = Cue(
    r"(?<![^\W\d_])(?:tăng|giảm|vượt|so với|kế hoạch|chỉ tiêu|hoàn thành|đạt|năm \d{4}|cùng kỳ|điểm)(?![^\W\d_])"
)
_HUNDRED = Decimal(100)
_FURTHEST = Decimal(5)


def check(report: Report) -> Iterator[Finding]:
    """Three or more shares of one thing in a sentence (two where the words leave no third) that miss 100 narrowly."""
    for sentence in report.text.sentences:
        found = [each for each in report.mentions.within(sentence) if each.kind == "percent"]
        if sentence.is_row or len(found) < 2 or not _divides(sentence, found):
            continue
        total = sum((each.value for each in found), Decimal(0))
        slack = max(Decimal(1).scaleb(-each.places) for each in found) * len(found) / 2
        if slack < abs(total - _HUNDRED) <= _FURTHEST:
            last = found[-1]
            terms = " + ".join(report.shown(each.start, each.number_end) for each in found)
            words = (
                f"Các tỷ lệ {terms} cộng lại được {number(total)} %, không phải 100 %. "
                "Xin kiểm tra lại, hoặc ghi rõ phần còn thiếu."
            )
            yield report.finding(KIND, found[0].start, last.number_end, expected="100 %", found=f"{number(total)} %",
                                 sentence=words)  # fmt: skip


def _divides(sentence: Sentence, found: list[Mention]) -> bool:
    if not _STRUCTURE.first(sentence) or _OTHERWISE.first(sentence) or not all(each.is_exact for each in found):
        return False
    if any(each.value >= _HUNDRED for each in found):
        return False
    return len(found) > 2 or bool(_REST.first(sentence))
