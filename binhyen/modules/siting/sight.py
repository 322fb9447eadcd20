"""Which stretches of roads cameras see. Pure: places in degrees (WGS 84) come in, metres about a middle go round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

from binhyen.modules.siting.terrain import Terrain

METRES_PER_DEGREE = 111_320.0
SAMPLE_M = 10.0
"""A road is looked at this often."""
ROUNDING_M = 0.01
BEND_DEGREES = 30.0
"""A road that turns more than this between two samples bends."""
MAST_M = 5.0
TARGET_M = 1.5
"""Heights above ground: of a camera, and of what it should see."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Eye:
    """A camera as it looks: `heading` from north, clockwise; it sees half of `view_degrees` to each side as far as
    `reach_m`."""

    name: str
    longitude: float
    latitude: float
    heading: float
    view_degrees: float
    reach_m: float


@dataclass(frozen=True)
class Plane:
    """Degrees as metres about a middle: true to a few in a thousand within a commune."""

    longitude: float
    latitude: float

    @property
    def east_m(self) -> float:
        return METRES_PER_DEGREE * cos(radians(self.latitude))

    def metres(self, points: Iterable[Sequence[float]]) -> Numbers:
        """(east, north) of (longitude, latitude)."""
        degrees = np.asarray([point[:2] for point in points], dtype=np.float64).reshape(-1, 2)
        return (degrees - (self.longitude, self.latitude)) * (self.east_m, METRES_PER_DEGREE)

    def degrees(self, points: Numbers) -> Numbers:
        """The other way round."""
        return points / (self.east_m, METRES_PER_DEGREE) + (self.longitude, self.latitude)


@dataclass(frozen=True)
class Stretch:
    """A part of a road that no camera sees. Ends in degrees; `bends`: how often it turns there."""

    road: str
    metres: float
    bends: int
    points: tuple[tuple[float, float], ...]

    @property
    def first(self) -> tuple[float, float]:
        return self.points[0]

    @property
    def last(self) -> tuple[float, float]:
        return self.points[-1]


@dataclass(frozen=True)
class Sampled:
    """A line as points about `SAMPLE_M` apart, in metres and in degrees; `turns` at each, in degrees."""

    road: str
    metres: Numbers
    degrees: Numbers
    turns: Numbers


def sampled(road: str, line: Sequence[Sequence[float]], plane: Plane) -> Sampled:
    """A line at even distances, its own corners kept by what lies next to them."""
    corners = plane.metres(line)
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(lengths)])
    steps = np.linspace(0.0, at[-1], max(2, round(at[-1] / SAMPLE_M) + 1))
    metres = np.column_stack([np.interp(steps, at, corners[:, axis]) for axis in (0, 1)])
    ways = np.unwrap(np.arctan2(*np.diff(metres, axis=0).T))
    turns = np.concatenate([[0.0], np.abs(np.degrees(np.diff(ways))), [0.0]])
    return Sampled(road, metres, plane.degrees(metres), turns)


def seen_by(eye: Eye, line: Sampled, plane: Plane, terrain: Terrain | None = None) -> NDArray[np.bool_]:
    """Which points of a line one camera sees."""
    (place,) = plane.metres([(eye.longitude, eye.latitude)])
    east, north = (line.metres - place).T
    away = np.hypot(east, north)
    off = (np.degrees(np.arctan2(east, north)) - eye.heading + 180) % 360 - 180
    seen: NDArray[np.bool_] = (away <= eye.reach_m + ROUNDING_M) & (
        (np.abs(off) <= eye.view_degrees / 2) | (away < 1.0)
    )
    if terrain is not None:
        stand = (eye.longitude, eye.latitude, MAST_M)
        for at in np.flatnonzero(seen):
            target = (float(line.degrees[at, 0]), float(line.degrees[at, 1]), TARGET_M)
            seen[at] = terrain.sees(stand, target, float(away[at]))
    return seen


@dataclass(frozen=True)
class Coverage:
    """Roads in metres, how much is seen, and what is not, the longest first."""

    total_m: float
    seen_m: float
    stretches: tuple[Stretch, ...]

    @property
    def share(self) -> float:
        """In hundredths."""
        return 100 * self.seen_m / self.total_m if self.total_m else 0.0


def cover(
    lines: Sequence[Sampled], eyes: Sequence[Eye], plane: Plane, terrain: Terrain | None = None
) -> tuple[Coverage, list[NDArray[np.bool_]]]:
    """What the cameras see of the lines, and for each line which points."""
    masks = []
    for line in lines:
        mask = np.zeros(len(line.metres), dtype=bool)
        for eye in eyes:
            mask |= seen_by(eye, line, plane, terrain)
        masks.append(mask)
    return measured(lines, masks), masks


def measured(lines: Sequence[Sampled], masks: Sequence[NDArray[np.bool_]]) -> Coverage:
    """Lengths and unseen stretches of lines whose seen points are known. A step is seen where both its ends are."""
    total = seen = 0.0
    stretches: list[Stretch] = []
    for line, mask in zip(lines, masks, strict=True):
        steps = np.hypot(*np.diff(line.metres, axis=0).T)
        total += float(steps.sum())
        seen += float(steps[mask[:-1] & mask[1:]].sum())
        stretches += _unseen(line, mask, steps)
    return Coverage(total, seen, tuple(sorted(stretches, key=lambda each: -each.metres)))


def _unseen(line: Sampled, mask: NDArray[np.bool_], steps: Numbers) -> list[Stretch]:
    dark = ~(mask[:-1] & mask[1:])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]]).astype(int)))
    found = []
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        points = tuple((float(x), float(y)) for x, y in line.degrees[first : after + 1])
        bends = int((line.turns[first : after + 1] > BEND_DEGREES).sum())
        found.append(Stretch(line.road, float(steps[first:after].sum()), bends, points))
    return found
