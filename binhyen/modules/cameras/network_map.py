"""The map of the network: cameras of tiers 1 and 2 as points, households as published areas.

Areas are made from the vault once a week by a job, under the rules of `map_rule`; pages read what was published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import h3
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django_scopes import scopes_disabled

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.cameras.households import NOWHERE, key_of, place_of
from binhyen.modules.cameras.map_rule import Area, Dealt, Home, deal, joined
from binhyen.modules.cameras.models import HouseholdSeal, MapPlace, MapPublication
from binhyen.modules.cameras.places import active_households

CELL_RESOLUTION = 8
"""Of H3: hexagons of about 0.74 km², 530 m on a side."""
SPOT_RESOLUTION = 12
"""Cameras in one such hexagon (about 10 m on a side) hang at one home."""
PUBLISHED_EVERY = timedelta(days=7)
RESTS = timedelta(weeks=12)


@dataclass(frozen=True)
class Sharer:
    """A row of the vault, opened for as long as the map is made."""

    row: HouseholdSeal
    unit: Unit
    spot: str
    cell: str
    shown: UUID

    def __repr__(self) -> str:
        return "Sharer(…)"


@transaction.atomic
def publish_map(day: date | None = None) -> bool:
    """Publish the map of households as of `day` (today); False where a week has not passed since the last time.

    Every row is sealed anew whether it changed or not: which ones were written would tell who sits together.
    """
    day = day or localdate()
    last = MapPublication.objects.select_for_update().order_by("-day").first()
    if last is not None and day - last.day < PUBLISHED_EVERY:
        return False
    with scopes_disabled():
        places = list(MapPlace.objects.select_for_update().select_related("unit"))
        sharers = [_opened(row) for row in active_households()]
        homes, members = _homes(sharers, {place.pk: (place.unit_id, place.cell) for place in places})
        seats = {(place.unit_id, place.cell): place.homes for place in places if place.homes}
        resting = {(p.unit_id, p.cell) for p in places if p.rests_until and p.rests_until > day}
        dealt = deal(homes, seats, resting=resting)
        identities = _keep(dealt, {(place.unit_id, place.cell): place for place in places}, day)
        _seal_anew(members, [identities.get(shown, NOWHERE) if shown else NOWHERE for shown in dealt.shown])
    MapPublication.objects.create(day=day)
    return True


def _opened(row: HouseholdSeal) -> Sharer:
    key = key_of(row, row.camera.code)
    place, shown = place_of(row, key), UUID(bytes=key.open(row.shown_sealed, field="shown"))
    spot = h3.latlng_to_cell(*place, SPOT_RESOLUTION) if place else ""
    return Sharer(row, row.camera.unit, spot, h3.cell_to_parent(spot, CELL_RESOLUTION) if spot else "", shown)


def _homes(sharers: Sequence[Sharer], areas: Mapping[UUID, Area]) -> tuple[list[Home], list[list[Sharer]]]:
    """Homes, and the rows of each. The first camera of a home says where it lies."""
    numbers = joined([_bonds(sharer) for sharer in sharers])
    members: dict[int, list[Sharer]] = {}
    for number, sharer in zip(numbers, sharers, strict=True):
        members.setdefault(number, []).append(sharer)
    for rows in members.values():
        rows.sort(key=lambda sharer: sharer.row.camera_id)
    groups = sorted(members.values(), key=lambda rows: rows[0].row.camera_id)
    above = _units_above({sharer.unit.path: sharer.unit for sharer in sharers})
    return [_home(rows, areas, above) for rows in groups], groups


def _bonds(sharer: Sharer) -> list[tuple[str, str]]:
    owner = ("owner", sharer.row.owner_key)
    return [owner, ("spot", sharer.spot)] if sharer.spot else [owner]


def _home(rows: Sequence[Sharer], areas: Mapping[UUID, Area], above: Mapping[str, list[int]]) -> Home:
    first = rows[0]
    chain: list[Area] = [(unit, "") for unit in above[first.unit.path]]
    if first.cell:
        chain.insert(0, (first.unit.pk, first.cell))
    return Home(tuple(chain), areas.get(first.shown))


def _units_above(units: Mapping[str, Unit]) -> dict[str, list[int]]:
    """For each path, the ids of its unit and those above, the nearest first."""
    return {path: [each.pk for each in unit.with_those_above()] for path, unit in units.items()}


def _keep(dealt: Dealt, places: dict[Area, MapPlace], day: date) -> dict[Area, UUID]:
    """Write the areas; their ids."""
    for area, place in places.items():
        place.homes = dealt.seats.get(area, 0)
        if area in dealt.ended:
            place.rests_until = day + RESTS
        elif place.homes:
            place.rests_until = None
    new = {
        area: MapPlace(unit_id=area[0], cell=area[1], homes=n) for area, n in dealt.seats.items() if area not in places
    }
    MapPlace.objects.bulk_update(places.values(), ["homes", "rests_until"])
    MapPlace.objects.bulk_create(new.values())
    MapPlace.objects.filter(Q(rests_until=None) | Q(rests_until__lte=day), homes=0).delete()
    return {area: place.pk for area, place in (places | new).items()}


def _seal_anew(members: Sequence[Sequence[Sharer]], shown: Sequence[UUID]) -> None:
    rows = []
    for sharers, place in zip(members, shown, strict=True):
        for sharer in sharers:
            key = key_of(sharer.row, sharer.row.camera.code)
            sharer.row.shown_sealed = key.seal(place.bytes, field="shown")
            rows.append(sharer.row)
    HouseholdSeal.objects.bulk_update(rows, ["shown_sealed"], batch_size=500)


@dataclass(frozen=True)
class MapArea:
    """A published area. `boundary` is a GeoJSON polygon, or None where the unit's is not known."""

    unit: Unit
    cell: str
    homes: int

    @property
    def boundary(self) -> Any:
        if not self.cell:
            return self.unit.boundary
        ring = [[longitude, latitude] for latitude, longitude in h3.cell_to_boundary(self.cell)]
        return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def published_areas(authority: Authority) -> list[MapArea]:
    """What the map shows of households in the units where `authority` is an officer."""
    with scopes_disabled():
        places = MapPlace.objects.filter(unit_id__in=authority.unit_ids(OFFICERS), homes__gt=0).select_related("unit")
        found = [MapArea(place.unit, place.cell, place.homes) for place in places]
    return sorted(found, key=lambda area: (area.unit.path, area.cell))


def map_layers(authority: Authority, cameras: Iterable[Any]) -> dict[str, Any]:
    """GeoJSON of a map: boundaries of the units, `cameras` (of tiers 1 and 2), published areas of households."""
    with scopes_disabled():
        units = Unit.objects.filter(pk__in=authority.unit_ids()).exclude(boundary=None)
    layers = {
        "units": [_feature(unit.boundary, name=unit.name) for unit in units],
        "cameras": [
            _feature(
                {"type": "Point", "coordinates": [camera.longitude, camera.latitude]},
                code=camera.code, name=camera.name, tier=camera.tier,
            )
            for camera in cameras
        ],
        "households": [
            _feature(area.boundary, unit=area.unit.name, cell=area.cell, homes=area.homes)
            for area in published_areas(authority)
            if area.boundary
        ],
    }  # fmt: skip
    return {name: {"type": "FeatureCollection", "features": each} for name, each in layers.items()}


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def published_on() -> date | None:
    """The day of the map that is shown."""
    last = MapPublication.objects.order_by("-day").first()
    return last.day if last else None
