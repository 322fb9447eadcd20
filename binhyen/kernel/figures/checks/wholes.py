"""A part larger than its whole: "12 đối tượng, trong đó 15 nam"."""

from collections.abc import Iterator

from binhyen.kernel.figures.checks import parts
from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.report import Report
from binhyen.kernel.figures.text import Cue

KIND = "part_above_whole"
_AMONG = Cue(r"(?<![^\W\d_])(?:trong đó|trong số (?:này|đó))(?: có)?(?![^\W\d_])")


def check(report: Report) -> Iterator[Finding]:
    """The first amount after "trong đó" exceeds every amount of its kind before it."""
    for sentence in report.text.sentences:
        for cue in _AMONG.within(sentence) if not sentence.is_row else ():
            following = report.mentions.between(cue.end(), sentence.end)[:1]
            wholes = parts.totals_before(report, sentence, cue)
            if not following or not wholes or not following[0].is_exact:
                continue
            part = following[0]
            alike = [each for each in wholes if each.same_unit(part)]
            if alike and all(each.is_exact and each.value < part.value for each in wholes):
                whole = report.shown(alike[0].start, alike[0].number_end)
                words = (
                    f"Phần {report.shown(part.start, part.number_end)} lớn hơn tổng {whole} mà nó thuộc về. "
                    "Xin kiểm tra lại hai con số này."
                )
                yield report.finding(KIND, part.start, part.number_end, expected=f"≤ {whole}", sentence=words)
