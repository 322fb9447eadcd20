"""What pages say of cameras."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from binhyen.contracts import CameraState, CameraStatus, EventKind, Instant
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import authority_of
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras import queries
from binhyen.modules.cameras.addresses import shown
from binhyen.modules.cameras.domain import add_household_camera
from binhyen.modules.cameras.models import Camera, CameraEvent
from binhyen.modules.cameras.node import take_statuses
from binhyen.modules.cameras.templatetags.cameras import event_words

pytestmark = pytest.mark.usefixtures("all_units")
STATES = [
    (CameraState.RECORDING, "đang ghi", "done"),
    (CameraState.SILENT, "im lặng", "late"),
    (CameraState.CONNECTING, "đang kết nối", "waiting"),
    (CameraState.NO_SPACE, "hết chỗ ghi", "late"),
]


def condition(camera, at):
    found = queries.condition_of(Camera.objects.select_related("report", "unit").get(pk=camera.pk), at)
    return found.label, found.badge


@pytest.mark.parametrize(("state", "label", "badge"), STATES)
def test_a_fresh_report_is_told_as_it_is(park, state, label, badge):
    at = now()
    take_statuses([CameraStatus(park.tier1.code, state, Instant(1))], at=at)
    assert condition(park.tier1, at + timedelta(seconds=29)) == (label, badge)


def test_F06_thirty_seconds_after_the_last_report_nothing_is_claimed(park):
    at = now()
    take_statuses([CameraStatus(park.tier1.code, CameraState.RECORDING, Instant(1))], at=at)
    assert condition(park.tier1, at + timedelta(seconds=31)) == ("máy ghi không báo", "late")


def test_a_camera_that_no_node_reported_yet_waits(park):
    assert condition(park.tier1, now()) == ("chưa có tin từ máy ghi", "waiting")


@pytest.mark.parametrize(("households", "words"), [(4, "ít, không nêu"), (5, "5")])
def test_T02_few_households_are_not_counted_out_loud_nor_those_of_this_month(world, today, households, words):
    last_month = today.replace(day=1) - timedelta(days=1)
    for number, since in enumerate([*[last_month] * households, today]):
        owner = make_person(f"chu.{number}", f"Chủ nhà {number}", Role.CAMERA_OWNER, world.commune_a)
        add_household_camera(
            by=None, owner=owner, unit=world.commune_a, name="Cổng", url="rtsp://10.0.0.1/", active_from=since
        )
    (count,) = queries.household_counts(authority_of(world.people["chief"]))
    assert count.words == words


def test_what_a_picture_serves_follows_its_width_and_angle(park):
    park.tier1.view_degrees = 90
    assert queries.usable_distances(park.tier1, 1000) == [
        ("Phát hiện có người", pytest.approx(20)),
        ("Quan sát dáng, áo quần", pytest.approx(1000 / 124)),
        ("Nhận ra người đã biết", pytest.approx(4)),
        ("Phân biệt người chưa biết", pytest.approx(2)),
    ]


def test_without_an_angle_nothing_is_claimed_of_a_picture(park):
    assert queries.usable_distances(park.tier1, 1000) == []


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        ("camera_state", {"state": "silent", "error": ""}, "Chuyển sang im lặng."),
        ("camera_state", {"state": "failing", "error": "Sai mật khẩu."}, "Chuyển sang mất kết nối. Sai mật khẩu."),
        ("camera_state", {"state": "new-in-2030"}, "Đổi tình trạng."),
        ("gap", {"reason": "disk_full", "start": "1"}, "Gián đoạn ghi: ổ đĩa đầy."),
        ("gap", {}, "Gián đoạn ghi."),
        ("clock_step", {"by_us": "-1500000"}, "Đồng hồ máy ghi bị chỉnh lùi 1,5 giây."),
        ("clock_step", {"by_us": "3600000000"}, "Đồng hồ máy ghi bị chỉnh tới 60 phút."),
        ("clock_step", {"by_us": "x"}, "Đồng hồ bị chỉnh."),
        ("disk", {"state": "room", "volume": "kho-1"}, "Ổ đĩa đã có chỗ trở lại: kho-1."),
        ("disk", {"state": "full", "volume": "kho-1"}, "Ổ đĩa cần xem lại: kho-1."),
        ("node_started", {"shard": "0"}, "Máy ghi khởi động."),
    ],
)
def test_news_of_a_node_is_a_sentence(kind, detail, words):
    assert event_words(CameraEvent(id="e", kind=EventKind(kind), at=1, detail=detail)) == words


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("rtsp://u:p@10.0.0.1:554/Streaming?user=admin&password=x", "rtsp://10.0.0.1:554"),
        ("rtsp://[2001:db8::1]/user=admin_password=x", "rtsp://[2001:db8::1]"),
    ],
)
def test_S08_of_an_address_only_the_machine_is_shown(url, seen):
    assert shown(url) == seen
