"""Lists of units as users have them: JSON of provinces with communes, GeoJSON of borders, CSV of former units."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from binhyen.kernel.sheets import UnreadableSheet, read_sheet
from binhyen.kernel.units.models import Unit
from binhyen.kernel.vietnamese.folding import without_diacritics

FILE_BYTES_MAX = 10_000_000
UNITS_MAX = 20_000
POINTS_MAX = 200_000
CODE_CHARS_MAX = 13
NAME_CHARS_MAX = 190
DECIMALS = 5
"""Of degrees: about a metre; borders are drawn, never measured."""
FORMER_COLUMNS = "ma_cu", "ten_cu", "cap", "ma_cha_cu", "tu_ngay", "den_ngay", "ma_moi"
POLICE = "Công an "


class UnreadableList(Exception):
    """The file is no list that can be read; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class ListedUnit:
    """One unit of a list: its code, its full name (“Phường Ba Đình”), its level, the code of the one above."""

    code: str
    name: str
    level: str
    above: str = ""


@dataclass(frozen=True)
class FormerUnit:
    """A unit that has ended: since when and until when (exclusive) it was, and the codes of those that went on."""

    listed: ListedUnit
    since: date
    until: date
    heirs: tuple[str, ...]


_LEVELS = {
    "tinh": Unit.Level.PROVINCE, "thanh pho": Unit.Level.PROVINCE, "xa": Unit.Level.COMMUNE,
    "phuong": Unit.Level.WARD, "dac khu": Unit.Level.SPECIAL_ZONE, "thi tran": Unit.Level.COMMUNE,
    "huyen": Unit.Level.DISTRICT, "quan": Unit.Level.DISTRICT, "thi xa": Unit.Level.DISTRICT,
    "thanh pho thuoc tinh": Unit.Level.DISTRICT,
}  # fmt: skip


def level_of(words: str) -> str | None:
    """The level that a name begins with, or that a column says."""
    plain = without_diacritics(" ".join(words.split()))
    for known in sorted(_LEVELS, key=len, reverse=True):
        if plain == known or plain.startswith(f"{known} "):
            return _LEVELS[known]
    return None


def police_name(full_name: str) -> str:
    """“Công an phường Ba Đình”."""
    return full_name if full_name.startswith(POLICE) else f"{POLICE}{full_name[:1].lower()}{full_name[1:]}"


def _json_in(content: bytes) -> Any:
    if len(content) > FILE_BYTES_MAX:
        raise UnreadableList(f"Tệp lớn hơn {FILE_BYTES_MAX // 1_000_000} MB. Hãy chia thành nhiều tệp nhỏ hơn.")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableList("Tệp không phải JSON hợp lệ. Hãy tải lại tệp gốc rồi gửi lại.") from error


def read_units(content: bytes) -> list[ListedUnit]:
    """Provinces (`Code`, `FullName`, `Wards`), each with its communes. Raises UnreadableList."""
    provinces = _json_in(content)
    if not isinstance(provinces, list) or not provinces:
        raise UnreadableList("Tệp không phải danh mục tỉnh, xã: cần một danh sách các tỉnh. Hãy chọn tệp khác.")
    found = list(_units_in(provinces))
    if len(found) > UNITS_MAX:
        raise UnreadableList(f"Danh mục có hơn {UNITS_MAX} đơn vị. Hãy kiểm tra lại tệp.")
    codes = [each.code for each in found]
    if len(set(codes)) < len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise UnreadableList(f"Mã {twice} có hai lần trong tệp. Hãy sửa tệp rồi gửi lại.")
    return found


def _units_in(provinces: list[Any]) -> Iterator[ListedUnit]:
    for number, province in enumerate(provinces, 1):
        above = _listed(province, f"tỉnh thứ {number}")
        yield above
        communes = province.get("Wards") or []
        if not isinstance(communes, list):
            raise UnreadableList(f"Tỉnh {above.name}: “Wards” phải là danh sách các xã.")
        for place, commune in enumerate(communes, 1):
            yield _listed(commune, f"xã thứ {place} của {above.name}", above.code)


def _listed(row: Any, where: str, above: str = "") -> ListedUnit:
    code, name = (str(row.get(key) or "").strip() if isinstance(row, dict) else "" for key in ("Code", "FullName"))
    _refuse_bad(code, name, where)
    level = level_of(name)
    if level is None:
        raise UnreadableList(f"{where[:1].upper()}{where[1:]}: “{name[:60]}” không cho biết là tỉnh, xã hay phường.")
    return ListedUnit(code, name, level, above)


