"""The published map of households: from the vault, once a week, and no more in the database than on the page."""

from datetime import timedelta

import h3
import pytest
from django.db import connection

from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import authority_of
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.domain import add_camera, add_household_camera, change_camera, end_sharing
from binhyen.modules.cameras.households import NOWHERE, shown_in
from binhyen.modules.cameras.models import HouseholdSeal, MapPlace
from binhyen.modules.cameras.network_map import CELL_RESOLUTION, RESTS, map_layers, publish_map, published_areas
from binhyen.modules.cameras.queries import mapped_cameras

pytestmark = pytest.mark.usefixtures("all_units")
CELL = h3.latlng_to_cell(21.63, 105.64, CELL_RESOLUTION)
MIDDLE = h3.cell_to_latlng(CELL)
WEEK = timedelta(days=7)
ADDRESSES = {"/ban-do-camera/", "/ban-do-camera/lop.json", "/yeu-cau/ban-do.json", "/camera/"}


def add_home(world, today, number, *, unit=None, owner=None, at=MIDDLE):
    unit = unit or world.commune_a
    owner = owner or make_person(f"ho.{unit.pk}.{number}", f"Chủ hộ {number}", Role.CAMERA_OWNER, unit)
    return add_household_camera(
        by=None, owner=owner, unit=unit, name="Cổng", url="rtsp://192.168.7.21/1", active_from=today,
        latitude=at[0] + number * 0.0002, longitude=at[1],
    ), owner  # fmt: skip


def areas():
    return {(place.unit.code, place.cell): place.homes for place in MapPlace.objects.filter(homes__gt=0)}


@pytest.mark.parametrize(("homes", "shown"), [(4, {}), (5, {("X99001", CELL): 5}), (9, {("X99001", CELL): 5})])
def test_T02_a_cell_needs_five_homes(world, today, homes, shown):
    for number in range(homes):
        add_home(world, today, number)
    publish_map(today)
    assert areas() == shown


def test_T02_five_cameras_of_one_home_are_one(world, today):
    _, owner = add_home(world, today, 0)
    for number in range(1, 5):
        add_home(world, today, number, owner=owner)
    for number in (5, 6):
        add_home(world, today, number, at=(MIDDLE[0] - number * 0.0002, MIDDLE[1]))
    publish_map(today)
    assert areas() == {}


def test_T02_homes_far_apart_are_counted_by_the_commune_and_few_by_the_province(world, today):
    for number in range(4):
        add_home(world, today, number, at=(MIDDLE[0] + number * 0.02, MIDDLE[1]))
    add_home(world, today, 9, unit=world.commune_b)
    publish_map(today)
    assert areas() == {("T99", ""): 5}
    add_home(world, today, 20, at=(MIDDLE[0] - 0.03, MIDDLE[1]))
    publish_map(today + WEEK)
    assert areas() == {("T99", ""): 5}


def test_T02_a_map_is_published_once_a_week(world, today):
    assert publish_map(today)
    for number in range(5):
        add_home(world, today, number)
    assert not publish_map(today + timedelta(days=6))
    assert areas() == {}
    assert publish_map(today + WEEK)
    assert areas() == {("X99001", CELL): 5}


def test_T02_one_who_leaves_shows_only_where_fewer_than_five_remain(world, today):
    homes = [add_home(world, today, number) for number in range(10)]
    publish_map(today)
    for camera, owner in homes[:4]:
        end_sharing(camera, by=owner)
    publish_map(today + WEEK)
    assert areas() == {("X99001", CELL): 10}
    for camera, owner in homes[4:6]:
        end_sharing(camera, by=owner)
    publish_map(today + 2 * WEEK)
    assert (areas(), MapPlace.objects.get().rests_until) == ({}, today + 2 * WEEK + RESTS)


def test_T01_the_database_without_the_key_has_no_more_of_places_than_the_map(world, today):
    for number in range(7):
        add_home(world, today, number)
    for number in range(3):
        add_home(world, today, number, unit=world.commune_b)
    before = {row.pk: bytes(row.shown_sealed) for row in HouseholdSeal.objects.all()}
    publish_map(today)
    rows = list(HouseholdSeal.objects.select_related("camera"))
    assert all(bytes(row.shown_sealed) != before[row.pk] for row in rows)  # who was written tells nobody
    sizes = {
        tuple(len(value) for value in (r.key_wrapped, r.place_sealed, r.person_sealed, r.shown_sealed)) for r in rows
    }
    assert len(sizes) == 1
    assert len({shown_in(row, row.camera.code) for row in rows} - {NOWHERE}) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM cameras_mapplace t")
        assert [row[0].count(CELL) for row in cursor.fetchall()] == [1]


def test_T02_pages_show_what_was_published_and_to_officers_of_the_unit_alone(world, today, signed_in):
    for number in range(6):
        add_home(world, today, number)
    publish_map(today)
    add_home(world, today, 7)
    officer, stranger = world.people[Role.CHIEF], world.outsiders[Role.CHIEF]
    assert [(area.cell, area.homes) for area in published_areas(authority_of(officer))] == [(CELL, 5)]
    assert published_areas(authority_of(stranger)) == []
    texts = {address: signed_in(officer).get(address).content.decode() for address in ADDRESSES}
    assert all(CELL in texts[address] for address in ADDRESSES - {"/camera/"})
    assert all(CELL not in signed_in(stranger).get(address).content.decode() for address in ADDRESSES)


def test_a_map_has_cameras_of_tiers_1_and_2_as_points(world, today):
    place = {"latitude": MIDDLE[0], "longitude": MIDDLE[1], "active_from": today}
    camera = add_camera(by=None, unit=world.commune_a, tier=1, name="Chợ", url="rtsp://10.0.0.1/", **place)
    ended = add_camera(by=None, unit=world.commune_a, tier=2, name="Cũ", url="rtsp://10.0.0.2/", **place)
    change_camera(ended, by=None, active_until=today)
    add_home(world, today, 0)
    authority = authority_of(world.people[Role.CHIEF])
    layers = map_layers(authority, mapped_cameras(authority))
    assert [each["properties"]["code"] for each in layers["cameras"]["features"]] == [camera.code]
    assert layers["households"]["features"] == []
