"""Finding cameras by an area drawn on a map."""

import pytest

from binhyen.modules.cameras.domain import add_camera, change_camera
from binhyen.modules.cameras.places import find_cameras_in
from binhyen.modules.cameras.tests.conftest import SECRETS

pytestmark = pytest.mark.usefixtures("all_units")


def square(latitude, longitude, half=0.0005):
    """About a hundred metres on a side."""
    west, east, south, north = longitude - half, longitude + half, latitude - half, latitude + half
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def codes_in(area, **named):
    return [found.code for found in find_cameras_in(area, **named)]


def test_cameras_of_tiers_1_and_2_are_found_by_their_place(park):
    assert codes_in(square(21.03, 105.85)) == sorted([park.tier1.code, park.tier2.code])


def test_a_household_is_found_by_its_sealed_place(park):
    area = square(float(SECRETS["latitude"]), float(SECRETS["longitude"]))
    assert codes_in(area) == [park.household.code]


def test_nothing_is_found_where_nothing_is(park):
    assert codes_in(square(20.5, 105.5)) == []


def test_only_the_units_asked_are_searched(park, world):
    assert codes_in(square(21.03, 105.85), unit_ids=[world.commune_b.pk]) == []


def test_an_ended_camera_is_not_found(park, today):
    change_camera(park.tier1, by=None, active_until=today)
    assert codes_in(square(21.03, 105.85)) == [park.tier2.code]


@pytest.mark.parametrize(("metres", "found"), [(20, False), (40, True)])
def test_the_margin_is_in_metres(world, today, metres, found):
    common = {"by": None, "unit": world.commune_a, "tier": 1, "url": "rtsp://10.0.0.1/1", "active_from": today}
    camera = add_camera(name="Cách 30 m về phía đông", latitude=21.0, longitude=105.0005 + 30 / 103_930, **common)
    assert codes_in(square(21.0, 105.0), margin_metres=metres) == ([camera.code] if found else [])
