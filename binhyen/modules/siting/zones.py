"""A neighbour's private zone, and whether a field of view covers any of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from binhyen.modules.siting.sight import Eye, Plane

ARC_DEGREES = 4.0
TOUCH_M2 = 1.0
"""Less than this is a rounding of coordinates."""


@dataclass(frozen=True)
class Zone:
    """What must not be filmed: a ring of (longitude, latitude). It has a number and never a name."""

    number: int
    ring: tuple[tuple[float, float], ...]


def field_of_view(eye: Eye, plane: Plane) -> BaseGeometry:
    """The sector that a camera sees, in metres."""
    (place,) = plane.metres([(eye.longitude, eye.latitude)])
    count = max(2, int(eye.view_degrees / ARC_DEGREES) + 2)
    turns = [eye.heading - eye.view_degrees / 2 + eye.view_degrees * n / (count - 1) for n in range(count)]
    arc = [(place[0] + eye.reach_m * sin(radians(turn)), place[1] + eye.reach_m * cos(radians(turn))) for turn in turns]
    return Polygon(arc if eye.view_degrees >= 360 else [tuple(place), *arc]).buffer(0)


def covered_zones(eye: Eye, zones: Sequence[Zone], plane: Plane) -> list[Zone]:
    """The zones of which the camera would see some. Walls and windows that are masked do not count here: what a
    camera could be turned to see, it can be turned to see."""
    if not zones:
        return []
    view = field_of_view(eye, plane)
    return [zone for zone in zones if view.intersection(Polygon(plane.metres(zone.ring)).buffer(0)).area > TOUCH_M2]
