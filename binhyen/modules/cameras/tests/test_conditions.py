"""How all cameras are, in one question to the database."""

from datetime import timedelta

from django.utils.timezone import localdate, now

from binhyen.contracts import CameraStatus, Instant
from binhyen.contracts.node import CameraState
from binhyen.kernel.testing.world import SINCE
from binhyen.kernel.units.authority import across_units, authority_of
from binhyen.modules.cameras.conditions import station_cameras
from binhyen.modules.cameras.domain import add_camera
from binhyen.modules.cameras.models import Camera
from binhyen.modules.cameras.node import take_statuses
from binhyen.modules.cameras.queries import condition_of


def test_each_camera_s_condition_is_the_one_that_its_own_page_says(park, world):
    at = now()
    more = [
        add_camera(by=None, unit=world.commune_a, tier=2, name=f"Góc {n}", url="rtsp://10.1.0.9/1", active_from=SINCE)
        for n in range(len(CameraState))
    ]
    for camera, state in zip(more, CameraState, strict=True):
        take_statuses([CameraStatus(camera.code, state, Instant(1_795_248_000_000_000))], at=at)
    take_statuses([CameraStatus(park.tier1.code, CameraState.RECORDING, Instant(1))], at=at - timedelta(seconds=31))
    with across_units():
        told = station_cameras(authority_of(world.people["chief"]), at=at)
        said = [condition_of(Camera.objects.get(pk=each.pk), at) for each in told]
    assert len(told) == len(CameraState) + 2
    assert [(e.state, e.label, e.badge, e.since) for e in told if e.state != "unheard"] == [
        (each.state, each.label, each.badge, each.since) for each in said if each.report
    ]
    assert [each.label for each in told] == [each.label for each in said]


def test_T01_cameras_that_ended_of_households_and_of_other_units_are_not_among_them(park, world):
    with across_units():
        Camera.objects.filter(pk=park.tier1.pk).update(active_until=localdate())
        told = station_cameras(authority_of(world.people["chief"]))
    assert [each.code for each in told] == [park.tier2.code]
