"""What a map may say of households, also over time (T02). Pure: no table, no clock.

Homes, not cameras, are counted: cameras that share an owner or a spot are one home. Each home may be counted in one of
its areas, the finest that can carry it: the H3 cell inside its commune, the commune, the unit above. An area is shown
with a number of seats or not at all, and these are the rules:

1. Seats come and go in fives. So no number, and no difference between two numbers of whatever areas and weeks, is one
   to four.
2. New seats are taken by as many homes that were shown nowhere before, or that take their seats along from the coarser
   area.
3. A home that leaves frees its seat; the number stays until five seats are free, or somebody waiting takes it. Neither
   shows.
4. Where fewer than five homes are left on its seats, an area is shown no more: all its seats go at once, and it rests
   (the caller says for how long) before it may be shown again, so that it does not blink with each who comes or goes.

Whoever subtracts two maps therefore learns of five homes together or of nothing. The maps are never blurred at random:
noise averages out.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

FIVE = 5
Area = tuple[int, str]
"""`(unit, H3 cell)`; the whole unit where the cell is empty."""


@dataclass(frozen=True)
class Home:
    """`areas` from the finest to the coarsest; `shown` is the one that counts it on the present map."""

    areas: tuple[Area, ...]
    shown: Area | None = None


@dataclass(frozen=True)
class Dealt:
    """The new map. `shown` says for each home, in the order given, which area counts it; `ended` areas must rest."""

    seats: Mapping[Area, int]
    shown: tuple[Area | None, ...]
    ended: frozenset[Area]


def deal(homes: Sequence[Home], seats: Mapping[Area, int], *, resting: Collection[Area] = ()) -> Dealt:
    """The map that follows on `seats` for `homes`."""
    table = _Table(homes, seats)
    finest_first = sorted(
        {area for home in homes for area in home.areas} | set(seats),
        key=lambda area: (-max(table.depth[area], default=0), area),
    )
    for area in finest_first:
        table.settle(area)
    for area in finest_first:
        if area not in resting and area not in table.ended:
            table.refine(area)
            table.seat_new(area)
    return Dealt({a: n for a, n in table.seats.items() if n}, tuple(table.shown), frozenset(table.ended))


class _Table:
    """Seats by area, and who sits where."""

    def __init__(self, homes: Sequence[Home], seats: Mapping[Area, int]) -> None:
        self.homes = homes
        self.seats = dict(seats)
        self.ended: set[Area] = set()
        self.shown = [home.shown if home.shown in home.areas and seats.get(home.shown) else None for home in homes]
        self.of_area: dict[Area, list[int]] = defaultdict(list)
        self.depth: dict[Area, set[int]] = defaultdict(set)
        for n, home in enumerate(homes):
            for level, area in enumerate(reversed(home.areas)):
                self.of_area[area].append(n)
                self.depth[area].add(level)

    def settle(self, area: Area) -> None:
        """Free seats are filled by those who wait; what remains free goes in fives, or everything."""
        if not self.seats.get(area):
            return
        free = max(0, self.seats[area] - self._sitting(area))
        for n in self._waiting(area)[:free]:
            self.shown[n] = area
            free -= 1
        self.seats[area] -= free // FIVE * FIVE
        if self._sitting(area) < FIVE:
            self.seats[area] = 0
            self.ended.add(area)
            for n in self.of_area[area]:
                if self.shown[n] == area:
                    self.shown[n] = None

    def refine(self, area: Area) -> None:
        """Fives of one coarser area that all belong to `area` take their seats along."""
        by_coarser = Counter(
            self.shown[n] for n in self.of_area[area] if self.shown[n] not in (None, area) and self._is_coarser(n, area)
        )
        for coarser, many in sorted(by_coarser.items(), key=str):
            if coarser is None:
                continue
            moving = many // FIVE * FIVE
            while moving and not self._may_shrink(coarser, moving):
                moving -= FIVE
            for n in [n for n in self.of_area[area] if self.shown[n] == coarser][:moving]:
                self.shown[n] = area
            self.seats[coarser] -= moving
            self.seats[area] = self.seats.get(area, 0) + moving

    def seat_new(self, area: Area) -> None:
        """Fives of those who wait."""
        waiting = self._waiting(area)
        new = len(waiting) // FIVE * FIVE
        for n in waiting[:new]:
            self.shown[n] = area
        if new:
            self.seats[area] = self.seats.get(area, 0) + new

    def _may_shrink(self, area: Area, by: int) -> bool:
        left, sitting = self.seats[area] - by, self._sitting(area) - by
        return (left == 0 and sitting == 0) or (left >= FIVE and sitting >= FIVE)

    def _is_coarser(self, n: int, area: Area) -> bool:
        areas, shown = self.homes[n].areas, self.shown[n]
        return shown is not None and areas.index(shown) > areas.index(area)

    def _sitting(self, area: Area) -> int:
        return sum(self.shown[n] == area for n in self.of_area[area])

    def _waiting(self, area: Area) -> list[int]:
        return [n for n in self.of_area[area] if self.shown[n] is None]


def joined(groups: Iterable[Collection[Hashable]]) -> list[int]:
    """A number for each of `groups`: the same for those that share a thing, directly or through others."""
    root: dict[Hashable, Hashable] = {}

    def find(thing: Hashable) -> Hashable:
        while root.setdefault(thing, thing) != thing:
            root[thing] = root[root[thing]]
            thing = root[thing]
        return thing

    firsts = []
    for things in groups:
        first, *others = things
        firsts.append(first)
        for other in others:
            root[find(other)] = find(first)
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(find(first), len(numbers)) for first in firsts]
