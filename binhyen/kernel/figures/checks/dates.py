"""Dates that cannot be: 31/02/2024, 29/02/2023, ngày 31 tháng 4; periods that end before they begin."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.report import Report
from binhyen.kernel.figures.text import Cue, Sentence

KIND = "impossible_date"
_FULL = Cue(r"(?<![\d.,/-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?((?:19|20)\d{2})(?![\d]|[.,/-]\d)")
_SHORT = Cue(r"(?<![^\W\d_])ngày\s+(\d{1,2})\s?([/-])\s?(\d{1,2})(?![\d]|\s?[/.,-]\s?\d|\s*%)")
_LONG = Cue(r"(?<![^\W\d_])ngày\s+(\d{1,2})\s+(tháng)\s+(\d{1,2})(?:\s+năm\s+(\d{4}))?(?!\d|[/.,-]\d)")
_LUNAR = Cue(r"âm lịch|\(âm\)|tháng giêng|tết")
_PERIOD = Cue(r"từ (?:ngày )?(\d{1,2}/\d{1,2}/\d{4}) (?:đến|tới)(?: hết)? (?:ngày )?(\d{1,2}/\d{1,2}/\d{4})(?!\d)")


def check(report: Report) -> Iterator[Finding]:
    """Days that no calendar has (the lunar one is left alone), and reversed periods."""
    for sentence in report.text.sentences:
        for cue in (_FULL, _SHORT, _LONG):
            for match in cue.within(sentence):
                year = int(match[4]) if cue is not _SHORT and match[4] else None
                reason = _why_not(int(match[1]), int(match[3]), year)
                if reason and not _LUNAR.first(sentence, match.end(), min(sentence.end, match.end() + 20)):
                    words = f"Không có ngày {report.shown(match.start(1), match.end())}: {reason}. Xin kiểm tra lại."
                    yield report.finding(KIND, match.start(1), match.end(), expected="", sentence=words)
        yield from _periods(report, sentence)


def _why_not(day: int, month: int, year: int | None) -> str:
    if not 1 <= month <= 12:
        return f"một năm chỉ có 12 tháng, không có tháng {month}"
    last = monthrange(year or 2024, month)[1]
    if not 1 <= day <= last:
        return f"tháng {month}{f'/{year}' if year else ''} có {last} ngày"
    return ""


def _periods(report: Report, sentence: Sentence) -> Iterator[Finding]:
    for match in _PERIOD.within(sentence):
        begins, ends = _date(match[1]), _date(match[2])
        if begins and ends and ends < begins:
            words = f"Thời gian “{report.shown(*match.span())}” kết thúc trước khi bắt đầu. Xin kiểm tra lại hai ngày."
            yield report.finding(KIND, match.start(), match.end(), expected="", sentence=words)


def _date(printed: str) -> date | None:
    day, month, year = map(int, printed.split("/"))
    return None if _why_not(day, month, year) or year == 0 else date(year, month, day)
