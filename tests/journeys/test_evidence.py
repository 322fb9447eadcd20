"""Journeys 1 and 4: from signing in to a package that proves itself, and a household that takes its word back."""

import os
import re
import time
from pathlib import Path

import pytest

from tests.journeys import police_work as work
from tests.journeys.demo_station import HOMES, PUBLIC, demo_station, secrets_of_homes
from tests.journeys.people import PHONE, somebody

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AROUND_ALL = [(-240, 150), (270, 150), (270, -205), (-240, -205)]
AROUND_SON = [(-150, -80), (-110, -80), (-110, -40), (-150, -40)]
AROUND_LAN = [(50, -110), (90, -110), (90, -70), (50, -70)]
AROUND_NOBODY = [(130, -110), (170, -110), (170, -70), (130, -70)]
HOUSEHOLD = "HG-"
LOOKING = ("Xem trực tiếp", "Xem lại", "Chụp ảnh từ hình", "Trích xuất hình")


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    with demo_station(tmp_path_factory.mktemp("journey")) as running:
        yield running


@pytest.fixture
def shots():
    folder = Path(os.environ.get("BINHYEN_ARTEFACTS", "artefacts")) / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def watch_the_wall(officer, shots):
    officer.go_to("Tường hình")
    tiles = officer.page.locator("by-live-tile[state=playing]")
    tiles.nth(3).wait_for()
    names = officer.page.locator("by-live-tile").evaluate_all("tiles => tiles.map(tile => tile.getAttribute('camera'))")
    assert sorted(names) == sorted(PUBLIC)
    for n in range(4):
        assert work.watch_it_move(tiles.nth(n).locator("video"))
    officer.screenshot(shots, "journey-wall-1366")


def test_an_investigator_goes_from_a_theft_to_a_package_that_proves_itself(chromium, station, shots, tmp_path):
    with somebody(chromium, station, "trucban") as duty:
        watch_the_wall(duty, shots)
        duty_looks = duty.listener.looks()
        assert len(duty_looks) == 4
        assert [secret for secret in secrets_of_homes() if duty.listener.told(secret)] == []
    with somebody(chromium, station, "dieutra") as officer:
        number = work.open_case(officer, "Trộm xe máy 22:40", "Trộm cắp tài sản", "Cổng chợ Bình An")
        case_path = work.path_of(officer.page)
        minutes = work.recorded_minutes(station.ready_at)
        purpose = "Tìm người dắt xe máy màu đỏ ra khỏi cổng chợ."
        request_path = work.ask_for_footage(officer, case_path, AROUND_ALL, minutes, purpose)
        assert officer.page.locator("[data-clip].list-group-item").count() == 4
        refused_path = work.ask_for_footage(officer, case_path, AROUND_SON, minutes, "Xem lối ra của ngõ phía tây.")
        nobody_path = work.ask_for_footage(officer, case_path, AROUND_NOBODY, minutes, "Xem lối ra của ngõ phía tây.")
        owners_answer(chromium, station, purpose, shots)
        pages = [officer.open(path).content() for path in (refused_path, nobody_path)]
        assert work.without_what_differs_anyway(pages[0]) == work.without_what_differs_anyway(pages[1])
        officer.open(request_path)
        watch_and_mark(officer, shots)
        package = make_and_verify(officer, shots, tmp_path)
        work.check_offline(chromium, package, tmp_path, shots / "journey-offline-1366.png")
        assert package.stat().st_size > 100_000
        watch_two_in_step(officer, number, shots)
        looks = officer.listener.looks()
        work.close_case(officer, case_path, "Đã đủ chứng cứ, chuyển cơ quan điều tra.")
        refused_after_closing(officer, number, request_path, looks)
        assert officer.listener.looks() == looks
        assert [secret for secret in secrets_of_homes() if officer.listener.told(secret)] == []
    with somebody(chromium, station, "giamsat") as auditor:
        assert lines_of_looks(auditor, "trucban") == duty_looks
        lines = work.log_of(auditor, "dieutra")
        assert sorted(look_ids(lines)[0]) == looks
        assert [line["action"] for line in lines].count("Trích xuất hình") == 2
        auditor.screenshot(shots, "journey-log-1366")


