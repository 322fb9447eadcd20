"""GeoJSON that users bring: roads as lines, private zones as polygons. WGS 84."""

import json
from collections.abc import Iterator
from typing import Any

from shapely.geometry import Polygon

FILE_BYTES_MAX = 10_000_000
FEATURES_MAX = 2_000
POINTS_MAX = 50_000
NAME_CHARS = 120
DECIMALS = 7
Line = list[list[float]]


class UnreadableMap(Exception):
    """The file is no map that can be read; the message is a sentence that says what to do."""


def read_roads(content: bytes) -> list[tuple[str, list[Line]]]:
    """Names and lines. Raises UnreadableMap."""
    found = []
    for number, feature in enumerate(_features(content), 1):
        geometry = feature.get("geometry") or {}
        lines = geometry.get("coordinates")
        if geometry.get("type") == "LineString":
            lines = [lines]
        elif geometry.get("type") != "MultiLineString":
            raise UnreadableMap(f"Hình thứ {number} không phải là đường. Hãy chỉ để lại các đường (LineString).")
        properties = feature.get("properties")
        named = properties.get("name") if isinstance(properties, dict) else None
        name = str(named or f"Đường số {number}").strip()[:NAME_CHARS]
        found.append((name, [_points(line, number, least=2) for line in _listed(lines, number)]))
    _refuse_many([line for _, lines in found for line in lines])
    return found


def read_zones(content: bytes) -> list[Line]:
    """Outer rings of polygons; whatever the file says of them is left out. Raises UnreadableMap."""
    rings: list[Line] = []
    for number, feature in enumerate(_features(content), 1):
        geometry = feature.get("geometry") or {}
        polygons = geometry.get("coordinates")
        if geometry.get("type") == "Polygon":
            polygons = [polygons]
        elif geometry.get("type") != "MultiPolygon":
            raise UnreadableMap(f"Hình thứ {number} không phải là vùng. Hãy chỉ để lại các vùng (Polygon).")
        for polygon in _listed(polygons, number):
            ring = _points(_listed(polygon, number)[0], number, least=4)
            if not Polygon(ring).is_valid:
                raise UnreadableMap(f"Vùng thứ {number} có các cạnh cắt nhau. Hãy vẽ lại vùng này.")
            rings.append(ring)
    _refuse_many(rings)
    return rings


def _features(content: bytes) -> Iterator[dict[str, Any]]:
    if len(content) > FILE_BYTES_MAX:
        raise UnreadableMap(f"Tệp lớn hơn {FILE_BYTES_MAX // 1_000_000} MB. Hãy chia thành nhiều tệp nhỏ hơn.")
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableMap("Tệp không phải GeoJSON hợp lệ. Hãy xuất lại từ phần mềm bản đồ.") from error
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not features or not all(isinstance(each, dict) for each in features):
        raise UnreadableMap("Tệp không có hình nào (FeatureCollection). Hãy chọn tệp khác.")
    if len(features) > FEATURES_MAX:
        raise UnreadableMap(f"Tệp có hơn {FEATURES_MAX} hình. Hãy chia thành nhiều tệp nhỏ hơn.")
    if any(not isinstance(each.get("geometry"), dict) for each in features):
        raise UnreadableMap("Có hình không có tọa độ. Hãy xuất lại từ phần mềm bản đồ.")
    yield from features


def _listed(value: Any, number: int) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise UnreadableMap(f"Hình thứ {number} trống. Hãy kiểm tra tệp.")
    return value


def _points(line: Any, number: int, *, least: int) -> Line:
    points: Line = []
    try:
        for longitude, latitude, *_ in line:
            if not (-180 <= longitude <= 180 and -85 <= latitude <= 85):
                raise ValueError
            point = [round(float(longitude), DECIMALS), round(float(latitude), DECIMALS)]
            if not points or points[-1] != point:
                points.append(point)
    except (TypeError, ValueError) as error:
        raise UnreadableMap(f"Hình thứ {number} có tọa độ không phải kinh độ, vĩ độ WGS 84. Hãy xuất lại.") from error
    if len(points) < least:
        raise UnreadableMap(f"Hình thứ {number} có ít hơn {least} điểm. Hãy kiểm tra tệp.")
    return points


def _refuse_many(lines: list[Line]) -> None:
    if sum(map(len, lines)) > POINTS_MAX:
        raise UnreadableMap(f"Tệp có hơn {POINTS_MAX} điểm. Hãy giản lược hoặc chia nhỏ.")
