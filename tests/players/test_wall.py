"""The wall of live pictures in a real browser."""

import pytest

from tests.players.browser import PHONE, keep_screenshot, page_at
from tests.players.rig import Rig

pytestmark = pytest.mark.browser

TILES = "[...document.querySelectorAll('by-live-tile')].map((tile) => tile.camera)"
SIX = ["CAM-001", "CAM-002", "CAM-003", "CAM-004", "CAM-005", "CAM-006"]


@pytest.fixture(scope="module")
def rig(tmp_path_factory, street, small, reordered):
    clips = dict(zip(SIX, [street, small, street, small, reordered, street], strict=True))
    with Rig(tmp_path_factory.mktemp("node"), clips) as running:
        yield running


@pytest.fixture
def wall(rig, browser):
    with page_at(browser, rig.url("/pages/wall.html")) as page:
        page.wait_for_selector("by-live-tile[state=playing]")
        yield page


def playing(page, count):
    for _ in range(150):
        if page.locator("by-live-tile[state=playing]").count() == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate("document.body.innerText"))


def test_four_pictures_play_and_each_look_says_what_for(rig, wall):
    playing(wall, 4)
    keep_screenshot(wall, "wall-4")
    assert wall.evaluate(TILES) == SIX[:4]
    assert {look["purpose"] for look in rig.looks} == {"Trực ban"}


def test_a_wall_of_nine_leaves_places_to_choose_a_camera_for(wall):
    wall.get_by_role("button", name="9 hình").click()
    playing(wall, 6)
    keep_screenshot(wall, "wall-9")
    assert wall.evaluate(TILES) == SIX
    assert wall.locator(".by-wall-cell").count() == 9


def test_a_tile_that_stays_on_the_wall_keeps_its_player(wall):
    playing(wall, 4)
    wall.evaluate("window.kept = document.querySelector('by-live-tile').player")
    wall.get_by_role("button", name="9 hình").click()
    playing(wall, 6)
    assert wall.evaluate("window.kept !== null && window.kept === document.querySelector('by-live-tile').player")


def test_the_keyboard_moves_enlarges_and_returns(wall):
    wall.locator("by-live-tile").first.focus()
    wall.keyboard.press("ArrowRight")
    wall.keyboard.press("ArrowDown")
    focused = "document.activeElement.camera"
    assert wall.evaluate(focused) == "CAM-004"
    wall.keyboard.press("Enter")
    assert (wall.evaluate(TILES), wall.evaluate(focused)) == (["CAM-004"], "CAM-004")
    keep_screenshot(wall, "wall-large")
    wall.keyboard.press("Escape")
    assert wall.evaluate(TILES) == SIX[:4]


def test_a_layout_is_kept_by_name_and_comes_back(wall):
    wall.get_by_label("Camera ở ô 1").select_option("CAM-006", force=True)
    assert wall.evaluate(TILES) == ["CAM-006", *SIX[1:4]]
    wall.get_by_role("button", name="Lưu bố cục").click()
    wall.get_by_label("Tên bố cục").fill("Ca đêm")
    wall.get_by_label("Tên bố cục").press("Enter")
    wall.reload()
    wall.wait_for_selector("by-live-tile")
    assert wall.evaluate(TILES) == SIX[:4]
    wall.get_by_label("Bố cục đã lưu").select_option("Ca đêm")
    assert wall.evaluate(TILES) == ["CAM-006", *SIX[1:4]]


def test_a_phone_shows_the_wall_one_below_the_other(rig, browser):
    with page_at(browser, rig.url("/pages/wall.html"), viewport=PHONE) as page:
        playing(page, 4)
        keep_screenshot(page, "wall-phone")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
