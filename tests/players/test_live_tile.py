"""One live picture in a real browser, from the recorder's feed to the screen."""

import time

import pytest

from binhyen.web.gateway import Refusal
from tests.players.browser import PHONE, keep_screenshot, page_at
from tests.players.rig import Rig

pytestmark = pytest.mark.browser

TEXT = "document.querySelector('by-live-tile').innerText"
FRAMES = "document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"


@pytest.fixture(scope="module")
def rig(tmp_path_factory, street, reordered, high_efficiency):
    clips = {
        "CAM-001": street,
        "CAM-002": high_efficiency,
        "CAM-003": reordered,
        "CAM-004": street,
        "CAM-005": street,
        "CAM-006": street,
    }
    with Rig(tmp_path_factory.mktemp("node"), clips) as running:
        yield running


@pytest.fixture(autouse=True)
def everything_is_allowed(rig):
    rig.refusals.clear()
    for camera in rig.cameras.values():
        camera.silent = False


def wait_for(page, state, timeout_s=15):
    page.wait_for_selector(f"by-live-tile[state={state}]", timeout=timeout_s * 1000)


def plays_on(page, frames=15, timeout_s=8) -> bool:
    before = page.evaluate(FRAMES)
    for _ in range(timeout_s * 5):
        page.wait_for_timeout(200)
        if page.evaluate(FRAMES) - before >= frames:
            return True
    return False


def test_a_picture_plays_close_to_the_newest_frame(rig, browser):
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-001&name=Ngã ba chợ&measure=")) as page:
        wait_for(page, "playing")
        for _ in range(30):  # a busy machine needs a moment; what counts is that it gets there
            page.wait_for_timeout(500)
            delays = page.evaluate("document.querySelector('by-live-tile').player.latencies.slice(-10)")
            if len(delays) == 10 and max(delays) < 400:
                break
        keep_screenshot(page, "tile")
    assert max(delays) < 400


def test_frames_out_of_order_play_too(rig, browser):
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-003")) as page:
        wait_for(page, "playing")
        before = page.evaluate(FRAMES)
        page.wait_for_timeout(2000)
        assert page.evaluate(FRAMES) - before >= 20


def test_a_look_says_what_for_before_the_first_picture(rig, browser):
    rig.looks.clear()
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-001&purpose=Trực ban&case=12/2026")) as page:
        wait_for(page, "playing")
    assert rig.looks[0] == {
        "camera": "CAM-001",
        "kind": "live",
        "stream": "main",
        "purpose": "Trực ban",
        "case": "12/2026",
    }


def test_taking_the_right_away_ends_the_player_with_the_reason(rig, browser):
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-001")) as page:
        wait_for(page, "playing")
        taken_at = time.monotonic()
        rig.refusals["CAM-001"] = Refusal(
            "case_closed", "Không xem được: vụ việc 12/2026 đã đóng lúc 14:05 ngày 21/11/2026."
        )
        wait_for(page, "refused", 5)
        assert time.monotonic() - taken_at < 5
        assert "vụ việc 12/2026 đã đóng" in page.evaluate(TEXT)
        keep_screenshot(page, "tile-refused")


def test_a_refusal_at_the_door_shows_its_sentence(rig, browser):
    rig.refusals["CAM-001"] = Refusal("not_yours", "Camera này không thuộc địa bàn của anh/chị.")
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-001")) as page:
        wait_for(page, "refused")
        assert "không thuộc địa bàn" in page.evaluate(TEXT)


def test_a_camera_that_goes_silent_looks_silent_and_comes_back(rig, browser):
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-004&name=Cổng trường")) as page:
        wait_for(page, "playing")
        rig.cameras["CAM-004"].silent = True
        wait_for(page, "silent")
        assert "Camera không gửi hình từ" in page.evaluate(TEXT)
        keep_screenshot(page, "tile-silent")
        rig.cameras["CAM-004"].silent = False
        wait_for(page, "playing")


def test_a_camera_that_the_recorder_loses_and_finds_again_plays_on(rig, browser):
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-003")) as page:
        wait_for(page, "playing")
        rig.interrupt("CAM-003", "Mất kết nối với camera")
        wait_for(page, "trouble")
        assert "Mất kết nối với camera" in page.evaluate(TEXT)
        wait_for(page, "playing")
        assert plays_on(page)


def test_F09_a_camera_that_changes_its_resolution_plays_on(rig, browser, small):
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-006")) as page:
        wait_for(page, "playing")
        rig.change("CAM-006", small)
        for _ in range(100):
            page.wait_for_timeout(100)
            if page.evaluate("document.querySelector('video').videoWidth") == 320:
                break
        assert page.evaluate("document.querySelector('video').videoWidth") == 320
        assert plays_on(page)


def test_h265_that_the_browser_cannot_play_offers_the_sub_stream(rig, browser):
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-002")) as page:
        wait_for(page, "unplayable")
        assert "không phát được H.265 → dùng luồng phụ" in page.evaluate(TEXT)
        assert page.get_by_role("button", name="Xem luồng phụ").is_visible()
        keep_screenshot(page, "tile-h265")


def test_low_latency_hls_plays_where_media_source_is_not_used(rig, browser):
    address = "/pages/tile.html?camera=CAM-005&hls=&hls-library=/static/hls.js/hls.light.min.mjs"
    with page_at(browser, rig.url(address)) as page:
        wait_for(page, "playing", 20)
        before = page.evaluate(FRAMES)
        page.wait_for_timeout(3000)
        assert page.evaluate(FRAMES) - before >= 30
        assert page.evaluate("document.querySelector('by-live-tile').hls.latency") < 4
        rig.refusals["CAM-005"] = Refusal("case_closed", "Không xem được: vụ việc 12/2026 đã đóng.")
        wait_for(page, "refused", 5)
        assert "vụ việc 12/2026 đã đóng" in page.evaluate(TEXT)


def test_the_recorder_is_let_go_when_nobody_looks(rig, browser):
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-003")) as page:
        wait_for(page, "playing")
        assert rig.cameras["CAM-003"].watched
    deadline = time.monotonic() + 40
    while rig.cameras["CAM-003"].watched and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not rig.cameras["CAM-003"].watched


def test_a_tile_fits_a_phone(rig, browser):
    with page_at(browser, rig.url("/pages/tile.html?camera=CAM-001&name=Ngã ba chợ"), viewport=PHONE) as page:
        wait_for(page, "playing")
        keep_screenshot(page, "tile-phone")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
