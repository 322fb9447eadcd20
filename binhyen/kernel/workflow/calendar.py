"""The Vietnamese working calendar: lunch break, weekends, days off, made-up working days.

Dated data in `calendar.json`, not code. Vietnam has one zone without daylight saving, +07:00.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_SATURDAY = 5


@dataclass(frozen=True)
class Hours:
    """Working periods of a day, valid from a date until another (exclusive; None: still)."""

    effective_from: date
    effective_to: date | None
    periods: tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class Calendar:
    """Which hours are worked."""

    hours: tuple[Hours, ...]
    days_off: dict[date, str]
    made_up: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Weekdays that are not off, and weekend days worked to make up for one."""
        return day in self.made_up or (day.weekday() < _SATURDAY and day not in self.days_off)

    def periods(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The worked periods of `day`, in order; none on a day off."""
        if not self.is_working_day(day):
            return
        for hours in self.hours:
            if hours.effective_from <= day and (hours.effective_to is None or day < hours.effective_to):
                for start, end in hours.periods:
                    yield datetime.combine(day, start, VIETNAM), datetime.combine(day, end, VIETNAM)

    def add_hours(self, start: datetime, hours: float) -> datetime:
        """The instant at which `hours` of working time since `start` have passed.

        Raises ValueError where the calendar has no working time in the ten years after `start`.
        """
        left = timedelta(hours=hours)
        here = start.astimezone(VIETNAM)
        for offset in range(3660):
            for opens, closes in self.periods(here.date() + timedelta(days=offset)):
                begins = max(opens, here)
                if begins >= closes:
                    continue
                if closes - begins >= left:
                    return begins + left
                left -= closes - begins
        raise ValueError(f"the calendar has too little working time after {start}")


@cache
def vietnam() -> Calendar:
    """The calendar in `calendar.json`."""
    stored = json.loads(Path(__file__).with_name("calendar.json").read_text())
    return Calendar(
        hours=tuple(
            Hours(
                date.fromisoformat(row["effective_from"]),
                date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
                tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in row["periods"]),
            )
            for row in stored["hours"]
        ),
        days_off={date.fromisoformat(row["date"]): row["name"] for row in stored["days_off"]},
        made_up=frozenset(date.fromisoformat(row["date"]) for row in stored["made_up_working_days"]),
    )


def add_working_hours(start: datetime, hours: float) -> datetime:
    """`Calendar.add_hours` by the Vietnamese calendar."""
    return vietnam().add_hours(start, hours)
