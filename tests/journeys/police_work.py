"""What officers and owners do on the pages, in the words that the pages show."""

import re
import subprocess
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.journeys.demo_station import longitude_latitude
from tests.journeys.people import DESKTOP, Somebody
from tests.station.running import binhyen

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DOUBLE_PRESS_MS = 350
GLIDE_MS = 600
SMALL_M = 100
MINUTE_S = 60.0
ENOUGH_S = 15.0
VIEWER = "xem-va-kiem.html"
MOVES_WITHIN_S = 10.0
PIXELS = """video => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [64, 36];
  const pen = canvas.getContext('2d');
  pen.drawImage(video, 0, 0, 64, 36);
  return [...pen.getImageData(0, 0, 64, 36).data].join();
}"""

Corners = list[tuple[float, float]]
Minutes = tuple[datetime, datetime]


def watch_it_move(video: Any, *, for_s: float = 1.0) -> bool:
    """Wait until a picture has gone on for at least `for_s` and something in it has changed; whether it did."""
    before, began = video.evaluate(PIXELS), video.evaluate("video => video.currentTime")
    give_up_at = time.monotonic() + MOVES_WITHIN_S
    while time.monotonic() < give_up_at:
        went_on = video.evaluate("video => video.currentTime") >= began + for_s
        if went_on and video.evaluate(PIXELS) != before:
            return True
        video.page.wait_for_timeout(100)
    return False


def recorded_minutes(since: float) -> Minutes:
    """Whole minutes, as forms take them, of which at least `ENOUGH_S` were recorded after `since`."""
    enough = since + ENOUGH_S
    end = (enough // MINUTE_S + 1) * MINUTE_S
    time.sleep(max(0.0, end + 2 - time.time()))  # the last frames of that minute reach the disk
    last = datetime.fromtimestamp(end, VIETNAM)
    return last - timedelta(minutes=2), last


def open_case(officer: Somebody, title: str, kind: str, place: str) -> str:
    """Open a case through the form; its number."""
    page = officer.go_to("Vụ việc")
    page.get_by_role("link", name="Lập vụ việc").first.click()
    page.get_by_label("Loại vụ việc").select_option(label=kind)
    page.get_by_label("Tên vụ việc").fill(title)
    page.get_by_label("Nơi xảy ra").fill(place)
    page.get_by_role("button", name="Lập vụ việc").click()
    page.get_by_role("heading", name=title).wait_for()
    return re.search(r"Số (\S+)", page.locator(".page-head").inner_text())[1]


def draw_area(officer: Somebody, corners: Corners) -> None:
    """Press the map at places given in metres east and north of the commune's centre; small areas from nearby."""
    officer.page.wait_for_selector("by-map-area[data-ready='true']")
    area = officer.page.locator("by-map-area")
    area.locator(".map-area-map").scroll_into_view_if_needed()
    if max(east for east, _ in corners) - min(east for east, _ in corners) < SMALL_M:
        for _ in range(2):
            area.get_by_role("button", name="Phóng to").click()
            officer.page.wait_for_timeout(GLIDE_MS)
    for corner in corners:
        place = area.evaluate(
            "(element, at) => { const {x, y} = element.map.project(at); return {x, y}; }", longitude_latitude(*corner)
        )
        area.locator(".map-area-map canvas").click(position=place)
        officer.page.wait_for_timeout(DOUBLE_PRESS_MS)  # two presses sooner are a double press, which zooms


def ask_for_footage(officer: Somebody, case_path: str, corners: Corners, minutes: Minutes, purpose: str) -> str:
    """Ask in the case at `case_path`; the path of the request."""
    page = officer.open(case_path)
    page.get_by_role("main").get_by_role("link", name="Yêu cầu hình ảnh", exact=True).click()
    draw_area(officer, corners)
    for label, at in zip(("Từ lúc", "Đến lúc"), minutes, strict=True):
        page.get_by_label(label).fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_label("Mục đích", exact=True).fill(purpose)
    page.get_by_role("button", name="Gửi yêu cầu").click()
    page.get_by_role("heading", name="Yêu cầu hình ảnh 0").wait_for()
    return path_of(page)


def path_of(page: Any) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)


def open_ask(owner: Somebody, purpose: str) -> Any:
    """The page of what an owner is asked, as soon as it has arrived."""
    page = owner.go_to("Yêu cầu gửi tôi")
    for _ in range(20):
        asked = page.get_by_role("main").get_by_role("link").filter(has_text=purpose)
        if asked.count():
            asked.first.click()
            page.get_by_role("heading", name="Anh/Chị quyết định").wait_for()
            return page
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"nothing was asked of {owner.username}")


def play(player: Any) -> Any:
    """Start a player and wait until its picture stands; the video."""
    video = player.locator("video").first
    player.get_by_role("button", name="Phát", exact=False).first.click()
    video.evaluate("""video => new Promise(done => {
        const plays = () => video.readyState > 2 && !video.paused && video.currentTime > 0;
        const look = () => plays() ? done() : setTimeout(look, 50);
        look();
    })""")
    return video


