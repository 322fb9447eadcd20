"""The map of the network and a proposal to narrow, as a person sees them."""

import json

import h3
import pytest
from django.apps import apps
from django.utils.timezone import now

from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import add_camera, add_household_camera, publish_map
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.models import FootageRequest
from binhyen.modules.footage.tests.conftest import MIDDLE

pytestmark = pytest.mark.browser
NARROWING = "Người lấy xe chạy vòng quanh chợ"


@pytest.fixture
def network(street):
    """A cell with eleven homes, another with six, and a camera of the command centre."""
    unit = street.world.commune_a
    unit.boundary = circle(*MIDDLE, 1500)
    unit.save()
    cell = h3.latlng_to_cell(*MIDDLE, 8)
    for middle, many in ((h3.cell_to_latlng(cell), 11), (h3.cell_to_latlng(sorted(h3.grid_ring(cell, 1))[0]), 6)):
        for number in range(many):
            owner = make_person(f"ho.{middle[0]:.4f}.{number}", f"Chủ hộ {number}", Role.CAMERA_OWNER, unit)
            add_household_camera(
                by=None, owner=owner, unit=unit, name="Cổng", url="rtsp://192.168.7.21/1",
                latitude=middle[0] + number * 0.0003, longitude=middle[1],
            )  # fmt: skip
    add_camera(
        by=None, unit=unit, tier=1, name="Bưu điện", url="rtsp://192.168.7.20/1", latitude=MIDDLE[0] + 0.003,
        longitude=MIDDLE[1] - 0.004,
    )  # fmt: skip
    publish_map()
    return street


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_T02_the_map_shows_points_of_the_station_and_areas_of_homes(live_station, request, network, size):
    visitor = request.getfixturevalue(size)
    page = visitor.sign_in(network.chief).open("/ban-do-camera/").page
    page.wait_for_selector("by-network-map[data-ready='true']")
    assert sorted(page.locator(".map-area-homes").all_inner_texts()) == ["10 hộ", "5 hộ"]
    assert "Bưu điện" in page.locator("by-network-map").inner_text()
    assert "hộ gia đình đã công bố: 15 hộ" in page.locator(".page-lead").inner_text()
    visitor.screenshot("ban-do-mang-camera", whole=True)


def test_without_anything_to_draw_the_map_says_what_is_missing(live_station, desktop, world):
    page = desktop.sign_in(world.people[Role.CHIEF]).open("/ban-do-camera/").page
    assert page.get_by_text("Chưa có gì để vẽ.").is_visible()
    assert page.get_by_text("Chưa công bố lần nào.").is_visible()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_proposal_is_drawn_beside_what_was_asked_and_enter_keeps(live_station, request, network, size):
    visitor = request.getfixturevalue(size)
    page = visitor.sign_in(network.officer).open(f"/vu-viec/{network.case.pk}/yeu-cau/lap/").page
    page.wait_for_selector("by-map-area[data-ready='true']")
    page.evaluate("area => { document.getElementById('id_area').value = area }", json.dumps(circle(*MIDDLE, 330)))
    page.fill("#id_start", "2026-11-20T08:00")
    page.fill("#id_end", "2026-11-20T10:00")
    page.fill("#id_purpose", "Tìm xe máy bị lấy trộm")
    page.get_by_role("button", name="Gửi yêu cầu").click()
    page.wait_for_selector("by-map-area[data-ready='true'][proposed]")
    visitor.screenshot("de-xuat-thu-hep", whole=True)
    assert FootageRequest.objects.count() == 0
    page.fill("#id_kept_because", NARROWING)
    page.press("#id_kept_because", "Enter")
    page.get_by_text(f"giữ như đã chọn vì: {NARROWING}").wait_for()


def test_the_page_of_openings_fits_every_screen(live_station, desktop, phone, street):
    apps.get_model("cameras", "VaultOpening").objects.create(
        camera=street.home, reason="tinh_mang", case=street.case.number, asked_by=street.chief, asked_at=now()
    )
    wide = []
    for visitor, person in ((desktop, street.chief), (phone, street.chief), (phone, street.world.people[Role.AUDITOR])):
        visitor.sign_in(person).open("/camera/mo-niem-phong/").screenshot(f"mo-niem-phong-{person.pk}", whole=True)
        wide.append(visitor.overflow_px())
    assert wide == [0, 0, 0]
