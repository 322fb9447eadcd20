"""Keeping the register, and what modules above read of it."""

import pytest

from binhyen.contracts import CameraState, CameraStatus, Instant
from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import Refused, authority_of, within_scope
from binhyen.modules.cameras import public, screens
from binhyen.modules.cameras.addresses import AddressRefused
from binhyen.modules.cameras.domain import CodeTaken, add_camera, add_household_camera, change_camera, change_household
from binhyen.modules.cameras.households import open_household
from binhyen.modules.cameras.node import take_statuses

pytestmark = pytest.mark.usefixtures("all_units")


def add(world, **changed):
    facts = {"by": None, "unit": world.commune_a, "tier": 2, "name": "Cầu", "url": "rtsp://10.0.0.1/"}
    return add_camera(**(facts | changed))


def test_codes_count_up_within_a_unit(world):
    assert [add(world).code, add(world).code, add(world, unit=world.commune_b).code] == [
        "X99001-001", "X99001-002", "X99002-001",
    ]  # fmt: skip


def test_a_code_is_given_once(world):
    add(world, code="CAM-1")
    with pytest.raises(CodeTaken, match="Mã camera CAM-1 đã có"):
        add(world, code="CAM-1")


def test_S05_a_refused_address_adds_nothing(world):
    with pytest.raises(AddressRefused):
        add(world, url="rtsp://127.0.0.1/")
    assert (public.find_camera(authority_of(world.people["chief"]), "X99001-001"), Line.objects.count()) == (None, 0)


def test_a_household_camera_is_not_added_as_one_of_the_station(world):
    with pytest.raises(ValueError, match="add_household_camera"):
        add(world, tier=3)


@pytest.mark.parametrize("role", ["duty_officer", "investigator", "auditor", "camera_owner"])
def test_who_does_not_keep_the_register_adds_nothing(world, role):
    with pytest.raises(Refused):
        add(world, by=world.people[role])


def test_nobody_adds_a_camera_in_the_name_of_an_owner(world, park):
    asked = {"unit": world.commune_a, "name": "Cổng", "url": "rtsp://10.0.0.1/", "owner": park.owner}
    with pytest.raises(Refused):
        add_household_camera(by=world.people["chief"], **asked)


def test_who_is_no_owner_shares_nothing(world):
    chief = world.people["chief"]
    with pytest.raises(Refused) as refused:
        add_household_camera(by=chief, owner=chief, unit=world.commune_a, name="Cổng", url="rtsp://10.0.0.1/")
    assert refused.value.refusal.code == "not_an_owner"


def test_an_officer_changes_nothing_of_a_household_camera(park, world):
    with pytest.raises(Refused) as refused:
        change_camera(park.household, by=world.people["chief"], retention_days=1)
    assert refused.value.refusal.code == "not_found"


def test_the_log_says_what_changed_and_not_to_which_address(park, world):
    change_camera(park.tier1, by=world.people["chief"], retention_days=9, url="rtsp://10.9.9.9/")
    assert Line.objects.get(action="camera.change").detail == {"changed": "retention_days, address"}


def test_an_owner_renames_the_own_camera_and_nobody_else_does(park, world):
    change_household(park.household, by=park.owner, name="Sân", address="Ngõ 8")
    assert (open_household(park.household).name, public.own_camera_name(park.household.code, park.owner)) == (
        "Sân",
        "Sân",
    )
    with pytest.raises(Refused):
        change_household(park.household, by=world.people["camera_owner"], name="x", address="y")


def test_the_same_hold_twice_is_one(park):
    first = public.place_hold(park.tier1.code, 10, 20, reason="case:1")
    assert (public.place_hold(park.tier1.code, 10, 20, reason="case:1"), public.release_holds("case:1")) == (first, 1)


def test_an_owner_s_codes_are_told_to_the_owner_alone(park, world):
    assert public.owned_codes(park.owner) == [park.household.code]
    assert public.is_owned_by(park.household.code, world.people["camera_owner"]) is False
    with pytest.raises(KeyError):
        public.own_camera_name(park.household.code, world.people["camera_owner"])


def test_a_map_shows_placed_cameras_of_tiers_1_and_2_of_the_own_units(park, world):
    chief = authority_of(world.people["chief"])
    with within_scope(chief):
        assert [camera.code for camera in public.mapped_cameras(chief)] == [park.tier1.code, park.tier2.code]


def test_a_household_camera_has_no_name_for_officers(park, world):
    chief = authority_of(world.people["chief"])
    assert public.camera_name(park.household.code, chief) == park.household.code
    assert public.camera_name(park.tier1.code, chief) == "Ngã tư Bưu điện"


def test_a_deep_link_carries_camera_moment_and_case():
    assert public.playback_url("CAM-1", at=Instant(7), case="1/2026/X") == "/xem-lai/CAM-1/?at=7&case=1%2F2026%2FX"


def test_a_silent_camera_waits_for_who_looks_after_it(park, world):
    silent = CameraState.SILENT
    take_statuses([CameraStatus(c.code, silent, Instant(1)) for c in (park.tier1, park.household, park.elsewhere)])
    labels = {}
    for who in (world.people["commune_officer"], world.people["investigator"], park.owner):
        authority = authority_of(who)
        with within_scope(authority):
            labels[who.username] = [item.label for item in screens.ailing_cameras(authority)]
    assert labels == {
        "a.commune_officer": ["Camera Ngã tư Bưu điện (X99001-001): im lặng"],
        "a.investigator": [],
        park.owner.username: ["Cổng nhà bà Lụa: im lặng"],
    }
