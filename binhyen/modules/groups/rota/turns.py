"""What a rota is asked of and what it answers."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

NIGHT_FROM, NIGHT_UNTIL = time(22), time(6)
"""Night work. Bộ luật Lao động 2019, Điều 106; used here by analogy, for volunteers. Cần pháp chế kiểm tra."""


@dataclass(frozen=True)
class Turn:
    """One turn of duty for `needs` people. Times are local and carry no zone."""

    key: int
    name: str
    start: datetime
    end: datetime
    needs: int
    is_night: bool

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that the turn touches."""
        return self.start.date(), (self.end - timedelta(microseconds=1)).date()

    @property
    def words(self) -> str:
        return f"{self.name} ngày {self.start:%d/%m/%Y}"


@dataclass(frozen=True)
class Person:
    """Somebody who takes turns. `away`: first and last day of each leave, both included."""

    key: int
    name: str
    away: tuple[tuple[date, date], ...] = ()

    def can_come(self, turn: Turn) -> bool:
        """Whether no leave touches the turn."""
        first, last = turn.days
        return all(last < start or end < first for start, end in self.away)


@dataclass(frozen=True)
class Limits:
    """`rest_hours` between two turns of a person; at most so many nights from Monday to Sunday."""

    rest_hours: float = 10
    nights_per_week: int = 3


@dataclass(frozen=True)
class Plan:
    """Who takes which turn, as pairs of the turn's and the person's key; `left_out`: away during every turn."""

    duties: tuple[tuple[int, int], ...]
    left_out: tuple[Person, ...] = ()
    nights: frozenset[int] = field(default=frozenset())

    def loads(self) -> dict[int, int]:
        """Turns of each person who has any."""
        return dict(Counter(person for _, person in self.duties))

    def night_loads(self) -> dict[int, int]:
        """Nights of each person who has any."""
        return dict(Counter(person for turn, person in self.duties if turn in self.nights))


class NoRota(Exception):
    """There is no fair rota; the sentences say why and what would help."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence, self.remedy = sentence, remedy


def is_night(start: datetime, end: datetime) -> bool:
    """Whether a part of [start, end) lies between 22:00 and 06:00."""
    day = datetime.combine(start.date(), time())
    nights = [
        (datetime.combine(each - timedelta(days=1), NIGHT_FROM), datetime.combine(each, NIGHT_UNTIL))
        for each in (day.date() + timedelta(days=n) for n in range((end - day).days + 2))
    ]
    return any(start < until and from_ < end for from_, until in nights)
