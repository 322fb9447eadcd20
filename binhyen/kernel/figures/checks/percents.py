"""Percentages that do not follow from the figures beside them: 2.366/2.465 is 96,0 %, printed 95,9 % (truncated)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from binhyen.kernel.figures.checks import parts
from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.mentions import Mention
from binhyen.kernel.figures.report import Report
from binhyen.kernel.figures.text import Cue, Sentence
from binhyen.kernel.vietnamese.numbers import QUALIFIERS, Bound, Rounding, rounded, written

KIND = "percentage"
_OTHER_BASE = Cue(r"(?<![^\W\d_])(?:tăng|giảm|vượt|so với|cao hơn|thấp hơn|hơn|trong đó|riêng|còn)(?![^\W\d_])")
_CHANGED = Cue(r"(?<![^\W\d_])(?:tăng|giảm|vượt|cao hơn|thấp hơn|ít hơn|nhiều hơn)(?![^\W\d_])")
_BASE_BEFORE = Cue(r"(?:(?:trên|trong|/|so với)\s*(?:tổng(?: số)?|số|chỉ tiêu)?|tổng(?: số)?)\s*(?:là|có)?\s*$")
_TARGET = Cue(r"(?<![^\W\d_])(?:chỉ tiêu|kế hoạch|được giao|phải|tổng số|có tổng)(?![^\W\d_])")
_THAT_IS = re.compile(
    r",? ?(?:tương ứng|tương đương|tức|tức là|ứng với|tuong ung|tuong duong|tuc la|ung voi)(?: với)? "
)
_WHOLE_BEHIND = Cue(r"\s?%\s(?:trong|trên|so với|của)?\s?tổng(?: số)?(?: là)?\s$")
_SHARE = Cue(r"(?<![^\W\d_])(?:chiếm|đạt|tỷ lệ|tỉ lệ|bằng|tương đương)(?![^\W\d_])")
_WORDS_BETWEEN, _BACK = 9, 6
_NEAR, _NEAR_CHANGE = Decimal(1), Decimal(3)
"""Percentage points: how far a printed share may be off and still be meant to follow from the figures before it."""


def check(report: Report) -> Iterator[Finding]:
    """Fractions with their percentage; parts and wholes named by words."""
    for sentence in report.text.sentences:
        here = report.mentions.within(sentence)
        for place, percent in enumerate(here):
            if percent.kind != "percent" or (sentence.is_row and not _is_simple_row(here)):
                continue
            fraction = _fraction_for(report, sentence, here, place)
            if fraction:
                yield from _compared(report, sentence, fraction, percent)
            elif not any(each.out_of is not None for each in here[max(0, place - 1) : place + 2]):
                yield from _by_words(report, sentence, here[max(0, place - _BACK) : place], percent)
                yield from _of_following(report, sentence, here, place)


def _is_simple_row(here: list[Mention]) -> bool:
    return sum(each.out_of is not None for each in here) == 1 == sum(each.kind == "percent" for each in here)


def _fraction_for(report: Report, sentence: Sentence, here: list[Mention], place: int) -> Mention | None:
    """The fraction just before the percentage, or just behind it in parentheses."""
    read = report.text.reading
    percent = here[place]
    before = next((each for each in reversed(here[max(0, place - _BACK) : place]) if each.kind != "measure"), None)
    if before is not None and before.out_of is not None:
        between = read[before.end : percent.start]
        if len(between.split()) <= _WORDS_BETWEEN and not set(between) & set(";.") and between.count("(") <= 1:
            return before
    if place + 1 < len(here) and here[place + 1].out_of is not None:
        between = read[percent.end : here[place + 1].start].lstrip(" %")
        if (between.startswith("(") and len(between.split()) <= 4) or _THAT_IS.fullmatch(between):
            return here[place + 1]
    return None


def _compared(report: Report, sentence: Sentence, fraction: Mention, percent: Mention) -> Iterator[Finding]:
    part, whole = fraction.value, fraction.out_of
    if not whole or not fraction.is_exact:
        return
    first, last = min(fraction.start, percent.start), max(fraction.end, percent.end)
    share = part * 100 / whole
    window = (sentence, max(sentence.start, first - 40), last)
    if _CHANGED.first(*window):
        changes = [abs(part - whole) * 100 / base for base in (part, whole) if base]
        if any(_agrees(each, percent) for each in [share, *changes]):
            return
        share = min(changes, key=lambda each: abs(each - percent.value))
        if abs(share - percent.value) > _NEAR_CHANGE:
            return
    elif _OTHER_BASE.first(sentence, fraction.end, percent.start) and abs(share - percent.value) > _NEAR:
        return
    yield from _judged(report, share, f"{report.shown(fraction.start, fraction.end)}", percent)


def _by_words(report: Report, sentence: Sentence, before: list[Mention], percent: Mention) -> Iterator[Finding]:
    """ "2.366 trên tổng số 2.465 hồ sơ, đạt 95,9 %": the base is named; "643 hồ sơ, chiếm 11 %": near the total."""
    counts = [each for each in before if each.kind in ("count", "money") and each.is_exact and each.value > 0]
    if len(counts) < 2 or not _SHARE.first(sentence, counts[-1].end, percent.start):
        return
    if _OTHER_BASE.first(sentence, counts[-1].end, percent.start):
        return
    one, other = counts[-2], counts[-1]
    if not parts.fits(one, other) and not parts.fits(other, one):
        return
    named = _BASE_BEFORE.first(sentence, one.end, other.start)
    target = _TARGET.first(sentence, max(sentence.start, one.start - 30), one.start)
    part, whole = (one, other) if named else (other, one)
    if not named and not target and part.value > whole.value:
        return
    share = part.value * 100 / whole.value
    if not (named or target) and abs(share - percent.value) > _NEAR:
        return
    others = [each.value * 100 / base.value for each in counts for base in counts if each is not base]
    if any(_agrees(each, percent) for each in others):
        return
    label = f"{report.shown(part.start, part.number_end)}/{report.shown(whole.start, whole.number_end)}"
    yield from _judged(report, share, label, percent)


def _of_following(report: Report, sentence: Sentence, here: list[Mention], place: int) -> Iterator[Finding]:
    """ "643 hồ sơ, chiếm 11,3 % trong tổng số 5.680 hồ sơ"."""
    if place == 0 or place + 1 >= len(here):
        return
    part, percent, whole = here[place - 1 : place + 2]
    alike = part.same_unit(whole) and part.is_exact and whole.is_exact and 0 < part.value <= whole.value
    if not alike or not _WHOLE_BEHIND.at(sentence, percent.number_end, whole.start):
        return
    share = part.value * 100 / whole.value
    if abs(share - percent.value) <= _NEAR:
        label = f"{report.shown(part.start, part.number_end)}/{report.shown(whole.start, whole.number_end)}"
        yield from _judged(report, share, label, percent)


def _agrees(share: Decimal, percent: Mention) -> bool:
    bound = QUALIFIERS.get(percent.qualifier, Bound.EXACT)
    slack = Decimal(1).scaleb(-percent.places)
    if bound in (Bound.BELOW, Bound.AT_MOST):
        return share <= percent.value + slack / 2
    if bound in (Bound.ABOVE, Bound.AT_LEAST):
        return share >= percent.value - slack / 2
    if bound is Bound.ABOUT:
        return abs(share - percent.value) <= max(slack, percent.value / 20)
    return rounded(share, percent.places) == percent.value


def _judged(report: Report, share: Decimal, label: str, percent: Mention) -> Iterator[Finding]:
    if _agrees(share, percent):
        return
    right = written(rounded(share, percent.places))
    tail = report.text.composed[percent.number_end : percent.unit_end]
    expected = f"{right}{tail.split('%')[0]}%" if "%" in tail else f"{right} %"
    printed = report.text.composed[percent.start : percent.number_end]
    if rounded(share, percent.places, by=Rounding.TRUNCATED) == percent.value:
        sentence = (
            f"{label} = {written(rounded(share, percent.places + 2))} %. Số {printed} % là {Rounding.TRUNCATED.label}; "
            f"{Rounding.HALF_UP.label} thì được {right} %. Xin ghi rõ cách lấy số lẻ hoặc sửa cho thống nhất."
        )
    else:
        sentence = (
            f"{label} = {written(rounded(share, percent.places + 2))} %, làm tròn là {right} %, nhưng văn bản ghi "
            f"{printed} %. Xin kiểm tra lại tử số, mẫu số và tỷ lệ."
        )
    yield report.finding(KIND, percent.start, _percent_end(report, percent), expected=expected, sentence=sentence)


def _percent_end(report: Report, percent: Mention) -> int:
    sign = report.text.reading.find("%", percent.number_end, percent.unit_end + 1)
    return sign + 1 if sign >= 0 else percent.number_end