def owners_answer(chromium, station, purpose, shots):
    with somebody(chromium, station, "chuho1", PHONE) as lan:
        page = work.open_ask(lan, purpose)
        player = page.locator("by-player")
        work.play(player)
        work.mark(player, for_s=7)
        page.evaluate("scrollTo(0, 0)")
        lan.screenshot(shots, "journey-owner-360")
        page.get_by_role("button", name="Đồng ý chia sẻ đoạn này").click()
        page.get_by_text("Mã biên nhận").wait_for()
    with somebody(chromium, station, "chuho2", PHONE) as son:
        for asked in (purpose, "Xem lối ra của ngõ phía tây."):
            page = work.open_ask(son, asked)
            page.get_by_role("button", name="Từ chối").click()
            page.get_by_text("Không có hình nào được chia sẻ.").wait_for()


def watch_and_mark(officer, shots):
    for camera in (HOUSEHOLD, "Cổng chợ Bình An"):
        player = work.watch_clip(officer, camera)
        assert work.watch_it_move(work.play(player))
        work.mark(player, for_s=2)
        assert work.clip_of(officer, camera).get_by_role("checkbox").is_checked()
    officer.page.evaluate("scrollTo(0, 0)")
    officer.screenshot(shots, "journey-request-1366")


def watch_two_in_step(officer, number, shots):
    videos = work.play_back_two(officer, number, ("BA-T1-01", "BA-T1-02"))
    assert [work.watch_it_move(videos.nth(n)) for n in (0, 1)] == [True, True]
    officer.screenshot(shots, "journey-playback-1366")


def make_and_verify(officer, shots, folder):
    work.make_package(officer)
    officer.screenshot(shots, "journey-package-1366")
    package = work.download_package(officer, folder)
    verified = work.verify_package(package)
    assert (verified.returncode, verified.stderr) == (0, "")
    return package


def refused_after_closing(officer, number, request_path, looks):
    page = officer.open(request_path)
    assert "đã đóng" in page.get_by_role("main").inner_text()
    assert page.get_by_role("button", name="Xem").count() == 0
    status, told = work.ask_station(officer, "/xem/BA-T1-02/", form={"kind": "playback", "case": number})
    assert (status, "đã đóng" in told) == (403, True)
    status, told = work.ask_station(officer, f"/look/{looks[0]}/timeline")
    assert (status, "đã đóng" in told) == (403, True)
    answer = page.goto(f"{officer.listener.url}/xem-lai/BA-T1-02/?case={number}")
    assert (answer.status, "đã đóng" in page.content()) == (403, True)


