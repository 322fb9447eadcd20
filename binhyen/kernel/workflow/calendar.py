"""The Vietnamese working calendar: lunch break, weekends, holidays by sun and moon, swapped days.

Which time is worked is dated data (`calendar.json`, `holidays`); here it is counted. All sums are whole microseconds
of worked time since the calendar begins, so that adding and measuring are each other's inverse, exactly. A year is
laid out once; a question costs two searches in sorted lists, however many years it spans.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from binhyen.kernel.workflow.holidays import DayOff, DaysOff, InForce
from binhyen.kernel.workflow.lunar import LAST_YEAR

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""One zone without daylight saving, +07:00."""

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER_OFF = DaysOff()
LAST_DAY = date(LAST_YEAR, 12, 31)


class CalendarError(ValueError):
    """A moment of which the calendar knows nothing, or a calendar that cannot be read; the message is a sentence."""


@dataclass(frozen=True)
class Hours:
    """Worked periods of `weekdays` (0: Monday) while in force; of one unit and those below it, or (no unit) of all."""

    in_force: InForce
    periods: tuple[tuple[time, time], ...]
    weekdays: frozenset[int] = frozenset(range(5))
    unit: str = ""

    def hold_on(self, day: date, weekday: int) -> bool:
        """Whether they say what is worked on `day`, taken as the given weekday."""
        return weekday in self.weekdays and self.in_force.holds_on(day)


@dataclass(frozen=True)
class Opening:
    """Whether there is work at a moment, why not, and until when that stays so."""

    is_open: bool
    reason: str
    until: datetime


@dataclass(frozen=True)
class _Year:
    """Worked periods of one year in µs since 1970, and how much was worked in the year before each."""

    opens: list[int]
    closes: list[int]
    before: list[int]
    total: int


