"""Areas: GeoJSON polygons (RFC 7946, WGS 84) measured in metres about their own middle."""

from collections.abc import Mapping
from math import cos, pi, radians, sin
from typing import Any

from shapely.affinity import affine_transform
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

AREA_MAX_M2 = 500_000
AREA_MIN_M2 = 100
CORNERS_MAX = 200
CIRCLE_CORNERS = 32
METRES_PER_DEGREE = 111_320.0  # along a meridian; parallels are shortened by the cosine of the latitude


class AreaRefused(ValueError):
    """An area that cannot be asked for; the message says why and what to do."""


def checked_area(area: Any) -> tuple[dict[str, Any], int]:
    """`area` as a plain GeoJSON polygon and its size in m². Raises AreaRefused."""
    polygon = _polygon(area)
    size = area_m2(polygon)
    if size > AREA_MAX_M2:
        raise AreaRefused(
            f"Khu vực rộng {_km2(size)} km², quá mức tối đa 0,5 km². Hãy thu nhỏ hoặc chia thành nhiều yêu cầu."
        )
    if size < AREA_MIN_M2:
        raise AreaRefused(f"Khu vực chỉ rộng {size} m². Hãy vẽ khu vực từ {AREA_MIN_M2} m² trở lên.")
    ring = [[round(x, 7), round(y, 7)] for x, y in polygon.exterior.coords]
    return {"type": "Polygon", "coordinates": [ring]}, size


def _polygon(area: Any) -> BaseGeometry:
    if not isinstance(area, Mapping) or area.get("type") != "Polygon":
        raise AreaRefused("Chưa có khu vực. Hãy vẽ khu vực trên bản đồ hoặc nhập tâm và bán kính.")
    try:
        rings = area["coordinates"]
        if len(rings) != 1 or not 4 <= len(rings[0]) <= CORNERS_MAX:
            raise AreaRefused(f"Khu vực phải là một hình khép kín có 3 đến {CORNERS_MAX - 1} đỉnh. Hãy vẽ lại.")
        polygon = shape({"type": "Polygon", "coordinates": [[(float(x), float(y)) for x, y in rings[0]]]})
    except (KeyError, TypeError, ValueError, ShapelyError) as error:
        if isinstance(error, AreaRefused):
            raise
        raise AreaRefused("Khu vực không đọc được. Hãy vẽ lại trên bản đồ.") from error
    west, south, east, north = polygon.bounds
    if not (-180 <= west <= east <= 180 and -85 <= south <= north <= 85):
        raise AreaRefused("Tọa độ của khu vực nằm ngoài bản đồ. Hãy vẽ lại.")
    if not polygon.is_valid:
        raise AreaRefused(_invalid_sentence(polygon))
    return polygon


def _invalid_sentence(polygon: BaseGeometry) -> str:
    crossing = "Self-intersection" in explain_validity(polygon)
    what = "có các cạnh cắt nhau" if crossing else "không khép kín đúng"
    return f"Khu vực {what}. Hãy hoàn tác đỉnh cuối hoặc vẽ lại."


def area_m2(polygon: BaseGeometry) -> int:
    """Size in square metres: exact to a thousandth over a commune."""
    middle = polygon.centroid
    east = METRES_PER_DEGREE * cos(radians(middle.y))
    return round(affine_transform(polygon, [east, 0, 0, METRES_PER_DEGREE, 0, 0]).area)


def circle(latitude: float, longitude: float, radius_m: float) -> dict[str, Any]:
    """A polygon about a point: the way to ask without a map."""
    east = METRES_PER_DEGREE * cos(radians(latitude))
    angles = [2 * pi * n / CIRCLE_CORNERS for n in range(CIRCLE_CORNERS)]
    ring = [
        [longitude + radius_m * cos(angle) / east, latitude + radius_m * sin(angle) / METRES_PER_DEGREE]
        for angle in angles
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def middle_of(area: Mapping[str, Any]) -> tuple[float, float]:
    """`(latitude, longitude)` of the middle of an area."""
    point = shape(area).centroid
    return point.y, point.x


def area_words(area: Mapping[str, Any], size_m2: int, place: str = "") -> str:
    """An area as minutes print it."""
    latitude, longitude = middle_of(area)
    where = f"{place}, " if place else ""
    place_words = f"{latitude:.4f}; {longitude:.4f}".replace(".", ",")
    return f"{where}{_km2(size_m2)} km² quanh tọa độ {place_words}"


def _km2(size_m2: int) -> str:
    return f"{size_m2 / 1e6:.3f}".rstrip("0").rstrip(".").replace(".", ",")
