"""The calendar in use: what the law says of all, and what a station has added for itself.

`calendar.json` beside this file holds for the country; `settings.BINHYEN_CALENDAR` names a file of the installation in
the same form: hours of a unit (`"unit": code`; they hold for the units below it as well), and decisions and swaps
announced after this release. A file that cannot be read is named when the station starts.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from binhyen.kernel.units.models import Unit
from binhyen.kernel.workflow.calendar import Calendar, CalendarError, Hours, Opening
from binhyen.kernel.workflow.holidays import DaysOff, Decision, HolidayRule, InForce, Swap, merged

COUNTRY = Path(__file__).with_name("calendar.json")


def vietnam() -> Calendar:
    """The calendar of a unit without hours of its own."""
    return _calendar(())


def calendar_for(unit: Unit | None) -> Calendar:
    """The calendar of `unit`: its own hours, else those of the unit above it, else the country's."""
    known = {row.unit for row in _sources()[0] if row.unit}
    if unit is None or not known:
        return vietnam()
    codes = tuple(each.code for each in unit.with_those_above() if each.code in known)
    return _calendar(codes)


def add_working_hours(start: datetime, hours: float, *, unit: Unit | None = None) -> datetime:
    """The moment at which so many hours have been worked since `start`; fewer than none goes back."""
    return calendar_for(unit).add_hours(start, hours)


def add_working_days(start: datetime, days: int, *, unit: Unit | None = None) -> datetime:
    """The closing hour of the `days`-th working day after the day of `start`, as the law counts days."""
    return calendar_for(unit).add_days(start, days)


def working_time_between(start: datetime, end: datetime, *, unit: Unit | None = None) -> timedelta:
    """Worked time from `start` to `end`; negative where `end` is earlier."""
    return calendar_for(unit).between(start, end)


def opening_at(moment: datetime, *, unit: Unit | None = None) -> Opening:
    """Whether the station works at `moment`, why not (“Giờ nghỉ trưa”), and until when that stays so."""
    return calendar_for(unit).at(moment)


@cache
def _calendar(codes: tuple[str, ...]) -> Calendar:
    hours, days_off = _sources()
    own = [row for code in codes for row in hours if row.unit == code]
    return Calendar((*own, *(row for row in hours if not row.unit)), days_off)


@cache
def _sources() -> tuple[tuple[Hours, ...], DaysOff]:
    added = Path(settings.BINHYEN_CALENDAR)
    return read_calendar([COUNTRY, *([added] if added.exists() else [])])


def forget_calendar() -> None:
    """Read the files anew at the next question."""
    _sources.cache_clear()
    _calendar.cache_clear()


def read_calendar(files: Sequence[Path]) -> tuple[tuple[Hours, ...], DaysOff]:
    """What the files know; hours of a later one are asked first. Raises CalendarError naming file and fault."""
    hours: list[Hours] = []
    days_off: list[DaysOff] = []
    for file in files:
        try:
            stored = json.loads(file.read_text())
            hours[:0] = [_hours(row) for row in stored.get("hours", ())]
            days_off.append(_days_off(stored))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise CalendarError(f"Không đọc được lịch làm việc {file}: {type(error).__name__}: {error}.") from error
    return tuple(hours), merged(days_off)


def _days_off(stored: dict[str, Any]) -> DaysOff:
    return DaysOff(
        rules=tuple(_rule(row) for row in stored.get("holidays", ())),
        substitution=tuple(_in_force(row) for row in stored.get("substitution", ())),
        decisions=tuple(
            Decision(row["holiday"], date.fromisoformat(row["begins"]), row["legal_basis"])
            for row in stored.get("decisions", ())
        ),
        swaps=tuple(
            Swap(date.fromisoformat(row["off"]), date.fromisoformat(row["worked"]), row["legal_basis"])
            for row in stored.get("swaps", ())
        ),
        weekly_rest=frozenset(stored.get("weekly_rest", ())),
    )


def _rule(row: dict[str, Any]) -> HolidayRule:
    return HolidayRule(
        name=row["name"],
        month=row["month"],
        day=row["day"],
        in_force=_in_force(row),
        lunar=row.get("lunar", False),
        length_days=row.get("length_days", 1),
        begins=tuple(row.get("begins", (0,))),
    )


def _hours(row: dict[str, Any]) -> Hours:
    periods = tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in row["periods"])
    edges = [moment for period in periods for moment in period]
    if edges != sorted(set(edges)):
        raise ValueError("giờ bắt đầu và kết thúc của một ngày phải tăng dần")
    return Hours(_in_force(row), periods, frozenset(row.get("weekdays", range(5))), row.get("unit", ""))


def _in_force(row: dict[str, Any]) -> InForce:
    until = row.get("effective_to")
    return InForce(
        date.fromisoformat(row["effective_from"]), date.fromisoformat(until) if until else None, row["legal_basis"]
    )
