"""Handing in a file as a person does: on a small telephone, over a line that breaks, by a link on another computer."""

import hashlib
from pathlib import Path

import pytest
from django.utils.timezone import localtime

from binhyen.modules.footage import submitting
from binhyen.modules.footage.models import Clip, Upload
from binhyen.modules.footage.moments import datetime_of
from binhyen.modules.footage.tests.films import film, large_film
from binhyen.modules.footage.tests.uploading import checked, shared
from binhyen.modules.footage.uploads import keeping

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def folder(live_station):
    """The station of the run and the tests read the same folder."""
    yield
    for path in keeping.folder().glob("*"):
        path.unlink()


def file_of(tmp_path: Path, content: bytes, name="CH01_20261127.mp4") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def choose(page, path):
    page.locator("by-upload input[type=file]").set_input_files(path)


def line_of(visitor):
    """A function that sets the line of `visitor`: bytes a second upwards, 0 for none at all."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Network.enable")

    def set_to(upward):
        conditions = {"offline": not upward, "latency": 20, "downloadThroughput": -1, "uploadThroughput": upward or -1}
        session.send("Network.emulateNetworkConditions", conditions)

    return set_to


SLOW, QUICK, CUT = 1_500_000, 100_000_000, 0


def test_F16_the_line_breaks_and_the_page_goes_on_by_itself(home, phone, tmp_path):
    content = large_film(12)
    page = phone.sign_in(home.owner).open(f"/camera-cua-toi/yeu-cau/{home.ask.pk}/").page
    line = line_of(phone)
    line(SLOW)
    choose(page, file_of(tmp_path, content))
    page.get_by_text("Đã gửi 4,2 MB").wait_for()
    line(CUT)
    page.get_by_text("Mất kết nối").wait_for()
    phone.screenshot("nop-tep-mat-mang", whole=True)
    received = Upload.objects.get().received_bytes
    assert 0 < received < len(content)
    line(QUICK)
    page.get_by_text("Máy chủ đang kiểm tra tệp").wait_for()
    upload = Upload.objects.get()
    assert (upload.state, upload.device_sha256) == ("checking", hashlib.sha256(content).hexdigest())
    assert phone.overflow_px() == 0
    phone.complaints = [text for text in phone.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_F16_another_computer_goes_on_by_a_link_without_signing_in(home, phone, desktop, tmp_path):
    content = large_film(9)
    path = file_of(tmp_path, content)
    page = phone.sign_in(home.owner).open(f"/camera-cua-toi/yeu-cau/{home.ask.pk}/").page
    line_of(phone)(SLOW)
    choose(page, path)
    page.get_by_text("Đã gửi 4,2 MB").wait_for()
    page.get_by_role("button", name="Tạm dừng").click()
    page.get_by_text("Đã tạm dừng").wait_for()
    phone.screenshot("nop-tep-tam-dung", whole=True)
    page.get_by_role("button", name="Lập liên kết nộp tệp").click()
    code = page.locator("p.h1 code").inner_text()
    phone.screenshot("nop-tep-lien-ket", whole=True)
    other = desktop.open(f"/nop-hinh/#{code}").page
    other.get_by_text("Hãy chọn lại đúng tệp ấy").wait_for()
    assert code not in other.url
    choose(other, file_of(tmp_path, film(), "khac.mp4"))
    other.get_by_text("Đây không phải tệp đang gửi dở").wait_for()
    desktop.screenshot("nop-tep-may-khac", whole=True)
    choose(other, path)
    other.get_by_text("Máy chủ đang kiểm tra tệp").wait_for()
    assert checked().state == "ready"
    other.get_by_text("Máy này đã xong việc").wait_for()
    assert other.evaluate("localStorage.getItem('by-upload:link')") is None
    used = desktop.open("/nop-hinh/").page
    used.get_by_label("Nhập mã nộp tệp").fill(code)
    used.get_by_role("button", name="Mở").click()
    used.get_by_text("đã được mở trên máy khác").wait_for()


def test_an_owner_states_the_clock_and_an_officer_watches_until_it_is_taken_back(home, device, phone, desktop):
    device.hand_in(film(8, size=320))
    checked()
    page = phone.sign_in(home.owner).open(f"/camera-cua-toi/yeu-cau/{home.ask.pk}/").page
    page.get_by_label("Đồng hồ đầu ghi").select_option("ahead")
    page.get_by_label("Lệch (phút)").fill("2")
    page.get_by_label("Giờ in trên khung hình đầu tiên").fill(printed(home, 120))
    phone.screenshot("nop-tep-chon-doan", whole=True)
    assert phone.overflow_px() == 0
    page.get_by_role("button", name="Đồng ý chia sẻ đoạn này").click()
    page.get_by_text("Đang chuẩn bị đoạn anh/chị chọn").wait_for()
    submitting.make_part(str(Upload.objects.get().pk))
    page.get_by_text("Đã chia sẻ").first.wait_for()
    phone.open(f"/camera-cua-toi/yeu-cau/{home.ask.pk}/").screenshot("nop-tep-da-chia-se", whole=True)
    watching = desktop.sign_in(home.officer).open(f"/yeu-cau/{home.request.pk}/").page
    watching.get_by_role("link", name="Xem đoạn nộp").click()
    watching.get_by_role("button", name="Xem đoạn hình").click()
    until(watching, "document.querySelector('video')?.currentTime > 0.5")
    desktop.screenshot("doan-nop", whole=True)
    assert desktop.overflow_px() == 0
    page.get_by_role("button", name="Rút lại sự đồng ý").click()
    page.get_by_role("button", name="Rút lại", exact=True).click()
    page.get_by_text("Biên nhận rút lại").wait_for()
    until(watching, "!document.querySelector('video')", within_s=5)  # T04
    assert Clip.objects.get(source="upload").ended_at is not None


def until(page, is_so, *, within_s=10):
    """Wait for what a page's policy lets nobody evaluate by itself."""
    for _ in range(within_s * 10):
        if page.evaluate(is_so):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not within {within_s} s: {is_so}")


def printed(home, seconds):
    """What a recorder prints that many seconds after the window began, as a field takes it."""
    return localtime(datetime_of(home.request.start + seconds * 1_000_000)).strftime("%Y-%m-%dT%H:%M:%S")


def test_H265_is_said_and_offered_as_a_file(home, device, desktop):
    upload = shared(home, device, film(codec="libx265"))
    page = desktop.sign_in(home.officer).open(f"/doan-nop/{upload.clip_id}/").page
    page.get_by_role("button", name="Xem đoạn hình").click()
    page.get_by_text("không phát được kiểu hình của đoạn này").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải đoạn hình (MP4)").click()
    assert Path(download.value.path()).stat().st_size == upload.part_bytes


def test_the_page_hashes_as_the_station_does(live_station, desktop):
    page = desktop.open("/nop-hinh/").page
    told = page.evaluate(
        """async (lengths) => {
          const {Sha256, hexOf} = await import('/static/islands/sha256.js');
          return lengths.map((length) => {
            const bytes = Uint8Array.from({length}, (_, n) => (n * 7 + 3) % 256);
            const hash = new Sha256();
            for (let at = 0, step = 1; at < length; at += step, step = (step * 3) % 997 + 1) {
              hash.update(bytes.subarray(at, at + step));
            }
            return hexOf(hash.digest());
          });
        }""",
        LENGTHS,
    )
    assert told == [hashlib.sha256(bytes((n * 7 + 3) % 256 for n in range(length))).hexdigest() for length in LENGTHS]


LENGTHS = [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 100_003]