def _refuse_bad(code: str, name: str, where: str) -> None:
    if not code.isalnum() or not code.isascii() or len(code) > CODE_CHARS_MAX:
        raise UnreadableList(f"{where[:1].upper()}{where[1:]}: mã “{code[:30]}” không đúng. Mã gồm chữ và số.")
    if not name or len(name) > NAME_CHARS_MAX:
        raise UnreadableList(f"{where[:1].upper()}{where[1:]}: thiếu tên, hoặc tên dài quá {NAME_CHARS_MAX} ký tự.")


# --- borders ---------------------------------------------------------------------------------------------------------
def read_borders(content: bytes) -> dict[str, dict[str, Any]]:
    """GeoJSON geometries by the code of the unit (a feature's `id`, or `code` of its properties), WGS 84. Raises
    UnreadableList."""
    collection = _json_in(content)
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not features:
        raise UnreadableList("Tệp không phải GeoJSON có địa giới. Hãy chọn tệp khác.")
    return dict(_border(feature, number) for number, feature in enumerate(features, 1))


def _border(feature: Any, number: int) -> tuple[str, dict[str, Any]]:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise UnreadableList(f"Vùng thứ {number} không có hình. Hãy kiểm tra tệp.")
    properties = feature.get("properties")
    named = properties.get("code", "") if isinstance(properties, dict) else ""
    code, geometry = str(feature.get("id") or named), feature["geometry"]
    if not code or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise UnreadableList(f"Vùng thứ {number} thiếu mã đơn vị, hoặc không phải là vùng. Hãy kiểm tra tệp.")
    polygons = geometry.get("coordinates")
    polygons = [polygons] if geometry["type"] == "Polygon" else polygons
    try:
        rings = [[_ring(ring) for ring in polygon] for polygon in polygons]
    except (TypeError, ValueError, RecursionError) as error:
        raise UnreadableList(f"Vùng thứ {number} có tọa độ không đúng (cần kinh độ, vĩ độ WGS 84).") from error
    if not rings or sum(len(ring) for polygon in rings for ring in polygon) > POINTS_MAX:
        raise UnreadableList(f"Vùng thứ {number} trống, hoặc quá nhiều điểm. Hãy giản lược rồi gửi lại.")
    return code, {"type": "MultiPolygon", "coordinates": rings}


def _ring(points: Any) -> list[list[float]]:
    """Longitude and latitude, without points that fall together. Raises TypeError, ValueError."""
    ring: list[list[float]] = []
    for longitude, latitude, *_ in points:
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValueError("no degrees")
        point = [round(longitude, DECIMALS), round(latitude, DECIMALS)]
        if not ring or ring[-1] != point:
            ring.append(point)
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError("a ring that does not close")
    return ring


# --- former units ----------------------------------------------------------------------------------------------------
def read_former(content: bytes) -> list[FormerUnit]:
    """CSV or XLSX with `FORMER_COLUMNS`; several heirs are separated by spaces. Raises UnreadableList."""
    try:
        sheet = read_sheet(content)
    except UnreadableSheet as error:
        raise UnreadableList(str(error)) from error
    names = [without_diacritics(each).strip().replace(" ", "_") for each in sheet.header]
    missing = [name for name in FORMER_COLUMNS if name not in names and name != "ma_cha_cu"]
    if missing:
        raise UnreadableList(f"Tệp thiếu cột {', '.join(missing)}. Các cột cần có: {', '.join(FORMER_COLUMNS)}.")
    return [_former(dict(zip(names, cells, strict=False)), line) for line, cells in sheet.rows]


def _former(row: dict[str, str], line: int) -> FormerUnit:
    where = f"dòng {line}"
    code, name = row.get("ma_cu", "").strip(), row.get("ten_cu", "").strip()
    _refuse_bad(code, name, where)
    level = level_of(row.get("cap", "")) or level_of(name)
    since, until = (_day(row.get(key, "")) for key in ("tu_ngay", "den_ngay"))
    if level is None:
        raise UnreadableList(f"Dòng {line}: cấp “{row.get('cap', '')[:30]}” không đúng. Ví dụ: Huyện, Xã, Phường.")
    if since is None or until is None or since >= until:
        raise UnreadableList(f"Dòng {line}: “tu_ngay” và “den_ngay” cần là hai ngày trước sau, như 30/06/2025.")
    heirs = tuple(row.get("ma_moi", "").replace(",", " ").replace(";", " ").split())
    return FormerUnit(ListedUnit(code, name, level, row.get("ma_cha_cu", "").strip()), since, until, heirs)


def _day(text: str) -> date | None:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a day, without a time
        except ValueError:
            continue
    return None
