"""A village network: two switches in a ring with the centre, a third behind one of them, cameras at their ports."""

import json
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.test import Client

from binhyen.contracts import CameraStatus, EventBatch, Instant, StatusReport, dump
from binhyen.contracts.node import CameraState
from binhyen.kernel.testing.world import SINCE, make_person
from binhyen.kernel.units.authority import authority_of, within_scope
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import Camera, add_camera, add_household_camera
from binhyen.modules.network.models import CameraPort, NetworkDevice, NetworkLine, NetworkService


@dataclass(frozen=True)
class Village:
    """Devices and lines by name; two cameras at each of `east`, `west` and `far`."""

    centre: NetworkDevice
    east: NetworkDevice
    west: NetworkDevice
    far: NetworkDevice
    recorder: NetworkDevice
    lines: dict[str, NetworkLine]
    cameras: dict[str, list[Camera]]


def device(unit, code, name, kind="switch", **facts):
    return NetworkDevice.objects.create(unit=unit, code=code, name=name, kind=kind, **facts)


def line(unit, code, a, b, duct=""):
    return NetworkLine.objects.create(unit=unit, code=code, name=f"Đường {code}", a_end=a, b_end=b, duct=duct)


def camera(unit, number, tier=2):
    return add_camera(
        by=None, unit=unit, tier=tier, name=f"Góc {number}", url="rtsp://192.168.9.9/1",
        code=f"{unit.code}-{number:03}", active_from=SINCE,
    )  # fmt: skip


def household(unit, number):
    owner = make_person(f"chu.{unit.code}.{number}", f"Chủ nhà {number}", Role.CAMERA_OWNER, unit)
    return add_household_camera(
        by=None, owner=owner, unit=unit, name="Cổng", url="rtsp://192.168.9.8/1", active_from=SINCE
    )


@pytest.fixture
def village(world, all_units):
    """The network, all of commune A; the far switch records at the recorder in the east."""
    unit = world.commune_a
    centre = device(unit, "TT", "Trung tâm", "centre")
    east, west, far = (device(unit, code, f"Xóm {code}") for code in ("Đông", "Tây", "Xa"))
    recorder = device(unit, "DG", "Đầu ghi xóm Đông", "recorder")
    lines = {
        "east": line(unit, "L1", centre, east, "Cột đường 1"),
        "west": line(unit, "L2", centre, west, "Cột đường 1"),
        "ring": line(unit, "L3", east, west),
        "far": line(unit, "L4", far, east),
        "recorder": line(unit, "L5", recorder, east),
    }
    cameras = {"east": [], "west": [], "far": []}
    for place, switch in enumerate((east, west, far)):
        for port in (1, 2):
            made = camera(unit, place * 2 + port)
            cameras[("east", "west", "far")[place]].append(made)
            CameraPort.objects.create(
                device=switch, port=port, camera=made, recorder=recorder if switch == far else None
            )
    NetworkService.objects.create(unit=unit, name="Điện thoại xóm Xa", device=far)
    return Village(centre, east, west, far, recorder, lines, cameras)


@pytest.fixture
def chief(world):
    """The authority of commune A's chief."""
    return authority_of(world.people[Role.CHIEF])


@pytest.fixture
def in_scope(chief):
    """Run as a page does: rows of the own units only."""
    with within_scope(chief):
        yield chief


def as_node(what, told):
    """Send `told` as a recording node does."""
    answer = Client(headers={"Authorization": f"Bearer {settings.BINHYEN_NODE_TOKEN}"}).post(
        f"/api/node/{what}", json.dumps(dump(told)), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content


def report(cameras, state=CameraState.RECORDING):
    """A node tells that `cameras` are in `state`."""
    as_node("status", StatusReport(tuple(CameraStatus(each.code, state, Instant(1)) for each in cameras)))


def send_news(name, events):
    """A node tells its news."""
    as_node("events", EventBatch(name, tuple(events)))
