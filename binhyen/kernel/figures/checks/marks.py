"""Decimal marks: "95,9 %" beside "81.8 %". A point that begins decimals where points group thousands or commas
do it."""

from collections.abc import Iterator

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.mentions import Mention
from binhyen.kernel.figures.report import Report
from binhyen.kernel.vietnamese.syllables import set_of

KIND = "decimal_mark"
_KINDS = ("percent", "money", "measure")
_NEVER = set_of("ghz mhz inch v h fps px mbps gbps mb gb tb giờ gio hạng")


def check(report: Report) -> Iterator[Finding]:
    """Points before decimals, where the text also has decimal commas or groups thousands by points."""
    points = [each for each in report.mentions.all if each.mark == "." and _has_unit(each)]
    if not points or not _uses_the_other(report):
        return
    for each in points:
        end = _end(report, each)
        printed = report.text.composed[each.start : each.number_end]
        right = printed.replace(",", " ").replace(".", ",").replace(" ", ".")
        expected = right + report.text.composed[each.number_end : end]
        sentence = (
            f"“{report.shown(each.start, end)}” dùng dấu chấm trước phần thập phân, chỗ khác trong văn bản thì không. "
            f"Xin viết thống nhất: {' '.join(expected.split())}."
        )
        yield report.finding(KIND, each.start, end, expected=" ".join(expected.split()), sentence=sentence)


def _has_unit(mention: Mention) -> bool:
    if mention.unit and mention.unit[0] in _NEVER:
        return False
    if mention.stuck and mention.kind == "measure":
        return False
    return mention.kind in _KINDS or mention.factor > 1


def _end(report: Report, mention: Mention) -> int:
    if mention.kind != "percent":
        return mention.number_end
    return report.text.reading.find("%", mention.number_end, mention.unit_end + 1) + 1 or mention.number_end


def _uses_the_other(report: Report) -> bool:
    """Whether a comma begins decimals somewhere, or a point groups thousands."""
    for each in report.mentions.all:
        printed = report.text.reading[each.start : each.number_end]
        if each.mark == "," or ("." in printed and each.mark != "."):
            return True
    return False
