"""Who has which turn while a rota is being worked out. Turns are bits of an integer: a check is one AND."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from binhyen.modules.groups.rota.turns import Limits, Person, Turn


@dataclass(frozen=True)
class _Link:
    """`person` takes `turn` and, where there is one, hands `dropped` on to whoever comes next."""

    person: int
    turn: int
    dropped: int | None
    before: "_Link | None"

    def chain(self) -> Iterator["_Link"]:
        """From here back to the first."""
        link: _Link | None = self
        while link is not None:
            yield link
            link = link.before


class Board:
    """People and turns by their place in the lists given."""

    def __init__(self, turns: Sequence[Turn], people: Sequence[Person], limits: Limits) -> None:
        self.turns, self.people, self.limits = turns, people, limits
        self.may = [sum(1 << t for t, turn in enumerate(turns) if person.can_come(turn)) for person in people]
        self.clashes = [sum(1 << u for u, other in enumerate(turns) if self._clash(turn, other)) for turn in turns]
        self.nights = sum(1 << t for t, turn in enumerate(turns) if turn.is_night)
        self.week = [
            sum(1 << u for u, other in enumerate(turns) if other.is_night and _week(other) == _week(turn))
            for turn in turns
        ]
        self.taken = [0] * len(people)
        self.gave_up = False

    def _clash(self, one: Turn, other: Turn) -> bool:
        rest = timedelta(hours=self.limits.rest_hours)
        return one.start < other.end + rest and other.start < one.end + rest

    def load(self, person: int) -> int:
        """How many turns the person has."""
        return self.taken[person].bit_count()

    def night_load(self, person: int) -> int:
        """How many of them are nights."""
        return (self.taken[person] & self.nights).bit_count()

    def fits(self, person: int, turn: int, without: int | None = None) -> bool:
        """Whether the person may take the turn, once they have given `without` away."""
        held = self.taken[person] if without is None else self.taken[person] & ~(1 << without)
        if not self.may[person] >> turn & 1 or held & self.clashes[turn]:
            return False
        is_night = self.nights >> turn & 1
        return not is_night or (held & self.week[turn]).bit_count() < self.limits.nights_per_week

    def held(self, person: int) -> list[int]:
        """The turns of the person."""
        return [turn for turn in range(len(self.turns)) if self.taken[person] >> turn & 1]

    def give(self, person: int, turn: int) -> None:
        """The person takes the turn."""
        self.taken[person] |= 1 << turn

    def take(self, person: int, turn: int) -> None:
        """The person no longer has the turn."""
        self.taken[person] &= ~(1 << turn)

    def place(self, turn: int, *, giver: int | None = None, below: int | None = None) -> bool:
        """Give `turn` to somebody, where needed by handing other turns on, so that whose turns grow has as few as can
        be, and fewer than `below`. `giver` had it and is left out of the chain. False: there is no such chain."""
        ends = [link for link in self._links(turn, giver) if link.dropped is None]
        if below is not None:
            ends = [link for link in ends if self.load(link.person) < below]
        if not ends:
            return False
        best = min(ends, key=lambda link: (self.load(link.person), self._night_price(link), link.person))
        for link in best.chain():
            if link.dropped is not None:
                self.take(link.person, link.dropped)
            self.give(link.person, link.turn)
        if giver is not None:
            self.take(giver, turn)
        return True

    def _night_price(self, link: _Link) -> int:
        return self.night_load(link.person) if self.nights >> link.turn & 1 else 0

    def _links(self, turn: int, giver: int | None) -> Iterator[_Link]:
        """Every way to hand on, breadth first; each pair of person and dropped turn once."""
        waiting: deque[tuple[int, _Link | None]] = deque([(turn, None)])
        seen: set[tuple[int, int | None]] = set()
        while waiting:
            wanted, before = waiting.popleft()
            busy = {link.person for link in before.chain()} if before else set()
            for person in range(len(self.people)):
                if person in busy or person == giver:
                    continue
                for dropped in (None, *self.held(person)):
                    if (person, dropped) in seen or not self.fits(person, wanted, dropped):
                        continue
                    seen.add((person, dropped))
                    link = _Link(person, wanted, dropped, before)
                    yield link
                    if dropped is not None:
                        waiting.append((dropped, link))


def _week(turn: Turn) -> tuple[int, int]:
    return turn.start.isocalendar()[:2]
