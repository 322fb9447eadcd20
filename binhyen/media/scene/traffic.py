"""Who is on the street when: road users with a time to set off, drawn from a seed, in bursts with quiet between."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

from binhyen.media.scene.plates import car_plate, motorbike_plate
from binhyen.media.scene.sprites import Kind, Look, random_look
from binhyen.media.scene.views import Lane, Place

LOOP_S = 40.0
MAIN_GREEN_S = (0.0, 19.0)
"""At a junction the road along the view has green in this part of the loop, the crossing one after it."""
HEADWAY_S = 1.7


@dataclass(frozen=True, slots=True)
class RoadUser:
    """One vehicle or walker: goes `lane` once from `sets_off_s` at `speed_mps`; `number` is its id in the truth."""

    number: int
    look: Look
    lane: Lane
    sets_off_s: float
    speed_mps: float

    @property
    def arrives_s(self) -> float:
        return self.sets_off_s + length_of(self.lane) / self.speed_mps

    def place_at(self, second: float) -> tuple[float, float] | None:
        """(x, z) in metres; None before it sets off and after it arrives."""
        share = (second - self.sets_off_s) * self.speed_mps / length_of(self.lane)
        if not 0 <= share <= 1:
            return None
        (x0, z0), (x1, z1) = self.lane.start, self.lane.end
        return x0 + (x1 - x0) * share, z0 + (z1 - z0) * share


def length_of(lane: Lane) -> float:
    """Metres from its start to its end."""
    return hypot(lane.end[0] - lane.start[0], lane.end[1] - lane.start[1])


def traffic(place: Place, *, seed: int, night: bool) -> list[RoadUser]:
    """Everybody of one loop, the same for the same seed; nobody is still on the way when the loop begins anew."""
    chance = random.Random(f"{place.name}/{seed}")  # noqa: S311  # a drawing that must repeat; nothing secret
    users: list[RoadUser] = []
    for lane in place.lanes:
        speed = chance.uniform(*lane.speed_mps)  # one speed a lane: nobody drives through anybody
        for second in _departures(lane, place, speed, chance):
            kind = chance.choice(lane.kinds)
            users.append(RoadUser(len(users) + 1, _look(kind, chance, night=night), lane, second, speed))
    return users


def signal_of(lane_crosses: bool, second: float) -> str:
    """The lamp that a lane of a junction sees: green, yellow or red."""
    start, end = MAIN_GREEN_S if not lane_crosses else (MAIN_GREEN_S[1] + 4.0, LOOP_S - 4.0)
    if start <= second < end - 3:
        return "green"
    return "yellow" if end - 3 <= second < end else "red"


def _departures(lane: Lane, place: Place, speed: float, chance: random.Random) -> Iterator[float]:
    travel = length_of(lane) / speed
    for start, end in _windows(lane, place):
        second = start + chance.uniform(0, 3)
        while second < min(end, LOOP_S - travel - 0.5):
            yield second
            second += HEADWAY_S + chance.expovariate(0.28 * lane.share)


def _windows(lane: Lane, place: Place) -> tuple[tuple[float, float], ...]:
    if not place.signal_at or "person" in lane.kinds:
        return tuple((start * LOOP_S / 60, end * LOOP_S / 60) for start, end in place.bursts)
    main, crossing = (MAIN_GREEN_S[0] + 0.5, MAIN_GREEN_S[1] - 6), (MAIN_GREEN_S[1] + 4.0, LOOP_S - 10.0)
    return (crossing,) if lane.crosses else (main,)


def _look(kind: Kind, chance: random.Random, *, night: bool) -> Look:
    plate = None
    if kind == "motorbike":
        plate = motorbike_plate(chance)
    elif kind != "person":
        plate = car_plate(chance, commercial=kind == "truck")
    return random_look(kind, chance, plate, night=night)
