"""Finding the cameras that may have seen an area. Household places are opened here, inside the engine, and not told.

Cameras of tiers 1 and 2 are looked for while the officer waits, households in the background alone: nothing that the
officer waits for touches a household, so its time cannot tell of one. The search for households opens the place of
every household of the units, whatever the area, and tries all points at once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django_scopes import scopes_disabled
from shapely import contains_xy, prepare
from shapely.affinity import affine_transform
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from binhyen.kernel.vault import current_ring, open_row_key
from binhyen.modules.cameras.consent import open_codes
from binhyen.modules.cameras.households import context_of, unpacked
from binhyen.modules.cameras.models import Camera, HouseholdSeal, Tier

METRES_PER_DEGREE = 111_320.0  # along a meridian; parallels are shortened by the cosine of the latitude
MARGIN_M = 30.0
PLACE_FIELDS = "key_wrapped", "place_sealed"


@dataclass(frozen=True)
class FoundCamera:
    """A camera that may have seen the area. Where a household's lies is not said."""

    code: str
    tier: int
    unit_id: int


Placed = tuple[FoundCamera, tuple[float, float]]


def find_cameras_in(
    area: Mapping[str, Any], *, unit_ids: Collection[int] | None = None, margin_metres: float = MARGIN_M
) -> list[FoundCamera]:
    """Active cameras of all tiers within `margin_metres` of `area` (a GeoJSON polygon, WGS 84), by code; of all units
    or of `unit_ids`."""
    found = [
        *find_public_cameras_in(area, unit_ids=unit_ids, margin_metres=margin_metres),
        *find_households_in(area, unit_ids=unit_ids, margin_metres=margin_metres),
    ]
    return sorted(found, key=lambda camera: camera.code)


def find_public_cameras_in(
    area: Mapping[str, Any], *, unit_ids: Collection[int] | None = None, margin_metres: float = MARGIN_M
) -> list[FoundCamera]:
    """As `find_cameras_in`, tiers 1 and 2 alone. Reads nothing of households."""
    cameras = _active(unit_ids).filter(tier__lt=Tier.HOUSEHOLD, latitude__isnull=False, longitude__isnull=False)
    with scopes_disabled():
        rows = list(cameras.values_list("code", "tier", "unit_id", "latitude", "longitude"))
    return _within(area, [(FoundCamera(*facts), (y, x)) for *facts, y, x in rows], margin_metres)


def find_households_in(
    area: Mapping[str, Any], *, unit_ids: Collection[int] | None = None, margin_metres: float = MARGIN_M
) -> list[FoundCamera]:
    """As `find_cameras_in`, tier 3 alone. For work in the background."""
    with scopes_disabled():
        rows = list(_sealed(unit_ids).values_list("camera__code", "camera__tier", "camera__unit_id", *PLACE_FIELDS))
    ring, placed = current_ring(), []
    for code, tier, unit_id, wrapped, sealed in rows:
        place = unpacked(open_row_key(wrapped, context_of(code), ring=ring).open(sealed, field="place"))
        if place is not None:
            placed.append((FoundCamera(code, tier, unit_id), place))
    return _within(area, placed, margin_metres)


def active_households(unit_ids: Collection[int] | None = None) -> list[HouseholdSeal]:
    """The sealed rows of households that take part today and whose consent stands, by the code of the camera: whom a
    request may reach and whom the map may count. For work in the background."""
    with scopes_disabled():
        return list(_sealed(unit_ids).select_related("camera__unit"))


def _sealed(unit_ids: Collection[int] | None) -> "QuerySet[HouseholdSeal]":
    with scopes_disabled():
        active = _active(unit_ids).filter(tier=Tier.HOUSEHOLD).order_by()
        agreed = open_codes(list(active.values_list("code", flat=True)))
        return HouseholdSeal.objects.filter(camera__code__in=agreed).order_by("camera__code")


def _active(unit_ids: Collection[int] | None) -> "QuerySet[Camera]":
    today = localdate()
    with scopes_disabled():
        cameras = Camera.objects.filter(Q(active_until=None) | Q(active_until__gt=today), active_from__lte=today)
        return (cameras if unit_ids is None else cameras.filter(unit_id__in=unit_ids)).order_by("code")


def _within(area: Mapping[str, Any], placed: Sequence[Placed], margin_metres: float) -> list[FoundCamera]:
    polygon = shape(area)
    east, _, _, north, dx, dy = to_metres = projection(polygon)
    zone = affine_transform(polygon, to_metres).buffer(margin_metres)
    prepare(zone)
    points = np.array([place for _, place in placed], dtype=float).reshape(-1, 2)
    inside = contains_xy(zone, points[:, 1] * east + dx, points[:, 0] * north + dy)
    return [camera for (camera, _), is_in in zip(placed, inside, strict=True) if is_in]


def projection(polygon: BaseGeometry) -> list[float]:
    """Degrees to metres about the middle of `polygon`: exact to a centimetre over a commune."""
    middle = polygon.centroid
    east = METRES_PER_DEGREE * cos(radians(middle.y))
    return [east, 0, 0, METRES_PER_DEGREE, -middle.x * east, -middle.y * METRES_PER_DEGREE]
