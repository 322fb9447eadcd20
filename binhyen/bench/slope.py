"""The straight line through measured points, and how sure its slope is."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Slope:
    """Change of y for each unit of x, with its standard error."""

    value: float
    error: float


def least_squares(points: Sequence[tuple[float, float]]) -> Slope | None:
    """The slope of the line of least squares; None where three points at different x are missing."""
    if len(points) < 3:
        return None
    mean_x, mean_y = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    if spread == 0:
        return None
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    return Slope(slope, (rest / (len(points) - 2) / spread) ** 0.5)
