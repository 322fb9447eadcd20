""" "Vượt 189,3 %": reached 189,3 % of the target, or exceeded it by so much? Only the writer knows."""

import re
from collections.abc import Iterator
from decimal import Decimal

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.mentions import Mention
from binhyen.kernel.figures.report import Report, number
from binhyen.kernel.figures.text import Cue, Sentence

KIND = "reached_or_exceeded"
_EXCEEDED = Cue(
    r"(?<![^\W\d_])vượt(?: mức| dự toán| chỉ tiêu| kế hoạch| định mức| so với| yêu cầu| tiến độ| xa| trên"
    r"| hơn| tới| đến| gần| khoảng"
    r"| được giao| đề ra| đặt ra| năm| tháng| quý| chỉ| chung| cao| ngưỡng| số| cả| của| tỉnh| huyện"
    r"| công an| trên giao"
    r"| với| tỷ lệ| tỉ lệ| là| cấp)*[ ,:(]*$"
)
_BOTH = Cue(
    r"(?<![^\W\d_])(?:đạt(?: và|,|/)? vượt|vượt(?: và|,|/)? đạt|đạt tăng|đạt thêm|đạt hơn mức)(?: mức"
    r"| chỉ tiêu| kế hoạch)*\s*$"
)
_COMPARED = Cue(r"\s*%?\s*,?\s*(?:so với|so)\s+(?:cùng kỳ|năm|tháng|quý|trước)")
_HUNDRED = Decimal(100)


def check(report: Report) -> Iterator[Finding]:
    """Every percentage that follows "vượt" and could be either, unless the sentence gives both or the figures."""
    for sentence in report.text.sentences:
        here = report.mentions.within(sentence)
        for place, percent in enumerate(here):
            if percent.kind != "percent":
                continue
            word = _verb(report, sentence, percent)
            if word and not _is_told(report, sentence, here, place):
                yield _finding(report, word.start(), percent)


def _verb(report: Report, sentence: Sentence, percent: Mention) -> re.Match[str] | None:
    start = max(sentence.start, percent.start - 80)
    both = _BOTH.first(sentence, start, percent.start - len(_qualifier(percent)))
    if both:
        return both if percent.value != _HUNDRED else None  # "đạt và vượt 100 %" says enough
    word = _EXCEEDED.first(sentence, start, percent.start)
    if word is None or percent.value < _HUNDRED:
        return None
    return word


def _qualifier(percent: Mention) -> str:
    return f"{percent.qualifier} " if percent.qualifier else ""


def _is_told(report: Report, sentence: Sentence, here: list[Mention], place: int) -> bool:
    """Whether the sentence says the other figure as well: "đạt 189,3 %, vượt 89,3 %", or compares with the past."""
    percent = here[place]
    if _COMPARED.at(sentence, percent.end, sentence.end):
        return True
    others = [
        each.value for each in here[max(0, place - 6) : place + 7] if each.kind == "percent" and each is not percent
    ]
    return percent.value + _HUNDRED in others


def _finding(report: Report, start: int, percent: Mention) -> Finding:
    sign = report.text.reading.find("%", percent.number_end, percent.unit_end + 1)
    end = sign + 1 if sign >= 0 else percent.number_end
    printed = report.shown(percent.start, percent.number_end)
    if percent.value > _HUNDRED:
        over = number(percent.value - _HUNDRED)
        expected = f"đạt {printed} % (vượt {over} %), hoặc vượt {printed} % (đạt {number(percent.value + _HUNDRED)} %)"
    else:
        expected = f"đạt {printed} %, hoặc vượt {printed} % (đạt {number(percent.value + _HUNDRED)} %)"
    sentence = (
        f"“{report.shown(start, end)}” có thể hiểu hai cách: {expected}. Xin hỏi người viết: vượt hay đạt? "
        "Phần mềm không tự chọn."
    )
    return report.finding(KIND, start, end, expected=expected, sentence=sentence)
