"""Ranks and steps: "từ hạng 12 lên hạng 3, vượt 9 bậc" is right, 8 would not be."""

from collections.abc import Iterator
from decimal import Decimal

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.report import Report
from binhyen.kernel.figures.text import Cue, Sentence

KIND = "rank"
_RANK = r"(?:vị trí|vị thứ|hạng|thứ hạng|thứ|bậc|xếp thứ)"
_MOVE = Cue(
    rf"từ (?:{_RANK} )*(?:thứ )?(\d{{1,3}})(?:\s?/\s?\d+)?(?: năm \d{{4}})?[^\d.;]{{0,30}}?"
    rf"(?:lên|xuống|vươn lên|tụt xuống|thành|còn|sang)[^\d.;]{{0,25}}?(\d{{1,3}})(?:\s?/\s?\d+)?(?![\d.,]*\d)"
)
_STEPS = Cue(
    r"(?:vượt|tăng|giảm|nhảy|lên|tụt|xuống|cải thiện|thăng)\s+(?:thêm\s+|được\s+)?(\d{1,3})\s+(?:bậc"
    r"|thứ bậc|hạng|thứ hạng)"
)
_WORD = Cue(rf"(?<![^\W\d_])(?:{_RANK}|bậc)(?![^\W\d_])")


def check(report: Report) -> Iterator[Finding]:
    """A move from one rank to another whose number of steps is printed and is not the difference."""
    for sentence in report.text.sentences:
        yield from _in_sentence(report, sentence)


def _in_sentence(report: Report, sentence: Sentence) -> Iterator[Finding]:
    steps = list(_STEPS.within(sentence))
    moves = list(_MOVE.within(sentence)) if steps else []
    if len(steps) != 1 or len(moves) != 1 or not _WORD.first(sentence, moves[0].start(), moves[0].end()):
        return
    before, after, printed = Decimal(moves[0][1]), Decimal(moves[0][2]), Decimal(steps[0][1])
    right = abs(before - after)
    if right != printed:
        sentence_ = (
            f"Từ hạng {before} đến hạng {after} là {right} bậc, nhưng văn bản ghi {printed} bậc. "
            "Xin kiểm tra lại hai thứ hạng và số bậc."
        )
        yield report.finding(KIND, *steps[0].span(1), expected=str(right), sentence=sentence_)
