"""Every page of cameras in a real Chromium, on an office screen and a phone: it fits, it complains of nothing."""

import time

import pytest

from binhyen.contracts import SECOND, CameraState, CameraStatus, Event, EventBatch, EventKind, Instant
from binhyen.kernel.testing.world import SINCE, make_person, make_world
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.node import take_events, take_statuses
from binhyen.modules.cameras.public import add_camera, add_household_camera, open_look
from binhyen.modules.cases.public import CaseFacts, open_case
from tests.looks.conftest import _any_kind

pytestmark = pytest.mark.browser
STATES = {
    "Ngã ba Chợ Đồn": CameraState.RECORDING,
    "Trường tiểu học An Hòa": CameraState.SILENT,
    "Ngã tư Bưu điện": CameraState.FAILING,
    "Bến xe phía nam": CameraState.CONNECTING,
    "Ủy ban nhân dân xã": CameraState.NO_SPACE,
}


@pytest.fixture
def people(live_station):
    """A commune with cameras in every state; people by role, and the owner of a household camera."""
    now = Instant(int(time.time() * SECOND))
    with across_units():
        world = make_world()
        owner = make_person("chu.nha", "Phạm Thị Lụa", Role.CAMERA_OWNER, world.commune_a)
        common = {"by": None, "unit": world.commune_a, "active_from": SINCE}
        cameras = [add_camera(tier=2, name=name, url="rtsp://10.1.0.1/1", view_degrees=80, **common) for name in STATES]
        household = add_household_camera(
            owner=owner, name="Cổng trước", url="rtsp://10.1.0.4/", address="Ngõ 7", **common
        )
        take_statuses([_status(camera, state, now) for camera, state in zip(cameras, STATES.values(), strict=True)])
        detail = {"reason": "connection"}
        take_events(EventBatch("b", (Event("1", EventKind.GAP, now, cameras[0].code, detail),)))
        case = open_case(CaseFacts(_any_kind(), "Mất xe máy"), unit=world.commune_a, by=world.people["chief"])
        open_look(cameras[0].code, by=world.people["chief"], kind="playback", case=case.number)
    return {**world.people, "owner": owner, "case": case.number, "household": household.code}


def _status(camera, state, now):
    return CameraStatus(
        camera.code, state, Instant(now - 3600 * SECOND), 14.9, 1_812_000, now, 2, 41_000, "avc1.64001f", 1280, 720,
        error="Camera từ chối mật khẩu. Hãy kiểm tra tài khoản." if state is CameraState.FAILING else "",
    )  # fmt: skip


PAGES = [
    ("chief", "camera", "/camera/"),
    ("chief", "camera-khong-co", "/camera/?words=zzz"),
    ("chief", "camera-them", "/camera/them/"),
    ("chief", "camera-mot", "/camera/X99001-001/"),
    ("chief", "camera-sua", "/camera/X99001-001/sua/"),
    ("chief", "tuong-hinh", "/tuong-hinh/"),
    ("investigator", "tuong-hinh-can-vu-viec", "/tuong-hinh/"),
    ("investigator", "xem-lai-can-vu-viec", "/xem-lai/X99001-001/"),
    ("chief", "xem-lai-chon", "/xem-lai/"),
    ("chief", "xem-lai", "/xem-lai/X99001-001/?case={case}"),
    ("it_admin", "he-thong", "/he-thong/"),
    ("owner", "camera-cua-toi", "/camera-cua-toi/"),
    ("owner", "camera-cua-toi-mot", "/camera-cua-toi/{household}/"),
    ("owner", "camera-cua-toi-them", "/camera-cua-toi/them/"),
    ("camera_owner", "camera-cua-toi-chua-co", "/camera-cua-toi/"),
]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_pages_of_cameras_fit_the_screen_and_complain_of_nothing(people, request, size):
    visitor = request.getfixturevalue(size)
    too_wide = []
    for who, name, path in PAGES:
        visitor.context.clear_cookies()
        visitor.sign_in(people[who]).open(path.format(**{key: people[key] for key in ("case", "household")}))
        visitor.screenshot(f"camera/{name}", whole=True)
        too_wide += [name] if visitor.overflow_px() else []
    assert too_wide == []