def look_ids(lines):
    """Ids of looks that the browser opened, and how many lines tell of exports, whose ids only the station knows."""
    looking = [line for line in lines if line["action"] in LOOKING]
    found = [re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", line["text"])[0] for line in looking]
    exports = [line["action"] == "Trích xuất hình" for line in looking]
    return [look for look, export in zip(found, exports, strict=True) if not export], sum(exports)


def lines_of_looks(auditor, username):
    return sorted(look_ids(work.log_of(auditor, username))[0])


def test_a_household_takes_its_word_back_and_the_picture_stops(chromium, station, shots):
    with somebody(chromium, station, "canbo") as officer, somebody(chromium, station, "chuho1", PHONE) as lan:
        home = HOMES["chuho1"]
        page = lan.go_to("Camera của tôi")
        page.get_by_role("link", name=home.name).click()
        page.locator("by-live-tile[state=playing]").wait_for()
        assert work.watch_it_move(page.locator("by-live-tile video"))
        lan.screenshot(shots, "journey-own-camera-360")
        work.open_case(officer, "Va chạm xe ở xóm 3", "Tai nạn giao thông đường bộ", "Đường làng")
        case_path = work.path_of(officer.page)
        minutes = work.recorded_minutes(station.ready_at)
        purpose = "Tìm xe tải màu trắng chạy qua lúc va chạm."
        request_path = work.ask_for_footage(officer, case_path, AROUND_LAN, minutes, purpose)
        page = work.open_ask(lan, purpose)
        player = page.locator("by-player")
        work.play(player)
        work.mark(player, for_s=6)
        page.get_by_role("button", name="Đồng ý chia sẻ đoạn này").click()
        page.get_by_text("Mã biên nhận").wait_for()
        officer.open(request_path)
        work.play(work.watch_clip(officer, HOUSEHOLD))
        pause_for_a_while(lan, officer)
        officer.open(request_path)
        work.play(work.watch_clip(officer, HOUSEHOLD))
        withdraw(page)
        stops_within_five_seconds(officer)
        assert officer.page.locator("by-player .by-player-notice").inner_text() != ""
        officer.screenshot(shots, "journey-withdrawn-1366")
        assert "Rút lại sự đồng ý chia sẻ hình" in read_receipt(page)
        work.close_case(officer, case_path, "Hai bên đã tự thỏa thuận.")
        page = lan.go_to("Camera của tôi")
        page.get_by_role("link", name=home.name).click()
        assert "Công an xã Bình An" in page.get_by_role("region", name="Ai đã xem").inner_text()
        assert [secret for secret in secrets_of_homes() if officer.listener.told(secret)] == []


def stops_within_five_seconds(officer):
    began = time.monotonic()
    officer.page.locator("by-player[state=refused]").wait_for(timeout=10_000)
    assert time.monotonic() - began < 5


def pause_for_a_while(owner, officer):
    """In another tab: paused consent ends the officer's player as a withdrawal does; nobody else is told why."""
    tab = owner.context.new_page()
    tab.goto(owner.listener.url + "/camera-cua-toi/")
    tab.get_by_role("link", name=HOMES["chuho1"].name).click()
    tab.get_by_role("button", name="Tạm dừng").click()
    stops_within_five_seconds(officer)
    tab.get_by_role("button", name="Tiếp tục").click()
    tab.get_by_text("đang đồng ý").wait_for()
    tab.close()


def withdraw(page):
    page.get_by_role("button", name="Rút lại sự đồng ý").click()
    page.get_by_role("dialog").get_by_role("button", name="Rút lại").click()
    page.get_by_role("heading", name="Biên nhận rút lại").wait_for()


def read_receipt(page):
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải biên nhận").click()
    return Path(download.value.path()).read_text()


NEW_OWNER = {"username": "nu.dinh", "password": "một câu dễ nhớ của tôi"}


def test_a_household_joins_by_a_sheet_reads_chooses_and_keeps_its_receipt(chromium, station, shots):
    with somebody(chromium, station, "canbo") as officer:
        page = officer.open("/loi-moi/")
        page.get_by_label("Số tờ").fill("1")
        page.get_by_role("button", name="Lập lời mời").click()
        sheet = page.get_by_text("/tham-gia/").inner_text()
        officer.screenshot(shots, "journey-sheet-1366")
    make_account(chromium, station, sheet.partition("/tham-gia/")[2])
    station.logins[NEW_OWNER["username"]] = NEW_OWNER
    with somebody(chromium, station, NEW_OWNER["username"], PHONE) as nu:
        page = nu.open("/camera-cua-toi/them/")
        for label, value in {
            "Tên anh/chị gọi camera": "Ngõ sau",
            "Nơi đặt": "Số 12 ngõ Đông",
            "Vĩ độ": "21.63",
        }.items():
            page.get_by_label(label).fill(value)
        page.get_by_label("Kinh độ").fill("105.64")
        page.get_by_role("button", name="Thêm camera").click()
        page.get_by_text("Chưa có gì được chia sẻ").wait_for()
        page.get_by_role("link", name="Chọn điều tôi đồng ý").click()
        page.get_by_label("Giải quyết vụ việc").check()
        page.get_by_label("Tôi đã đọc các điều ở trên.").check()
        nu.screenshot(shots, "journey-consent-360")
        page.get_by_role("button", name="Tôi đồng ý").click()
        page.get_by_text("Đã ghi nhận.").wait_for()
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("^Biên nhận DY-")).click()
        receipt = Path(download.value.path()).read_text()
        assert ("Mục đích: Giải quyết vụ việc\n" in receipt, "Số 12 ngõ Đông" in receipt) == (True, False)


def make_account(chromium, station, token):
    context = chromium.new_context(viewport=PHONE, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{station.url}/tham-gia/{token}")
    page.get_by_label("Họ và tên").fill("Đinh Thị Nụ")
    page.get_by_label("Tên đăng nhập").fill(NEW_OWNER["username"])
    page.get_by_label("Mật khẩu").fill(NEW_OWNER["password"])
    page.get_by_role("button", name="Lập tài khoản").click()
    page.get_by_text("Đã lập tài khoản.").wait_for()
    context.close()
