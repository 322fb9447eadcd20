"""What a picture is good for, by pixels per metre on a target that stands upright (IEC 62676-4:2014, annex B)."""

from dataclasses import dataclass
from enum import StrEnum
from math import radians, tan


class Use(StrEnum):
    """What one may honestly do with a picture."""

    MONITOR = "monitor"
    DETECT = "detect"
    OBSERVE = "observe"
    RECOGNISE = "recognise"
    IDENTIFY = "identify"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def pixels_per_metre(self) -> float:
        return NEEDED[self]


NEEDED = {Use.MONITOR: 12.5, Use.DETECT: 25.0, Use.OBSERVE: 62.5, Use.RECOGNISE: 125.0, Use.IDENTIFY: 250.0}
LABELS = {
    Use.MONITOR: "theo dõi đám đông", Use.DETECT: "phát hiện có người", Use.OBSERVE: "quan sát đặc điểm",
    Use.RECOGNISE: "nhận ra người quen", Use.IDENTIFY: "nhận dạng người lạ",
}  # fmt: skip
VIEW_DEGREES_MAX = 179.0
"""Of a flat picture; wider ones are not said to have a density."""


@dataclass(frozen=True)
class Ring:
    """As far as `metres` the picture is good for `use`."""

    use: Use
    metres: float


def pixels_per_metre(width_pixels: int, view_degrees: float, metres: float) -> float:
    """Density across the picture at a distance. Raises ValueError for an angle or a distance that has none."""
    if not 0 < view_degrees <= VIEW_DEGREES_MAX or metres <= 0:
        raise ValueError(f"{view_degrees} degrees at {metres} m")
    return width_pixels / (2 * metres * tan(radians(view_degrees) / 2))


def reach_metres(width_pixels: int, view_degrees: float, use: Use) -> float:
    """How far the picture is good for `use`."""
    return pixels_per_metre(width_pixels, view_degrees, 1.0) / use.pixels_per_metre


def rings(width_pixels: int, view_degrees: float | None, view_metres: float | None = None) -> list[Ring]:
    """From the nearest use to the farthest, none beyond `view_metres` (what stands in the way, or the light ends);
    empty where the camera has not said enough of itself."""
    if not width_pixels or not view_degrees or not 0 < view_degrees <= VIEW_DEGREES_MAX:
        return []
    found = [Ring(use, reach_metres(width_pixels, view_degrees, use)) for use in reversed(Use)]
    return found if view_metres is None else [Ring(each.use, min(each.metres, view_metres)) for each in found]
