"""Days off of any year: rules of the Labour Code as dated data, and what was decided for a year.

Labour Code 45/2019/QH14: art. 112 names the holidays; the Prime Minister decides each year which days next to Tết and
to 2 September are off (112.3); a holiday on a weekly day of rest is made up on the next working day (111.3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from binhyen.kernel.workflow.lunar import LunarDate, solar_date

_DAY = timedelta(days=1)
UNCHECKED = "cần pháp chế kiểm tra"


@dataclass(frozen=True)
class InForce:
    """From a date until another (exclusive; None: still), with the text that says so."""

    effective_from: date
    effective_to: date | None
    legal_basis: str

    def holds_on(self, day: date) -> bool:
        """Whether `day` falls into it."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


@dataclass(frozen=True)
class HolidayRule:
    """`length_days` off at `month`/`day` (of the lunar year where `lunar`), beginning so many days after it as one of
    `begins` says; where nobody has decided, as gives the longest row of days off, of equals the first named."""

    name: str
    month: int
    day: int
    in_force: InForce
    lunar: bool = False
    length_days: int = 1
    begins: tuple[int, ...] = (0,)

    def named_day(self, year: int) -> date:
        """The day that the law names, in `year`."""
        if self.lunar:
            return solar_date(LunarDate(year, self.month, self.day))
        return date(year, self.month, self.day)


@dataclass(frozen=True)
class Decision:
    """For the year of `begins` it was decided on which day the holiday begins."""

    holiday: str
    begins: date
    legal_basis: str


@dataclass(frozen=True)
class Swap:
    """A working day given off, and the day of rest that is worked for it."""

    off: date
    worked: date
    legal_basis: str


@dataclass(frozen=True)
class DayOff:
    """Why a day is off. `is_unchecked`: no legal officer has looked at the basis."""

    day: date
    name: str
    legal_basis: str

    @property
    def is_unchecked(self) -> bool:
        return UNCHECKED in self.legal_basis


@dataclass(frozen=True)
class DaysOff:
    """All that is known of days off."""

    rules: tuple[HolidayRule, ...] = ()
    substitution: tuple[InForce, ...] = ()
    decisions: tuple[Decision, ...] = ()
    swaps: tuple[Swap, ...] = ()
    weekly_rest: frozenset[int] = frozenset({5, 6})

    def of_year(self, year: int) -> dict[date, DayOff]:
        """Holidays, days made up for them, and swapped days, in their order. Weekly rest alone is not among them."""
        holidays = [off for rule in self.rules for off in self._days_of(rule, year)]
        found = {off.day: off for off in sorted(holidays, key=lambda off: off.day)}
        for off in list(found.values()):
            if off.day.weekday() in self.weekly_rest:
                found |= self._made_up(off, found)
        for swap in self.swaps:
            if swap.off.year == year:
                words = f"Hoán đổi với ngày làm việc {swap.worked:%d/%m/%Y}"
                found.setdefault(swap.off, DayOff(swap.off, words, swap.legal_basis))
        return dict(sorted(found.items()))

    def undecided(self, year: int) -> list[str]:
        """Names of holidays whose days in `year` are computed because no decision is known."""
        open_rules = (rule for rule in self.rules if len(rule.begins) > 1 and self._applies(rule, year))
        return [rule.name for rule in open_rules if self._decision(rule, year) is None]

    def _applies(self, rule: HolidayRule, year: int) -> bool:
        return rule.in_force.holds_on(rule.named_day(year))

    def _days_of(self, rule: HolidayRule, year: int) -> list[DayOff]:
        if not self._applies(rule, year):
            return []
        decision = self._decision(rule, year)
        begins = decision.begins if decision else self._longest(rule, year)
        basis = decision.legal_basis if decision else rule.in_force.legal_basis
        if decision is None and len(rule.begins) > 1:
            basis = f"{basis}; chưa có quyết định của năm {year}, {UNCHECKED}"
        return [DayOff(begins + _DAY * index, rule.name, basis) for index in range(rule.length_days)]

    def _decision(self, rule: HolidayRule, year: int) -> Decision | None:
        fitting = (each for each in self.decisions if each.holiday == rule.name and each.begins.year == year)
        return next(fitting, None)

    def _longest(self, rule: HolidayRule, year: int) -> date:
        """The first day that the rule allows from which most days in a row are off."""
        named = rule.named_day(year)
        return max((named + _DAY * shift for shift in rule.begins), key=lambda day: self._run(day, rule.length_days))

    def _run(self, begins: date, length_days: int) -> int:
        off = {begins + _DAY * index: DayOff(begins, "", "") for index in range(length_days)}
        for day in sorted(off):
            if day.weekday() in self.weekly_rest:
                off |= self._made_up(DayOff(day, "", ""), off)
        first = last = begins
        while self._rests(first - _DAY, off):
            first -= _DAY
        while self._rests(last + _DAY, off):
            last += _DAY
        return (last - first).days

    def _rests(self, day: date, off: Iterable[date]) -> bool:
        return day in off or day.weekday() in self.weekly_rest

    def _made_up(self, off: DayOff, taken: dict[date, DayOff]) -> dict[date, DayOff]:
        basis = next((each.legal_basis for each in self.substitution if each.holds_on(off.day)), None)
        if basis is None:
            return {}
        day = off.day + _DAY
        while self._rests(day, taken):
            day += _DAY
        return {day: DayOff(day, f"Nghỉ bù {off.name}", basis)}


def merged(known: Sequence[DaysOff]) -> DaysOff:
    """What several sources know together; of two decisions on one holiday and year the later source's counts."""
    return DaysOff(
        rules=tuple(rule for each in known for rule in each.rules),
        substitution=tuple(rule for each in known for rule in each.substitution),
        decisions=tuple(decision for each in reversed(known) for decision in each.decisions),
        swaps=tuple(swap for each in known for swap in each.swaps),
        weekly_rest=known[0].weekly_rest,
    )
