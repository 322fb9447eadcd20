"""T07: after its time nothing personal remains, unless a case holds it."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from binhyen.contracts import Event, EventBatch, EventKind, Instant
from binhyen.modules.cameras.domain import end_sharing, place_hold, release_holds
from binhyen.modules.cameras.looks import open_look
from binhyen.modules.cameras.models import Camera, CameraEvent, HouseholdSeal, Look
from binhyen.modules.cameras.node import node_spec, take_events
from binhyen.modules.cameras.retention import forget

pytestmark = pytest.mark.usefixtures("all_units")
LATER = timedelta(days=400)


def sealed(camera):
    return bytes(Camera.objects.get(pk=camera.pk).url_sealed)


def test_T07_after_400_days_nothing_personal_of_an_ended_household_camera_remains(park, world):
    open_look(park.household.code, by=park.owner, kind="live")
    take_events(EventBatch("b", (Event("e", EventKind.GAP, Instant(1), park.household.code),)))
    end_sharing(park.household, by=park.owner)
    assert forget(now() + LATER) == [park.household.code]
    assert (HouseholdSeal.objects.count(), Look.objects.count(), CameraEvent.objects.count()) == (0, 0, 0)
    assert sealed(park.household) == b""


def test_T07_what_a_case_holds_stays_until_it_is_released(park):
    place_hold(park.household.code, 1, 2, reason="case:1")
    end_sharing(park.household, by=park.owner)
    assert (forget(now() + LATER), HouseholdSeal.objects.count()) == ([], 1)
    release_holds("case:1")
    assert (forget(now() + LATER), HouseholdSeal.objects.count()) == ([park.household.code], 0)


def test_a_camera_in_use_is_never_forgotten(park):
    assert (forget(now() + LATER), HouseholdSeal.objects.count()) == ([], 1)


def test_an_ended_camera_is_kept_while_its_footage_is(park):
    end_sharing(park.household, by=park.owner)
    last = localdate() + timedelta(days=park.household.retention_days)
    assert forget(now() + (last - localdate())) == []


def test_forgetting_twice_is_forgetting_once(park):
    end_sharing(park.household, by=park.owner)
    assert [forget(now() + LATER), forget(now() + LATER)] == [[park.household.code], []]


def test_a_forgotten_camera_does_not_trouble_the_node(park):
    end_sharing(park.household, by=park.owner)
    forget(now() + LATER)
    assert park.household.code not in [camera.code for camera in node_spec().cameras]
