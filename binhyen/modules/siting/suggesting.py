"""Sites that would see most of what nobody sees, the best first (greedy cover), none over a private zone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from binhyen.modules.siting.sight import Eye, Plane, Sampled, seen_by
from binhyen.modules.siting.terrain import Terrain
from binhyen.modules.siting.zones import Zone, covered_zones

EVERY = 4
"""Of the samples of a road each so-many-th is a place where a mast could stand."""
CANDIDATES_MAX = 600
GAIN_MIN_M = 20.0


@dataclass(frozen=True)
class Suggestion:
    """A place beside a road, where to look, and how many metres more would be seen from there."""

    road: str
    eye: Eye
    gain_m: float


def suggest(
    lines: Sequence[Sampled], masks: Sequence[NDArray[np.bool_]], plane: Plane, like: Eye, zones: Sequence[Zone] = (),
    terrain: Terrain | None = None, *, count: int = 5,
) -> list[Suggestion]:  # fmt: skip
    """At most `count` sites for a camera `like` the given one (its angle and reach). A site that would look into a
    private zone is never one."""
    left = [~mask for mask in masks]
    views = [
        (line, eye, [seen_by(eye, each, plane, terrain) for each in lines])
        for line, eye in _candidates(lines, left, like)
        if not covered_zones(eye, zones, plane)
    ]
    found: list[Suggestion] = []
    while len(found) < count and views:
        gains = [sum(int((seen & dark).sum()) for seen, dark in zip(masks, left, strict=True)) for _, _, masks in views]
        best = int(np.argmax(gains))
        spacing = _spacing(lines)
        if gains[best] * spacing < GAIN_MIN_M:
            break
        line, eye, seen = views.pop(best)
        found.append(Suggestion(line.road, eye, gains[best] * spacing))
        left = [dark & ~mask for dark, mask in zip(left, seen, strict=True)]
    return found


def _spacing(lines: Sequence[Sampled]) -> float:
    steps = np.concatenate([np.hypot(*np.diff(line.metres, axis=0).T) for line in lines])
    return float(steps.mean())


def _candidates(lines: Sequence[Sampled], left: Sequence[NDArray[np.bool_]], like: Eye) -> list[tuple[Sampled, Eye]]:
    """At unseen points, along the road both ways."""
    found = []
    for line, dark in zip(lines, left, strict=True):
        ways = np.degrees(np.arctan2(*np.diff(line.metres, axis=0).T))
        for at in np.flatnonzero(dark)[::EVERY]:
            way = float(ways[min(at, len(ways) - 1)])
            longitude, latitude = (float(each) for each in line.degrees[at])
            found += [
                (line, replace(like, longitude=longitude, latitude=latitude, heading=heading % 360))
                for heading in (way, way + 180)
            ]
    step = max(1, len(found) // CANDIDATES_MAX)
    return found[::step][:CANDIDATES_MAX]
