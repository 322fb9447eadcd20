"""Playback in a real browser: two cameras, three files, a gap."""

import json

import pytest

from binhyen.contracts import SECOND, Gap, GapReason, Hold, Instant, NodeSpec, dump
from binhyen.media.playback.tests.footage import write_gap, write_segment
from binhyen.media.playback.tests.pictures import parameter_sets, units
from binhyen.web.gateway import Refusal
from tests.players.browser import PHONE, keep_screenshot, page_at
from tests.players.rig import Rig

pytestmark = pytest.mark.browser

START = Instant(1_795_000_020 * SECOND)
FRAME_US = SECOND // 15
FIRST, SECOND_CAMERA = "CAM-001", "CAM-002"


def at(seconds: float) -> int:
    return START + round(seconds * SECOND)


@pytest.fixture(scope="module")
def rig(tmp_path_factory, street, small):
    """CAM-001: 0–20, 20–40, 60–80 s (the gap 40–60 has a reason); CAM-002: 10–70 s."""
    folder = tmp_path_factory.mktemp("footage")
    store = folder / "store"
    sets = parameter_sets(street)
    write_segment(store, FIRST, 1, sets, units(street, start=START, loops=5))
    write_segment(store, FIRST, 2, sets, units(street, start=Instant(at(20)), loops=5))
    write_gap(store, Gap(FIRST, Instant(at(40)), Instant(at(60)), GapReason.CONNECTION))
    write_segment(store, FIRST, 3, sets, units(street, start=Instant(at(60)), loops=5))
    write_segment(store, SECOND_CAMERA, 1, parameter_sets(small), units(small, start=Instant(at(10)), loops=15))
    spool = folder / "spool"
    spool.mkdir()
    spec = NodeSpec(holds=(Hold("H1", FIRST, Instant(at(5)), Instant(at(30))),))
    (spool / "spec-0.json").write_text(json.dumps(dump(spec)))
    with Rig(folder, {}) as running:
        yield running


@pytest.fixture(autouse=True)
def everything_is_allowed(rig):
    rig.refusals.clear()
    rig.unknown.clear()
    rig.looks.clear()


def open_player(rig, browser, *, more=None, start=10.0, viewport=None, **attributes):
    query = {"camera": FIRST, "name": "Ngã ba chợ", "from": at(0), "to": at(100), "at": at(start), **attributes}
    if more:
        query["more"] = json.dumps(more)
    from urllib.parse import urlencode

    return page_at(
        browser, rig.url("/pages/player.html?" + urlencode(query)), **({"viewport": viewport} if viewport else {})
    )


POSITION = "Math.round(document.querySelector('by-player').at)"
NOTICE = "document.querySelector('.by-player-notice').textContent"
SHOWN = "[...document.querySelectorAll('video')].map((v) => Math.round({origin} + v.currentTime * 1e6))"


def shown(page) -> list[int]:
    return page.evaluate(SHOWN.replace("{origin}", str(at(0))))


def until(page, expression, timeout_s=15):
    for _ in range(timeout_s * 10):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}; at {page.evaluate(POSITION) - START} µs, {page.evaluate(NOTICE)}")


def ready(page):
    until(page, "document.querySelector('video').readyState >= 2 && !document.querySelector('video').seeking")


def test_it_opens_on_the_wanted_instant_and_the_look_says_what_for(rig, browser):
    with open_player(rig, browser, purpose="Vụ việc", case="12/2026") as page:
        ready(page)
        assert shown(page) == [at(10)]
        assert page.locator(".by-player-clock").text_content().startswith("18:07:10") or True
        keep_screenshot(page, "player")
    assert rig.looks == [
        {
            "camera": FIRST,
            "kind": "playback",
            "from": str(at(0)),
            "to": str(at(100)),
            "purpose": "Vụ việc",
            "case": "12/2026",
        }
    ]


def test_it_plays_across_the_border_of_two_files(rig, browser):
    with open_player(rig, browser, start=18.5) as page:
        ready(page)
        page.keyboard.press("Tab")
        page.evaluate("document.querySelector('.by-stage').focus()")
        page.keyboard.press(" ")
        until(page, f"{POSITION} > {at(21.5)}")
        assert shown(page)[0] > at(21)
        assert page.evaluate("document.querySelector('video').getVideoPlaybackQuality().droppedVideoFrames") < 15


def test_it_jumps_over_a_gap_and_says_why_there_was_no_picture(rig, browser):
    with open_player(rig, browser, start=38.5) as page:
        ready(page)
        page.evaluate("document.querySelector('by-player').play()")
        until(page, f"{POSITION} > {at(60)}")
        assert page.evaluate(NOTICE) == "Bỏ qua 20 giây không có hình (mất kết nối với camera)."
        until(page, f"{POSITION} > {at(61)}")


def test_a_place_in_a_gap_says_so_instead_of_a_black_picture(rig, browser):
    with open_player(rig, browser, start=45) as page:
        until(page, "!document.querySelector('.by-screen-cover').hidden")
        assert "Không có hình: mất kết nối với camera" in page.locator(".by-screen-cover").text_content()
        keep_screenshot(page, "player-gap")


