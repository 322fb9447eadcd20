"""The survey as a drawing: SVG in the page, so that it prints, needs no map server and tells nobody outside of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np

from binhyen.modules.siting.sight import Eye, Numbers
from binhyen.modules.siting.survey import Survey

WIDTH, HEIGHT, MARGIN = 900.0, 560.0, 24.0
MARGIN_M = 30.0


@dataclass(frozen=True)
class Drawing:
    """Paths of SVG in a box of `WIDTH` × `HEIGHT`. `scale_metres` is what `scale_width` stands for."""

    seen: list[str]
    unseen: list[str]
    views: list[tuple[str, str]]
    sites: list[tuple[str, float, float, int]]
    zones: list[str]
    scale_metres: int
    scale_width: float
    width: float = WIDTH
    height: float = HEIGHT


class _Frame:
    """Metres to the box, north up."""

    def __init__(self, points: Numbers) -> None:
        low, high = points.min(axis=0) - MARGIN_M, points.max(axis=0) + MARGIN_M
        spread = np.maximum(high - low, 1.0)
        self.factor = float(min((WIDTH - 2 * MARGIN) / spread[0], (HEIGHT - 2 * MARGIN) / spread[1]))
        self.middle = (low + high) / 2

    def at(self, point: Iterable[float]) -> tuple[float, float]:
        east, north = point
        x = WIDTH / 2 + (east - self.middle[0]) * self.factor
        y = HEIGHT / 2 - (north - self.middle[1]) * self.factor
        return round(float(x), 1), round(float(y), 1)

    def path(self, points: Iterable[Iterable[float]], *, closed: bool = False) -> str:
        found = [self.at(point) for point in points]
        return "M" + " L".join(f"{x},{y}" for x, y in found) + (" Z" if closed else "")


def draw(survey: Survey, *, with_zones: bool) -> Drawing | None:
    """None where there is nothing to draw."""
    eyes = [each.eye for each in survey.cameras if each.eye is not None]
    points = [line.metres for line in survey.lines]
    points += [survey.plane.metres([(eye.longitude, eye.latitude)]) for eye in eyes]
    if not points:
        return None
    frame, plane = _Frame(np.concatenate(points)), survey.plane
    scale = next((metres for metres in (1000, 500, 200, 100, 50, 20) if metres * frame.factor < WIDTH / 3), 10)
    return Drawing(
        seen=[frame.path(line.metres) for line in survey.lines],
        unseen=[frame.path(plane.metres(stretch.points)) for stretch in survey.coverage.stretches],
        views=[(eye.name, _view(eye, survey, frame)) for eye in eyes],
        sites=[
            (_view(each.eye, survey, frame), *frame.at(plane.metres([(each.eye.longitude, each.eye.latitude)])[0]), n)
            for n, each in enumerate(survey.suggestions, 1)
        ],
        zones=[frame.path(plane.metres(zone.ring), closed=True) for zone in survey.zones] if with_zones else [],
        scale_metres=scale,
        scale_width=round(scale * frame.factor, 1),
    )


def _view(eye: Eye, survey: Survey, frame: _Frame) -> str:
    (place,) = survey.plane.metres([(eye.longitude, eye.latitude)])
    turns = np.linspace(eye.heading - eye.view_degrees / 2, eye.heading + eye.view_degrees / 2, 13)
    arc = [(place[0] + eye.reach_m * sin(radians(t)), place[1] + eye.reach_m * cos(radians(t))) for t in turns]
    return frame.path([tuple(place), *arc], closed=True)
