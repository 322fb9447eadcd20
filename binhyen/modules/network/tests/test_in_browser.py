"""In a real browser: the state that updates itself, the picture, and a cut asked of it with mouse and keyboard."""

import pytest

from binhyen.contracts.node import CameraState
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.network.tests.conftest import report

pytestmark = pytest.mark.browser
UPDATES_WITHIN_MS = 15_000


@pytest.fixture
def officer(live_station, village, world, desktop):
    return desktop.sign_in(world.people[Role.COMMUNE_OFFICER])


def tile(page, code):
    return page.locator(f'[data-code="{code}"] strong').inner_text()


def test_F06_a_line_that_goes_dead_is_on_the_page_without_a_touch(officer, village):
    report([each for two in village.cameras.values() for each in two])
    page = officer.open("/mang-camera/").page
    assert "6 đang ghi" in page.locator('[data-code="tang-2"]').inner_text()
    with across_units():
        report(village.cameras["far"], CameraState.FAILING)
    told = page.get_by_text("Cả 2 camera sau đường “Đường L4” cùng không ghi.")
    told.wait_for(timeout=UPDATES_WITHIN_MS)
    officer.screenshot("network-state", whole=True)
    page.get_by_role("link", name="Xem đường này").click()
    assert [tile(page, code) for code in ("mat-xem", "dich-vu")] == ["2", "1"]


def test_a_line_of_the_picture_is_cut_by_a_click_and_a_device_by_the_keyboard(officer, village):
    page = officer.open("/mang-camera/so-do/").page
    officer.screenshot("network-picture", whole=True)
    line = village.lines["far"].pk
    page.locator(f'a[href$="?duong={line}"] .wire-hold').click(force=True)
    page.get_by_role("heading", name="Cắt đường này").wait_for()
    assert tile(page, "mat-xem") == "2"
    officer.screenshot("network-cut", whole=True)
    page.get_by_label("Đường truyền", exact=True).select_option([])
    page.get_by_label("Thiết bị", exact=True).focus()
    page.get_by_label("Thiết bị", exact=True).select_option(str(village.east.pk))
    page.get_by_role("button", name="Xem nếu cắt").press("Enter")
    page.locator(".node-cat").wait_for()
    assert tile(page, "mat-xem") == "4"


def test_every_page_fits_a_phone(live_station, village, world, phone):
    phone.sign_in(world.people[Role.CHIEF])
    asked = f"/mang-camera/cat/?duong={village.lines['far'].pk}"
    for number, address in enumerate(("/mang-camera/", "/mang-camera/so-do/", asked, "/mang-camera/mat-hinh/")):
        phone.open(address)
        phone.screenshot(f"network-{number}", whole=True)
        assert phone.overflow_px() == 0, address
