"""A rota as a picture: weeks of days, each with its shifts and who has them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.timezone import localdate

from binhyen.modules.groups.models import Duty, Rota, Shift


@dataclass(frozen=True)
class ShiftCell:
    """A shift in a day's square."""

    shift: Shift
    duties: list[Duty]
    is_mine: bool


@dataclass(frozen=True)
class Day:
    """A square of the calendar. `is_inside`: belongs to the period."""

    day: date
    is_inside: bool
    is_today: bool
    shifts: list[ShiftCell] = field(default_factory=list)

    @property
    def is_mine(self) -> bool:
        return any(cell.is_mine for cell in self.shifts)


def weeks_of(
    rota: Rota, user_id: int | None, *, first: date | None = None, last: date | None = None
) -> list[list[Day]]:
    """Whole weeks from Monday to Sunday that hold the period (or [first, last] of it)."""
    first, last = first or rota.first_day, last or rota.last_day
    shifts = rota.shifts.prefetch_related("duties__member").order_by("starts_at", "pk")
    by_day: dict[date, list[ShiftCell]] = {}
    for shift in shifts:
        duties = sorted(shift.duties.all(), key=lambda duty: duty.member.name_order)
        mine = user_id is not None and any(duty.member.user_id == user_id for duty in duties)
        by_day.setdefault(localdate(shift.starts_at), []).append(ShiftCell(shift, duties, mine))
    monday = first - timedelta(days=first.weekday())
    sunday = last + timedelta(days=6 - last.weekday())
    days = [monday + timedelta(days=n) for n in range((sunday - monday).days + 1)]
    squares = [Day(day, first <= day <= last, day == localdate(), by_day.get(day, [])) for day in days]
    return [squares[at : at + 7] for at in range(0, len(squares), 7)]


def days_inside(weeks: Iterable[list[Day]]) -> list[Day]:
    """The days of the period that have a shift, in order."""
    return [day for week in weeks for day in week if day.is_inside and day.shifts]
