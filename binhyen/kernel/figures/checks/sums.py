"""Parts that do not make their total: "5.680 hồ sơ, gồm 2.366 …, 2.877 … và 438 …" (5.681).

A sum is only claimed where the text claims it: a word that divides a total, a total after its parts, or "=". Whatever
way of reading the list makes the total exactly right ends the matter.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from binhyen.kernel.figures.checks import parts
from binhyen.kernel.figures.checks.parts import Division
from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.mentions import Mention
from binhyen.kernel.figures.report import Report, number
from binhyen.kernel.figures.text import Cue, Sentence

KIND = "sum"
_AFTER = Cue(
    r"(?<![^\W\d_])(?:tổng(?: cộng| số| chung| là)?|cộng(?: lại| tất cả| chung)?|tất cả(?: là)?"
    r"|cả thảy|như vậy,?|tính chung,?|tính ra,?)(?![^\W\d_])"
)
_NO_SUM_BEFORE = Cue(r"(?:trên|trong|so với|của|chiếm|nâng|bằng|đưa|/|theo|gấp|hơn)\s*$")
_NO_SUM_AFTER = Cue(r"(?<![^\W\d_])(?:lên|trị giá|giá trị|diện tích|kinh phí|chiều dài|vốn|nâng)(?![^\W\d_])")
_IN_ONE_SENTENCE = Decimal("0.2")
_OVER_SENTENCES = Decimal("0.01")
_COINCIDENCE = Decimal("0.0005")
_REACH, _SENTENCES = 8, 4
"""As many parts are tried for a total in other sentences."""


def check(report: Report) -> Iterator[Finding]:
    """Divisions, equations, totals after their parts, and parts told after their total without a word for it."""
    told: set[int] = set()
    for found in (_divided, _equations, _totals_after, _following):
        for total, addends in found(report):
            if total.start not in told:
                told.add(total.start)
                yield _finding(report, total, addends)


Wrong = tuple[Mention, list[Mention]]


def _finding(report: Report, total: Mention, addends: list[Mention]) -> Finding:
    result = total_of(addends)
    scaled = total.factor > 1 or any(each.factor > 1 for each in addends)
    terms = " + ".join(number(each.value) if scaled else report.shown(each.start, each.number_end) for each in addends)
    printed = report.shown(total.start, total.number_end)
    sentence = (
        f"Cộng các phần {terms} được {number(result)}, nhưng tổng ghi là {number(total.value) if scaled else printed}. "
        "Xin kiểm tra lại tổng và từng phần; phần mềm không tự sửa số."
    )
    expected = number(result / total.factor)
    return report.finding(KIND, total.start, total.number_end, expected=expected, sentence=sentence)


def total_of(addends: list[Mention]) -> Decimal:
    """Their sum."""
    return sum((each.value for each in addends), Decimal(0))


def is_near(total: Mention, addends: list[Mention], share: Decimal) -> bool:
    """Whether the sum misses the total by at most `share` of it, but misses it."""
    return 0 < abs(total_of(addends) - total.value) <= total.value * share


def _makes(total: Mention, addends: list[Mention]) -> bool:
    """Whether a run of two or more of `addends`, from either end or from the middle, is the total."""
    running = [Decimal(0)]
    for each in addends[: 3 * _REACH]:
        running.append(running[-1] + each.value)
    return any(
        running[last] - running[first] == total.value
        for first in range(len(running))
        for last in range(first + 2, len(running))
    )


def _divided(report: Report) -> Iterator[Wrong]:
    for division in parts.divisions(report):
        wrong = _wrong_total(division)
        if wrong:
            yield wrong, division.parts


def _wrong_total(division: Division) -> Mention | None:
    addends = division.parts
    if len(addends) < 2 or not all(each.is_exact for each in addends):
        return None
    if any(_makes(total, addends) for total in division.totals):
        return None
    total = division.totals[0]
    if not total.is_exact or not is_near(total, addends, division.tolerance):
        return None
    return total


def _equations(report: Report) -> Iterator[Wrong]:
    read = report.text.reading
    chain: list[Mention] = []
    for left, right in pairwise(report.mentions.all):
        between = read[left.end : right.start].strip()
        chain = chain or [left]
        if between.endswith("+") and len(between.split()) <= 6:
            chain.append(right)
            continue
        if len(chain) > 1 and between.endswith("=") and len(between.split()) <= 6 and total_of(chain) != right.value:
            yield right, chain
        chain = []


def _totals_after(report: Report) -> Iterator[Wrong]:
    for sentence in report.text.sentences:
        if sentence.is_row:
            continue
        for cue in _AFTER.within(sentence):
            total = _total_behind(report, sentence, cue.end())
            if total is None or _NO_SUM_BEFORE.first(sentence, max(sentence.start, cue.start() - 10), cue.start()):
                continue
            if _NO_SUM_AFTER.first(sentence, sentence.start, total.start):
                continue
            wrong = _parts_before(report, sentence, cue.start(), total)
            if wrong:
                yield total, wrong


def _total_behind(report: Report, sentence: Sentence, start: int) -> Mention | None:
    following = report.mentions.between(start, sentence.end)[:1]
    if not following or not following[0].is_exact or following[0].kind not in ("count", "money"):
        return None
    between = report.text.reading[start : following[0].start]
    return following[0] if len(between.split()) <= 6 and not set(between) & set(",;(") else None


def _parts_before(report: Report, sentence: Sentence, end: int, total: Mention) -> list[Mention] | None:
    here = [each for each in report.mentions.between(sentence.start, end) if parts.fits(total, each)]
    if len(here) >= 2:
        if not all(each.is_exact for each in here) or _makes(total, here):
            return None
        return here if is_near(total, here, _IN_ONE_SENTENCE) else None
    first = _first_of_passage(report, sentence)
    before = [each for each in report.mentions.between(first, end) if parts.fits(total, each) and _matters(total, each)]
    before = before[-_REACH:]
    if not all(each.is_exact for each in before) or _makes(total, before):
        return None
    runs = [before[-size:] for size in range(len(before), 1, -1)]
    return next((run for run in runs if is_near(total, run, _OVER_SENTENCES)), None)


def _first_of_passage(report: Report, sentence: Sentence) -> int:
    """Where the list or paragraph begins that ends with `sentence`."""
    sentences, number_ = report.text.sentences, sentence.number
    while number_ > 0 and sentence.number - number_ < _REACH:
        before = sentences[number_ - 1]
        if before.is_row or not (before.paragraph == sentence.paragraph or before.is_item):
            break
        number_ -= 1
    return sentences[number_].start


def _following(report: Report) -> Iterator[Wrong]:
    """A large total, then at least three parts that miss it by next to nothing: no accident."""
    everything = [each for each in report.mentions.all if each.kind == "count" and each.is_exact]
    for place, total in enumerate(everything):
        if total.value < 1000 or parts.is_in_row(report, total):
            continue
        after = [each for each in everything[place + 1 : place + 1 + _REACH] if _is_close_by(report, total, each)]
        after = [each for each in after if parts.fits(total, each, loosely=True) and _matters(total, each)]
        if len(after) < 3 or _makes(total, after):
            continue
        runs = (after[first:last] for first in range(3) for last in range(first + 3, len(after) + 1))
        run = next((each for each in runs if is_near(total, each, _COINCIDENCE)), None)
        if run:
            yield total, run


def _matters(total: Mention, part: Mention) -> bool:
    """Line numbers of a table whose columns were lost would make any near miss."""
    return 2 * total.value * _COINCIDENCE < part.value < total.value


def _is_close_by(report: Report, total: Mention, other: Mention) -> bool:
    here, there = report.text.sentence_at(total.start), report.text.sentence_at(other.start)
    return (
        there.paragraph == here.paragraph
        or (there.number - here.number <= _REACH and there.is_item)
        or (there.number - here.number <= 2)
    )
