"""A terrain model as a grid of heights, and whether one place sees another across it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Heights = NDArray[np.float32]
CELLS_MAX = 4_000_000
FILE_BYTES_MAX = 10_000_000
EARTH_RADIUS_M = 6_371_000.0
REFRACTION = 0.13
"""Light bends with the air: the earth falls away a little less than its curve (standard coefficient)."""
_KEYS = ("ncols", "nrows", "cellsize")


class UnreadableTerrain(Exception):
    """The file is no terrain model that can be read; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Terrain:
    """Heights in metres; row 0 lies in the north. `west`, `south` are the corner, `step` a cell's side, in degrees."""

    west: float
    south: float
    step: float
    heights: Heights

    def height_at(self, longitude: Any, latitude: Any) -> NDArray[np.float64]:
        """Heights of the cells at these places; nan outside and where the model has none."""
        rows, columns = self.heights.shape
        column = np.floor((np.asarray(longitude, dtype=np.float64) - self.west) / self.step).astype(int)
        row = rows - 1 - np.floor((np.asarray(latitude, dtype=np.float64) - self.south) / self.step).astype(int)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        found = self.heights[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)].astype(np.float64)
        return np.where(inside, found, np.nan)

    def sees(self, eye: tuple[float, float, float], target: tuple[float, float, float], metres: float) -> bool:
        """Whether the ground leaves the line free. Both are (longitude, latitude, metres above ground), `metres` apart.
        Where the model knows nothing, nothing stands in the way."""
        count = max(2, int(max(abs(eye[0] - target[0]), abs(eye[1] - target[1])) / self.step * 2) + 2)
        share = np.linspace(0.0, 1.0, count)
        ground = self.height_at(eye[0] + (target[0] - eye[0]) * share, eye[1] + (target[1] - eye[1]) * share)
        if np.isnan(ground[0]) or np.isnan(ground[-1]):
            return True
        first, last = ground[0] + eye[2], ground[-1] + target[2]
        along = share * metres
        bulge = (1 - REFRACTION) * along * (metres - along) / (2 * EARTH_RADIUS_M)
        line = first + (last - first) * share - bulge
        between = slice(1, -1)
        return bool(np.all(np.isnan(ground[between]) | (ground[between] <= line[between])))


def read_terrain(content: bytes) -> Terrain:
    """An ESRI ASCII grid in degrees (WGS 84). Raises UnreadableTerrain."""
    if len(content) > FILE_BYTES_MAX:
        raise UnreadableTerrain(f"Tệp lớn hơn {FILE_BYTES_MAX // 1_000_000} MB. Hãy cắt theo địa bàn rồi gửi lại.")
    try:
        lines = content.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise UnreadableTerrain("Tệp không phải lưới ASCII (.asc). Hãy xuất lại từ phần mềm bản đồ.") from error
    told = _header(lines)
    wide, high, step = (told[key] for key in _KEYS)
    if not (1 <= wide <= CELLS_MAX and 1 <= high <= CELLS_MAX and wide * high <= CELLS_MAX and 0 < step < 1):
        raise UnreadableTerrain(f"Lưới phải có 1 đến {CELLS_MAX} ô, cạnh ô tính bằng độ. Hãy xuất lại theo WGS 84.")
    half = step / 2 if "xllcenter" in told else 0.0
    west, south = (told.get(f"{axis}llcorner", told.get(f"{axis}llcenter", 999.0)) - half for axis in "xy")
    if not (-180 <= west <= 180 and -90 <= south <= 90):
        raise UnreadableTerrain("Góc của lưới không phải kinh độ, vĩ độ. Hãy xuất lại theo WGS 84.")
    return Terrain(west, south, step, _heights(lines[len(told) :], int(high), int(wide), told.get("nodata_value")))


def _header(lines: list[str]) -> dict[str, float]:
    told: dict[str, float] = {}
    for line in lines[:7]:
        name, _, value = line.strip().partition(" ")
        if not name[:1].isalpha():
            break
        try:
            told[name.lower()] = float(value)
        except ValueError as error:
            raise UnreadableTerrain(f"Dòng “{line[:40]}” không đọc được. Hãy xuất lại lưới.") from error
    if any(key not in told for key in _KEYS):
        raise UnreadableTerrain("Tệp không phải lưới ASCII (.asc): thiếu ncols, nrows hoặc cellsize.")
    return told


def _heights(lines: list[str], rows: int, columns: int, missing: float | None) -> Heights:
    try:
        found = np.fromstring(" ".join(lines), dtype=np.float32, sep=" ")  # type: ignore[call-overload]  # text form
    except (ValueError, DeprecationWarning) as error:
        raise UnreadableTerrain("Lưới có ô không phải là số. Hãy xuất lại.") from error
    if found.size != rows * columns:
        raise UnreadableTerrain(f"Lưới có {found.size} ô, phần đầu ghi {rows * columns}. Hãy xuất lại.")
    heights = found.reshape(rows, columns)
    return heights if missing is None else np.where(heights == np.float32(missing), np.nan, heights)