def mark(player: Any, *, for_s: float) -> None:
    """Mark where the picture is, and again `for_s` later."""
    player.get_by_role("button", name="Đánh dấu đầu").click()
    player.page.wait_for_timeout(for_s * 1000)
    player.get_by_role("button", name="Đánh dấu cuối").click()


def clip_of(officer: Somebody, camera: str) -> Any:
    """The row of a camera, by its name or the beginning of its code, on the page of a request."""
    return officer.page.locator("[data-clip].list-group-item").filter(has_text=camera)


def watch_clip(officer: Somebody, camera: str) -> Any:
    """Press “Xem và đánh dấu” beside a camera; the player."""
    clip_of(officer, camera).get_by_role("button", name="Xem").click()
    return officer.page.locator("#clip-player by-player")


def play_back_two(officer: Somebody, case: str, cameras: tuple[str, str]) -> Any:
    """From the menu to two cameras in step, under a case chosen on the way; the videos."""
    page = officer.go_to("Xem lại")
    page.get_by_label("Camera", exact=True).select_option(cameras[0])
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_label("Vụ việc").select_option(case)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Xem cùng lúc với").select_option(cameras[1])
    page.get_by_role("button", name="Xem", exact=True).click()
    page.locator("by-player .by-screen").nth(1).wait_for()
    play(page.locator("by-player"))
    return page.locator("by-player video")


def make_package(officer: Somebody) -> Any:
    """Ask for a package of what is ticked and wait for it; its page."""
    page = officer.page
    page.get_by_role("button", name="Lập gói chứng cứ").click()
    page.get_by_role("heading", name="Gói chứng cứ").wait_for()
    page.get_by_role("button", name="Tải gói (.zip)").wait_for(timeout=60_000)
    return page


def download_package(officer: Somebody, folder: Path) -> Path:
    with officer.page.expect_download() as download:
        officer.page.get_by_role("button", name="Tải gói (.zip)").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def verify_package(path: Path) -> subprocess.CompletedProcess:
    return binhyen("evidence", "verify", str(path))


def check_offline(chromium: Any, package: Path, folder: Path, screenshot: Path) -> None:
    """Open the page that came in the package from the disk, without a network, and let it check the package."""
    with zipfile.ZipFile(package) as archive:
        page_file = Path(archive.extract(VIEWER, folder))
    context = chromium.new_context(viewport=DESKTOP, locale="vi-VN", offline=True)
    try:
        page = context.new_page()
        page.goto(page_file.as_uri())
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Chọn tệp ZIP").click()
        chooser.value.set_files(package)
        page.get_by_role("heading", name="Gói nguyên vẹn").wait_for()
        page.screenshot(path=screenshot)
    finally:
        context.close()


def close_case(officer: Somebody, case_path: str, why: str) -> None:
    page = officer.open(case_path)
    page.get_by_label("Lý do đóng vụ việc").fill(why)
    page.get_by_role("button", name="Đóng vụ việc").click()
    page.get_by_role("dialog").get_by_role("button", name="Đóng vụ việc").click()
    page.get_by_text("Mọi quyền xem hình của vụ việc này đã hết.").wait_for()


def ask_station(person: Somebody, path: str, *, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and reason that the station gives to a script of the page that this person has open."""
    script = """async ([path, form]) => {
        const token = document.querySelector('meta[name="csrf-token"]').content;
        const post = {method: 'POST', body: new URLSearchParams(form), headers: {'X-CSRFToken': token}};
        const answer = await fetch(path, form ? post : {});
        return [answer.status, (await answer.json()).reason];
    }"""
    status, reason = person.page.evaluate(script, [path, form])
    return status, reason


def log_of(auditor: Somebody, username: str) -> list[dict[str, str]]:
    """Lines of the activity log that say what `username` did, newest first."""
    page = auditor.open(f"/nhat-ky/?nguoi={username}")
    script = """rows => rows.map(row => ({
        action: row.querySelector('[data-label="Việc"]').firstChild.textContent.trim(),
        subject: row.querySelector('[data-label="Đối tượng"]').firstChild.textContent.trim(),
        text: row.textContent,
    }))"""
    return page.locator("table tbody tr").evaluate_all(script)


def without_what_differs_anyway(page_html: str) -> str:
    """The content of a request's page without its number, its address, the place that was asked for and form tokens."""
    kept = re.search(r"<main.*</main>", page_html, re.DOTALL)[0]
    for pattern in (
        r'name="csrfmiddlewaretoken" value="[^"]*"',
        r"/YC\d+",
        r"/yeu-cau/\d+/",
        r"quanh tọa độ [\d,]+; [\d,]+",
        r"<time [^>]*>[^<]*</time>",
    ):
        kept = re.sub(pattern, "", kept)
    return kept