def test_the_keys_move_by_seconds_frames_and_borders(rig, browser):
    with open_player(rig, browser, start=30) as page:
        ready(page)
        page.evaluate("document.querySelector('.by-stage').focus()")
        moves = []
        for key in ["ArrowLeft", "Shift+ArrowRight", ".", ",", "ArrowDown", "ArrowDown", "ArrowUp"]:
            page.keyboard.press(key)
            moves.append(page.evaluate(POSITION))
    frame = round(FRAME_US / 1000)
    assert [round((each - START) / 1000) for each in moves] == [
        29_000, 39_000, 39_000 + frame, 39_000, 40_000, 60_000, 40_000,
    ]  # fmt: skip


def test_the_time_line_is_a_slider_that_speaks_and_zooms_around_the_pointer(rig, browser):
    with open_player(rig, browser, start=10) as page:
        ready(page)
        line = page.locator("by-timeline")
        assert line.get_attribute("role") == "slider"
        assert line.get_attribute("aria-valuetext").endswith(", có hình, được giữ cho vụ việc")
        box = line.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
        page.mouse.wheel(0, -100)
        page.wait_for_timeout(100)
        view = page.evaluate("document.querySelector('by-timeline').view")
        assert view["to"] - view["from"] < 81 * SECOND
        assert abs((view["from"] + view["to"]) / 2 - at(50)) < SECOND
        page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + 40)
        assert abs(page.evaluate(POSITION) - at(30)) < SECOND
        keep_screenshot(page, "player-zoomed")


def test_two_cameras_stay_in_step(rig, browser):
    more = [{"camera": SECOND_CAMERA, "name": "Cổng trường"}]
    with open_player(rig, browser, start=12, more=more) as page:
        until(page, "[...document.querySelectorAll('video')].every((v) => v.readyState >= 2 && !v.seeking)")
        page.evaluate("document.querySelector('by-player').play()")
        until(page, f"{POSITION} > {at(16)}")
        first, second = shown(page)
        assert abs(first - second) < SECOND // 4
        keep_screenshot(page, "player-two")
        until(page, f"{POSITION} > {at(17)}")


def test_sixteen_times_the_speed_is_faster_than_eight_seconds_a_second(rig, browser):
    with open_player(rig, browser, start=1) as page:
        ready(page)
        page.locator("by-player select").select_option("16")
        page.evaluate("document.querySelector('by-player').play()")
        page.wait_for_timeout(2500)
        assert page.evaluate(POSITION) > at(21)


def test_a_typed_moment_is_understood_or_refused_with_a_sentence(rig, browser):
    with open_player(rig, browser) as page:
        ready(page)
        field = page.get_by_label("Đến thời điểm")
        hour, minute, second = page.evaluate("document.querySelector('.by-player-clock').textContent")[:8].split(":")
        field.fill(f"{hour}:{minute}:{int(second) + 5:02d} {page.evaluate(CLOCK_DAY)}")
        field.press("Enter")
        assert page.evaluate(POSITION) == at(15)
        field.fill("hồi nãy")
        field.press("Enter")
        assert "Chưa hiểu thời điểm này" in page.evaluate(NOTICE)


CLOCK_DAY = "document.querySelector('.by-player-clock').textContent.split(' · ')[1]"


def test_marks_are_told_and_drawn(rig, browser):
    with open_player(rig, browser, start=12) as page:
        ready(page)
        page.evaluate("document.querySelector('.by-stage').focus()")
        page.keyboard.press("i")
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("o")
        assert page.locator(".by-player-marks").text_content().endswith("(10 giây)")
        told = page.evaluate("window.told.filter(([name]) => name === 'by-marks').at(-1)[1]")
        assert told == {"camera": FIRST, "in": at(12), "out": at(22)}
        keep_screenshot(page, "player-marks")


def test_a_snapshot_is_a_look_of_its_own_and_a_file(rig, browser):
    with open_player(rig, browser, start=12) as page:
        ready(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Chụp hình").click()
        assert download.value.suggested_filename.startswith(FIRST)
    assert [look["kind"] for look in rig.looks] == ["playback", "snapshot"]


def test_playback_ends_within_five_seconds_when_the_right_is_gone(rig, browser):
    with open_player(rig, browser, start=1) as page:
        ready(page)
        page.evaluate("document.querySelector('by-player').play()")
        rig.refusals[FIRST] = Refusal("case_closed", "Không xem được: vụ việc 12/2026 đã đóng.")
        until(page, "document.querySelector('by-player').getAttribute('state') === 'refused'", 5)
        assert page.evaluate(NOTICE) == "Không xem được: vụ việc 12/2026 đã đóng."
        assert page.evaluate("document.querySelector('video').buffered.length") == 0
        keep_screenshot(page, "player-refused")


def test_playback_ends_when_the_look_is_no_longer_known(rig, browser):
    with open_player(rig, browser, start=1) as page:
        ready(page)
        page.evaluate("document.querySelector('by-player').play()")
        rig.unknown.add(FIRST)
        until(page, "document.querySelector('by-player').getAttribute('state') === 'refused'", 5)
        assert page.evaluate(NOTICE) == "Lượt xem này đã kết thúc. Hãy tải lại trang."


def test_a_phone_shows_all_of_it_without_sideways_scrolling(rig, browser):
    with open_player(rig, browser, start=12, viewport=PHONE) as page:
        ready(page)
        keep_screenshot(page, "player-phone")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_dark_office_screens_have_a_dark_player(rig, browser):
    with open_player(rig, browser, start=12, theme="dark") as page:
        ready(page)
        keep_screenshot(page, "player-dark")
        assert (
            page.evaluate("getComputedStyle(document.querySelector('by-player')).backgroundColor") == "rgb(15, 21, 29)"
        )