class Calendar:
    """Which time is worked. `hours`: of two rows that say something about a day, the first counts."""

    def __init__(self, hours: tuple[Hours, ...], days_off: DaysOff = _NEVER_OFF) -> None:
        self.hours = hours
        self.days_off = days_off
        self._off: dict[int, dict[date, DayOff]] = {}
        self._years: dict[int, _Year] = {}
        self._worked_before: dict[int, int] = {}

    # --- days ----------------------------------------------------------------------------------------------------
    @cached_property
    def first_day(self) -> date:
        """Before it nothing is known. Raises CalendarError for a calendar without hours."""
        if not self.hours:
            raise CalendarError("Lịch làm việc không có giờ làm việc nào.")
        return min(row.in_force.effective_from for row in self.hours)

    def reason_off(self, day: date) -> str:
        """Why `day` is off (“Tết Nguyên đán”, “Ngày nghỉ hằng tuần”), or nothing where it is worked."""
        if self._worked_on(day):
            return ""
        off = self.off_in(day.year).get(day)
        return off.name if off else "Ngày nghỉ hằng tuần"

    def off_in(self, year: int) -> Mapping[date, DayOff]:
        """Holidays and other days off of `year`, in their order; weekly rest is not among them."""
        if year not in self._off:
            self._off[year] = self.days_off.of_year(year)
        return self._off[year]

    def is_working_day(self, day: date) -> bool:
        """Whether anything is worked on `day`."""
        return not self.reason_off(day)

    def periods(self, day: date) -> list[tuple[datetime, datetime]]:
        """The worked periods of `day`, in order; none on a day off."""
        return [
            (datetime.combine(day, opens, VIETNAM), datetime.combine(day, closes, VIETNAM))
            for opens, closes in self._worked_on(day)
        ]

    @cached_property
    def _swapped(self) -> dict[date, date]:
        return {swap.worked: swap.off for swap in self.days_off.swaps}

    def _worked_on(self, day: date) -> tuple[tuple[time, time], ...]:
        instead_of = self._swapped.get(day)
        if instead_of is not None:  # a Saturday worked for a Monday has Monday's hours
            return self._periods_on(day, instead_of.weekday())
        return () if day in self.off_in(day.year) else self._periods_on(day, day.weekday())

    def _periods_on(self, day: date, weekday: int) -> tuple[tuple[time, time], ...]:
        return next((row.periods for row in self.hours if row.hold_on(day, weekday)), ())

    # --- worked time ---------------------------------------------------------------------------------------------
    def add(self, start: datetime, length: timedelta) -> datetime:
        """The first moment at which `length` of worked time since `start` has passed; with nothing to add, `start`
        or the next opening. Raises CalendarError."""
        if length < timedelta(0):
            return self.subtract(start, -length)
        if not length:
            return start if self._is_open(_us(start)) else self.next_opening(start)
        return self._first_with(self._worked_until(start) + length // _MICROSECOND, start.astimezone(VIETNAM).year)

    def subtract(self, end: datetime, length: timedelta) -> datetime:
        """The last moment from which `length` of worked time passes until `end`; with nothing to take away, `end` or
        the last closing before it. Raises CalendarError."""
        if not length:
            return end if self._is_open(_us(end)) else self._first_with(self._worked_until(end), self.first_day.year)
        wanted, year = self._worked_until(end) - length // _MICROSECOND, end.astimezone(VIETNAM).year
        while wanted < self._before(year) or not self._year(year).opens:
            year -= 1
        table, rest = self._year(year), wanted - self._before(year)
        index = bisect_right(table.before, rest) - 1
        return _moment(table.opens[index] + rest - table.before[index])

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Worked time from `start` to `end`; negative where `end` is earlier. Raises CalendarError."""
        return (self._worked_until(end) - self._worked_until(start)) * _MICROSECOND

    def add_hours(self, start: datetime, hours: float) -> datetime:
        """`add` of hours."""
        return self.add(start, timedelta(hours=hours))

    def add_days(self, start: datetime, days: int) -> datetime:
        """The closing hour of the `days`-th working day after the day of `start`.

        So the law counts days: from the one that follows (Civil Code 2015 art. 147, 148). Raises CalendarError.
        """
        day = start.astimezone(VIETNAM).date()
        left = max(days, 1)
        while left:
            day += timedelta(days=1)
            closes = self._closing(day)
            left -= closes is not None
        return closes  # type: ignore[return-value]  # the loop ends on a working day

    def _closing(self, day: date) -> datetime | None:
        """When the last period of `day` ends; None on a day off."""
        table = self._year(day.year)
        index = bisect_left(table.opens, _us(datetime.combine(day + timedelta(days=1), time.min, VIETNAM))) - 1
        if index < 0 or table.opens[index] < _us(datetime.combine(day, time.min, VIETNAM)):
            return None
        return _moment(table.closes[index])

    # --- open and closed -----------------------------------------------------------------------------------------
    def at(self, moment: datetime) -> Opening:
        """Whether there is work at `moment`, why not, and until when. Raises CalendarError."""
        here = _us(moment)
        if self._is_open(here):
            table = self._year(moment.astimezone(VIETNAM).year)
            return Opening(True, "", _moment(table.closes[bisect_right(table.opens, here) - 1]))
        return Opening(False, self._reason_closed(moment), self.next_opening(moment))

    def next_opening(self, moment: datetime) -> datetime:
        """When work begins next, after `moment`. Raises CalendarError."""
        here, year = _us(moment), moment.astimezone(VIETNAM).year
        while True:
            table = self._year(year)
            index = bisect_right(table.opens, here)
            if index < len(table.opens):
                return _moment(table.opens[index])
            year += 1

    def _reason_closed(self, moment: datetime) -> str:
        day = moment.astimezone(VIETNAM).date()
        off = self.reason_off(day)
        if off:
            return off
        periods = self.periods(day)
        between = periods[0][1] <= moment < periods[-1][0]
        return "Giờ nghỉ trưa" if between else "Ngoài giờ làm việc"

    def _is_open(self, here: int) -> bool:
        table = self._year(_moment(here).year)
        index = bisect_right(table.opens, here) - 1
        return index >= 0 and here < table.closes[index]

    # --- the count -----------------------------------------------------------------------------------------------
    def _worked_until(self, moment: datetime) -> int:
        here, year = _us(moment), moment.astimezone(VIETNAM).year
        table = self._year(year)
        index = bisect_right(table.opens, here) - 1
        if index < 0:
            return self._before(year)
        return self._before(year) + table.before[index] + min(here, table.closes[index]) - table.opens[index]

    def _first_with(self, worked: int, year: int) -> datetime:
        """The first moment with so many µs worked before it; not before `year`."""
        while self._before(year + 1) < worked:
            year += 1
        table, rest = self._year(year), worked - self._before(year)
        index = bisect_left(table.before, rest) - 1
        if index < 0:
            raise CalendarError(f"Lịch làm việc chỉ có từ {self.first_day:%d/%m/%Y}.")
        return _moment(table.opens[index] + rest - table.before[index])

    def _before(self, year: int) -> int:
        """µs worked in all years before `year`."""
        if year <= self.first_day.year:
            self._year(year)  # refuses a year before the first
            return 0
        if year not in self._worked_before:
            self._worked_before[year] = self._before(year - 1) + self._year(year - 1).total
        return self._worked_before[year]

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            if not self.first_day.year <= year <= LAST_DAY.year:
                raise CalendarError(
                    f"Lịch làm việc chỉ có từ {self.first_day:%d/%m/%Y} đến {LAST_DAY:%d/%m/%Y}, không có năm {year}."
                )
            self._years[year] = self._laid_out(year)
        return self._years[year]

    def _laid_out(self, year: int) -> _Year:
        found = _Year([], [], [], 0)
        worked, day = 0, date(year, 1, 1)
        while day.year == year and day <= LAST_DAY:
            for opens, closes in self._worked_on(day):
                begin, end = (_us(datetime.combine(day, moment, VIETNAM)) for moment in (opens, closes))
                found.opens.append(begin)
                found.closes.append(end)
                found.before.append(worked)
                worked += end - begin
            day += timedelta(days=1)
        return _Year(found.opens, found.closes, found.before, worked)


def _us(moment: datetime) -> int:
    """µs since 1970 of an aware datetime."""
    return (moment - _EPOCH) // _MICROSECOND


def _moment(us: int) -> datetime:
    return (_EPOCH + us * _MICROSECOND).astimezone(VIETNAM)
