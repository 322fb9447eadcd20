"""Journey 4 where nothing is recorded at the station: a household hands in a file of the own recorder, by a link,
over the real
worker, and takes it back."""

import io
import os
from datetime import datetime, timedelta
from pathlib import Path

import av
import numpy as np
import psycopg
import pytest

from tests.journeys import police_work as work
from tests.journeys.demo_station import demo_station, secrets_of_homes
from tests.journeys.people import PHONE, somebody

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AROUND_SON = [(-150, -80), (-110, -80), (-110, -40), (-150, -40)]
PURPOSE = "Xem xe tải lùi vào ngõ phía tây."
SECONDS = 70


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    with demo_station(tmp_path_factory.mktemp("upload")) as running:
        yield running


def film() -> bytes:
    """A scene that moves: what a recorder of a household would give."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as file:
        stream = file.add_stream("libx264", rate=10, options={"g": "20", "bf": "0", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for n in range(SECONDS * 10):
            picture = np.full((240, 320, 3), 70, np.uint8)
            picture[100:140, (n * 3) % 280 : (n * 3) % 280 + 40] = (200, 40, 40)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    return out.getvalue()


def record_no_household(station):
    """The households take their streams back and go on by request only."""
    with psycopg.connect(station.running.state()["database_url"], autocommit=True) as database:
        database.execute(
            "UPDATE cameras_camera SET recording = false, url_sealed = '', sub_url_sealed = '' WHERE tier = 3"
        )


def test_a_household_hands_in_a_file_by_a_link_and_takes_it_back(chromium, station, tmp_path):
    shots = Path(os.environ.get("BINHYEN_ARTEFACTS", "artefacts")) / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    path = tmp_path / "CH02.mkv"
    path.write_bytes(film())
    record_no_household(station)
    last = datetime.now(work.VIETNAM).replace(second=0, microsecond=0)
    minutes = (last - timedelta(minutes=2), last)
    with somebody(chromium, station, "dieutra") as officer, somebody(chromium, station, "chuho2", PHONE) as son:
        work.open_case(officer, "Va quệt rồi bỏ đi", "Tai nạn giao thông đường bộ", "Ngõ phía tây")
        request_path = work.ask_for_footage(officer, work.path_of(officer.page), AROUND_SON, minutes, PURPOSE)
        page = work.open_ask(son, PURPOSE)
        ask_path = work.path_of(page)
        page.get_by_role("button", name="Lập liên kết nộp tệp").click()
        code = page.locator("p.h1 code").inner_text()
        hand_in(chromium, station, code, path, shots)
        page = son.open(ask_path)
        page.get_by_label("Giờ in trên khung hình đầu tiên").wait_for()
        son.screenshot(shots, "journey-upload-360")
        page.get_by_role("button", name="Đồng ý chia sẻ đoạn này").click()
        page.get_by_text("Đã chia sẻ").first.wait_for(timeout=30_000)
        watching = officer.open(request_path)
        watching.get_by_role("link", name="Xem đoạn nộp").click()
        watching.get_by_role("button", name="Xem đoạn hình").click()
        assert work.watch_it_move(watching.locator("video"))
        officer.screenshot(shots, "journey-submitted-1366")
        take_back(son, ask_path)
        watching.locator("video").wait_for(state="detached", timeout=5000)
        assert [secret for secret in secrets_of_homes() if officer.listener.told(secret)] == []


def hand_in(chromium, station, code, path, shots):
    """On the computer beside the recorder, where nobody has signed in."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    try:
        page = context.new_page()
        page.goto(f"{station.url}/nop-hinh/#{code}")
        page.get_by_text("cần hình từ").wait_for()
        page.locator("by-upload input[type=file]").set_input_files(path)
        page.get_by_text("Máy này đã xong việc").wait_for(timeout=30_000)
        page.screenshot(path=shots / "journey-hand-in-1366.png")
    finally:
        context.close()


def take_back(owner, ask_path):
    page = owner.open(ask_path)
    page.get_by_role("button", name="Rút lại sự đồng ý").click()
    page.get_by_role("button", name="Rút lại", exact=True).click()
    page.get_by_text("Biên nhận rút lại").wait_for()
