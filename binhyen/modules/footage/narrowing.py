"""Proposing a smaller area or window when fewer households would do, before anybody is asked.

The proposal follows from what the officer knows already: the shape and length of what was asked, when the case
happened, and what cameras of tiers 1 and 2 see. Nothing of a household is read, so it tells nothing of one, however
often it is asked.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import cos, radians, sin
from typing import Any

from shapely import union_all
from shapely.affinity import affine_transform, scale
from shapely.geometry import Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from binhyen.modules.cameras.public import MappedCamera
from binhyen.modules.cases.public import Case
from binhyen.modules.footage.geometry import AREA_MIN_M2, CORNERS_MAX, METRES_PER_DEGREE, area_m2, checked_area

WORTH_IT = 0.7
"""What remains may be this part of what was asked, or nothing is proposed."""
WINDOW_LONG = timedelta(hours=2)
AROUND_CASE = timedelta(minutes=30)
AREA_LARGE_M2 = 200_000
CORE = 0.5
"""The part of a large area to begin with."""
BECAUSE_MIN_LETTERS = 10
ARC_STEP_DEGREES = 10


@dataclass(frozen=True)
class Proposal:
    """A smaller area (GeoJSON polygon), a shorter window, and why, in words."""

    area: dict[str, Any]
    area_m2: int
    start: datetime
    end: datetime
    reasons: tuple[str, ...]

    @property
    def mark(self) -> str:
        """What tells this proposal from another."""
        told = json.dumps([self.area, self.start.isoformat(), self.end.isoformat()], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Narrowing:
    """What an officer did with a proposal: took it (`because` empty), or kept what was asked, with a reason."""

    proposal: Proposal
    accepted: bool
    because: str = ""

    def kept_facts(self) -> dict[str, Any]:
        """As the request keeps it; times are ISO 8601."""
        told = self.proposal
        return {
            "accepted": self.accepted,
            "because": self.because,
            "area_m2": told.area_m2,
            "start": told.start.isoformat(),
            "end": told.end.isoformat(),
            "reasons": list(told.reasons),
        }


def propose(
    case: Case, area: Mapping[str, Any], start: datetime, end: datetime, *, cameras: Iterable[MappedCamera]
) -> Proposal | None:
    """Something smaller for footage of `area` in [start, end), or None. `cameras` are those of tiers 1 and 2 that the
    officer sees on the map. Raises AreaRefused."""
    asked, size = checked_area(area)
    proposal = Proposal(asked, size, start, end, ())
    proposal = _around_the_case(proposal, case) or proposal
    proposal = _unseen(proposal, cameras) or _core(proposal) or proposal
    return proposal if proposal.reasons else None


def _around_the_case(asked: Proposal, case: Case) -> Proposal | None:
    happened = case.happened_at
    if happened is None or not asked.start <= happened <= asked.end or asked.end - asked.start <= WINDOW_LONG:
        return None
    start, end = max(asked.start, happened - AROUND_CASE), min(asked.end, happened + AROUND_CASE)
    if end - start > (asked.end - asked.start) * WORTH_IT or end <= start:
        return None
    reason = "Vụ việc ghi rõ lúc xảy ra: nửa giờ trước và sau thường là đủ để bắt đầu."
    return replace(asked, start=start, end=end, reasons=(*asked.reasons, reason))


def _unseen(asked: Proposal, cameras: Iterable[MappedCamera]) -> Proposal | None:
    """Without what public cameras see, where one piece without holes remains."""
    views = [view for camera in cameras if (view := _view(camera)) is not None]
    rest = shape(asked.area).difference(union_all(views)) if views else None
    if rest is None or rest.geom_type != "Polygon" or rest.interiors:
        return None
    reason = "Camera tầng 1 và 2 đã nhìn thấy phần còn lại của khu vực; hình của các camera ấy mở ngay."
    return _smaller(asked, rest, reason)


def _core(asked: Proposal) -> Proposal | None:
    if asked.area_m2 <= AREA_LARGE_M2:
        return None
    polygon = shape(asked.area)
    side = CORE**0.5
    core = scale(polygon, side, side, origin=polygon.centroid).intersection(polygon)
    reason = "Khu vực rộng hơn 0,2 km²: hãy bắt đầu từ phần giữa. Chưa đủ thì lập thêm yêu cầu cho phần ngoài."
    return _smaller(asked, core, reason)


def _smaller(asked: Proposal, rest: BaseGeometry, reason: str) -> Proposal | None:
    if rest.geom_type != "Polygon" or rest.interiors or len(rest.exterior.coords) > CORNERS_MAX:
        return None
    if not AREA_MIN_M2 <= area_m2(rest) <= asked.area_m2 * WORTH_IT:
        return None
    area, size = checked_area(mapping(Polygon(rest.exterior)))
    return replace(asked, area=area, area_m2=size, reasons=(*asked.reasons, reason))


def _view(camera: MappedCamera) -> BaseGeometry | None:
    """The sector that a camera sees, in degrees of longitude and latitude; None where any of it is not known."""
    heading, angle, reach = camera.heading_degrees, camera.view_degrees, camera.view_metres
    if heading is None or not angle or not reach:
        return None
    steps = max(2, int(angle // ARC_STEP_DEGREES) + 1)
    turns = [radians(heading - angle / 2 + angle * n / steps) for n in range(steps + 1)]
    ring = [(0.0, 0.0), *((reach * sin(turn), reach * cos(turn)) for turn in turns)]
    east = METRES_PER_DEGREE * cos(radians(camera.latitude))
    return affine_transform(
        Polygon(ring), [1 / east, 0, 0, 1 / METRES_PER_DEGREE, camera.longitude, camera.latitude]
    ).buffer(0)


def checked_reason(because: str) -> str:
    """Why what was asked is kept. Raises ValueError with a sentence where it says nothing."""
    because = because.strip()
    if len(because) < BECAUSE_MIN_LETTERS:
        raise ValueError(
            f"Lý do “{because}” quá ngắn. Hãy ghi vì sao cần cả khu vực và khoảng thời gian đã chọn, ít nhất "
            f"{BECAUSE_MIN_LETTERS} chữ cái."
        )
    return because
