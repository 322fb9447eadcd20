"""Finding the cameras that may have seen an area. Household places are opened here, inside the engine, and not told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate
from django_scopes import scopes_disabled
from shapely.affinity import affine_transform
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from binhyen.modules.cameras.households import open_household
from binhyen.modules.cameras.models import Camera, Tier

METRES_PER_DEGREE = 111_320.0  # along a meridian; parallels are shortened by the cosine of the latitude


@dataclass(frozen=True)
class FoundCamera:
    """A camera that may have seen the area. Where a household's lies is not said."""

    code: str
    tier: int
    unit_id: int


def find_cameras_in(
    area: Mapping[str, Any], *, unit_ids: Collection[int] | None = None, margin_metres: float = 30.0
) -> list[FoundCamera]:
    """Active cameras within `margin_metres` of `area` (a GeoJSON polygon, WGS 84), of all units or of `unit_ids`.

    Every household seal of the units is opened whatever the area, so that the time taken tells nothing of the answer.
    """
    polygon = shape(area)
    to_metres = _projection(polygon)
    zone = affine_transform(polygon, to_metres).buffer(margin_metres)
    today = localdate()
    with scopes_disabled():
        cameras = Camera.objects.filter(Q(active_until=None) | Q(active_until__gt=today), active_from__lte=today)
        if unit_ids is not None:
            cameras = cameras.filter(unit_id__in=unit_ids)
        places = [(camera, _place(camera)) for camera in cameras.order_by("code")]
    return [
        FoundCamera(camera.code, camera.tier, camera.unit_id)
        for camera, place in places
        if place is not None and zone.covers(affine_transform(Point(place[1], place[0]), to_metres))
    ]


def _place(camera: Camera) -> tuple[float, float] | None:
    seen = open_household(camera) if camera.tier == Tier.HOUSEHOLD else camera
    if seen.latitude is None or seen.longitude is None:
        return None
    return seen.latitude, seen.longitude


def _projection(polygon: BaseGeometry) -> list[float]:
    """Degrees to metres about the middle of `polygon`: exact to a centimetre over a commune."""
    middle = polygon.centroid
    east = METRES_PER_DEGREE * cos(radians(middle.y))
    return [east, 0, 0, METRES_PER_DEGREE, -middle.x * east, -middle.y * METRES_PER_DEGREE]
