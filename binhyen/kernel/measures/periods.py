"""Periods that a station reports for: day, week, month, quarter, 6, 9 and 12 months, and a campaign of its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1900, 2200


class PeriodKind(StrEnum):
    """How long a period is; the value is its word."""

    DAY = "Ngày"
    WEEK = "Tuần"
    MONTH = "Tháng"
    QUARTER = "Quý"
    HALF = "6 tháng"
    NINE_MONTHS = "9 tháng"
    YEAR = "Năm"
    CAMPAIGN = "Đợt"


@dataclass(frozen=True, order=True)
class Period:
    """The days from `first` to `last`, both included; `code` is how an address says it: 2022-03-01, 2022-W05, 2022-03,
    2022-Q1, 2022-H1, 2022-9M, 2022, 2022-01-15..2022-03-15."""

    first: date
    last: date
    kind: PeriodKind
    code: str

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period that `text` stands for. Raises ValueError with a sentence for the person."""
        for shape, build in _SHAPES:
            found = shape.fullmatch(text.strip())
            if found:
                try:
                    return _checked(build(found), text)
                except ValueError as error:
                    raise ValueError(_refusal(text)) from error
        raise ValueError(_refusal(text))

    @property
    def label(self) -> str:
        """“Năm 2022”, “Quý I/2022”, “6 tháng đầu năm 2022”, “Từ 15/01/2022 đến 15/03/2022”."""
        first, last, year = self.first, self.last, self.first.year
        match self.kind:
            case PeriodKind.DAY:
                return f"Ngày {first:%d/%m/%Y}"
            case PeriodKind.WEEK:
                week = first.isocalendar()
                return f"Tuần {week.week}/{week.year} ({first:%d/%m}–{last:%d/%m/%Y})"
            case PeriodKind.MONTH:
                return f"Tháng {first:%m/%Y}"
            case PeriodKind.QUARTER:
                return f"Quý {('I', 'II', 'III', 'IV')[first.month // 3]}/{year}"
            case PeriodKind.HALF:
                return f"6 tháng {'đầu' if first.month == 1 else 'cuối'} năm {year}"
            case PeriodKind.NINE_MONTHS:
                return f"9 tháng đầu năm {year}"
            case PeriodKind.YEAR:
                return f"Năm {year}"
        return f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}"

    def previous(self) -> "Period":
        """The one to compare with: the day, week, month, quarter, half or year before; for nine months the same of
        the year before; for a campaign as many days before it."""
        first, before = self.first, self.first - timedelta(days=1)
        match self.kind:
            case PeriodKind.DAY:
                return day(before)
            case PeriodKind.WEEK:
                return week(before)
            case PeriodKind.MONTH:
                return month(before.year, before.month)
            case PeriodKind.QUARTER:
                return quarter(before.year, (before.month + 2) // 3)
            case PeriodKind.HALF:
                return half(before.year, 1 if before.month == 6 else 2)
            case PeriodKind.NINE_MONTHS:
                return nine_months(first.year - 1)
            case PeriodKind.YEAR:
                return year(first.year - 1)
        return campaign(first - (self.last - first) - timedelta(days=1), before)

    def year_before(self) -> "Period":
        """The same period of the year before, as reports compare: “so với cùng kỳ”. A leap day becomes the day before
        it; a week keeps its number where that year has it."""
        first, last = self.first, self.last
        if self.kind is PeriodKind.WEEK:
            iso = first.isocalendar()
            return week(date.fromisocalendar(iso.year - 1, min(iso.week, weeks_in(iso.year - 1)), 1))
        if self.kind is PeriodKind.DAY:
            return day(_a_year_earlier(first))
        if self.kind is PeriodKind.CAMPAIGN:
            return campaign(_a_year_earlier(first), _a_year_earlier(last))
        return Period.parse(self.code.replace(str(first.year), str(first.year - 1), 1))

    def __str__(self) -> str:
        return self.label


def day(at: date) -> Period:
    """One day."""
    return Period(at, at, PeriodKind.DAY, at.isoformat())


def week(at: date) -> Period:
    """The week of `at`, Monday to Sunday, numbered by ISO 8601."""
    first = at - timedelta(days=at.weekday())
    iso = first.isocalendar()
    return Period(first, first + timedelta(days=6), PeriodKind.WEEK, f"{iso.year}-W{iso.week:02}")


def month(year_: int, number: int) -> Period:
    """One month of the calendar."""
    return _months(year_, number, 1, PeriodKind.MONTH, f"{year_}-{number:02}")


def quarter(year_: int, number: int) -> Period:
    """A quarter, 1 to 4."""
    return _months(year_, number * 3 - 2, 3, PeriodKind.QUARTER, f"{year_}-Q{number}")


def half(year_: int, number: int) -> Period:
    """The first or the second six months."""
    return _months(year_, number * 6 - 5, 6, PeriodKind.HALF, f"{year_}-H{number}")


def nine_months(year_: int) -> Period:
    """January to September."""
    return _months(year_, 1, 9, PeriodKind.NINE_MONTHS, f"{year_}-9M")


def year(number: int) -> Period:
    """A calendar year."""
    return _months(number, 1, 12, PeriodKind.YEAR, str(number))


def campaign(first: date, last: date) -> Period:
    """Any days in a row. Raises ValueError where they end before they begin."""
    if last < first:
        raise ValueError(f"Ngày kết thúc {last:%d/%m/%Y} trước ngày bắt đầu {first:%d/%m/%Y}.")
    return Period(first, last, PeriodKind.CAMPAIGN, f"{first.isoformat()}..{last.isoformat()}")


def _months(year_: int, first: int, count: int, kind: PeriodKind, code: str) -> Period:
    after = date(year_ + (first + count > 12), (first + count - 1) % 12 + 1, 1)
    return Period(date(year_, first, 1), after - timedelta(days=1), kind, code)


def weeks_in(year_: int) -> int:
    """52 or 53."""
    return date(year_, 12, 28).isocalendar().week


def _a_year_earlier(at: date) -> date:
    return at.replace(year=at.year - 1, day=28) if (at.month, at.day) == (2, 29) else at.replace(year=at.year - 1)


def _checked(found: Period, text: str) -> Period:
    if not FIRST_YEAR <= found.first.year <= found.last.year <= LAST_YEAR:
        raise ValueError(_refusal(text))
    return found


def _refusal(text: str) -> str:
    return (
        f"Không hiểu kỳ “{text[:40]}”. Hãy viết như 2026-11-21 (ngày), 2026-W47 (tuần), 2026-11 (tháng), "
        "2026-Q4 (quý), 2026-H1 (6 tháng), 2026-9M (9 tháng), 2026 (năm) hoặc 2026-01-15..2026-03-15 (đợt)."
    )


_Shape = tuple[re.Pattern[str], Callable[[re.Match[str]], Period]]
_DAY = r"(\d{4}-\d{2}-\d{2})"
_SHAPES: tuple[_Shape, ...] = (
    (re.compile(_DAY, re.ASCII), lambda m: day(date.fromisoformat(m[1]))),
    (re.compile(r"(\d{4})-W(\d{2})", re.ASCII), lambda m: week(date.fromisocalendar(int(m[1]), int(m[2]), 1))),
    (re.compile(r"(\d{4})-(\d{2})", re.ASCII), lambda m: month(int(m[1]), int(m[2]))),
    (re.compile(r"(\d{4})-Q([1-4])", re.ASCII), lambda m: quarter(int(m[1]), int(m[2]))),
    (re.compile(r"(\d{4})-H([12])", re.ASCII), lambda m: half(int(m[1]), int(m[2]))),
    (re.compile(r"(\d{4})-9M", re.ASCII), lambda m: nine_months(int(m[1]))),
    (re.compile(r"(\d{4})", re.ASCII), lambda m: year(int(m[1]))),
    (re.compile(rf"{_DAY}\.\.{_DAY}", re.ASCII),
     lambda m: campaign(date.fromisoformat(m[1]), date.fromisoformat(m[2]))),
)  # fmt: skip
