"""The pages of cases and footage as a person sees them."""

import json
from pathlib import Path

import pytest

from binhyen.modules.cases.public import add_note, add_person
from binhyen.modules.footage import answers
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.models import EvidencePackage, FootageRequest, OwnerAsk
from binhyen.modules.footage.packages import path_of
from binhyen.modules.footage.requests import ask_for_footage, ask_owners
from binhyen.modules.footage.tests.conftest import MIDDLE, NOW

pytestmark = pytest.mark.browser


@pytest.fixture
def boundary(street):
    unit = street.world.commune_a
    unit.boundary = circle(MIDDLE[0], MIDDLE[1], 1500)
    unit.save()


def draw(visitor, corners):
    visitor.page.wait_for_selector("by-map-area[data-ready='true']")
    box = visitor.page.locator(".map-area-map").bounding_box()
    for across, down in corners:
        visitor.page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        visitor.page.wait_for_timeout(350)  # two presses sooner are a double press, which zooms


def drawn(visitor):
    text = visitor.page.input_value("#id_area")
    return json.loads(text)["coordinates"][0] if text else []


def test_an_area_is_drawn_undone_and_measured_on_the_map(live_station, desktop, street, boundary):
    page = desktop.sign_in(street.officer).open(f"/vu-viec/{street.case.pk}/yeu-cau/lap/").page
    draw(desktop, [(0.48, 0.48), (0.52, 0.48), (0.52, 0.53), (0.48, 0.53)])
    assert len(drawn(desktop)) == 5
    page.get_by_role("button", name="Hoàn tác").click()
    assert len(drawn(desktop)) == 4
    desktop.screenshot("yeu-cau-ve-khu-vuc", whole=True)
    assert "3 đỉnh" in page.locator(".map-area-told").inner_text()


def test_an_area_is_set_by_keyboard_alone(live_station, desktop, street, boundary):
    page = desktop.sign_in(street.officer).open(f"/vu-viec/{street.case.pk}/yeu-cau/lap/").page
    page.wait_for_selector("by-map-area[data-ready='true']")
    page.locator(".map-area-map canvas").focus()
    for key in ("Enter", "ArrowRight", "Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
        page.wait_for_timeout(600)  # the map glides
    assert len(drawn(desktop)) == 4
    page.keyboard.press("Backspace")
    assert drawn(desktop) == []


def test_the_pages_fit_every_screen(live_station, desktop, phone, street, boundary):
    footage = ask_for_footage(street.case, street.asked(), by=street.officer, later=lambda _: None, at=NOW)
    long_one = ask_for_footage(street.case, street.asked(13), by=street.officer, later=lambda _: None, at=NOW)
    ask_owners(footage.pk, at=NOW)
    answers.approve(OwnerAsk.objects.get().pk, footage.window, by=street.owner, at=NOW)
    add_person(street.case, part="victim", name="Lê Thị Hoa Mai", contact="", by=street.officer)
    add_note(street.case, "Bị hại đã nộp giấy tờ xe.", by=street.officer)
    package = EvidencePackage.objects.create(
        package_id="0A1B-2C3D-4E5F-6071", request=footage, selection=[], state="done", clips_total=2,
        size_bytes=123_456_789, manifest_sha256="ab" * 32, key_fingerprint="CD" * 16, made_by=street.officer,
        queued_at=NOW, finished_at=NOW,
    )  # fmt: skip
    pages = {
        "vu-viec": "/vu-viec/",
        "vu-viec-lap": "/vu-viec/lap/",
        "vu-viec-mot": f"/vu-viec/{street.case.pk}/",
        "yeu-cau": "/yeu-cau/",
        "yeu-cau-mot": f"/yeu-cau/{footage.pk}/",
        "yeu-cau-cho-ky": f"/yeu-cau/{long_one.pk}/",
        "yeu-cau-lap": f"/vu-viec/{street.case.pk}/yeu-cau/lap/",
        "goi-chung-cu": f"/goi-chung-cu/{package.package_id}/",
        "kiem-chung": "/kiem-chung/",
    }
    wide = {}
    for visitor in (desktop, phone):
        visitor.sign_in(street.chief)
        for name, address in pages.items():
            visitor.open(address).screenshot(name, whole=True)
            wide[name, visitor.size_name] = visitor.overflow_px()
    assert {each: px for each, px in wide.items() if px} == {}
    assert FootageRequest.objects.count() == 2


def test_the_owner_s_pages_fit_every_screen(live_station, desktop, phone, street):
    footage = ask_for_footage(street.case, street.asked(), by=street.officer, later=lambda _: None, at=NOW)
    ask_owners(footage.pk, at=NOW)
    ask = OwnerAsk.objects.get()
    wide = []
    for visitor in (desktop, phone):
        visitor.sign_in(street.owner)
        for name, address in (("chu-camera-yeu-cau", ""), ("chu-camera-tra-loi", f"{ask.pk}/")):
            visitor.open(f"/camera-cua-toi/yeu-cau/{address}").screenshot(name, whole=True)
            wide.append(visitor.overflow_px())
        visitor.complaints = [text for text in visitor.complaints if "503" not in text]  # no recorder runs here
    assert wide == [0, 0, 0, 0]


def test_a_package_tells_how_far_it_is_by_itself_and_is_downloaded(live_station, desktop, street):
    footage = ask_for_footage(street.case, street.asked(), by=street.officer, later=lambda _: None, at=NOW)
    package = EvidencePackage.objects.create(
        package_id="0A1B-2C3D-4E5F-6071", request=footage, selection=[], clips_total=2, made_by=street.officer,
        queued_at=NOW,
    )  # fmt: skip
    page = desktop.sign_in(street.officer).open(f"/goi-chung-cu/{package.package_id}/").page
    page.get_by_text("0 trong 2 đoạn").wait_for()
    EvidencePackage.objects.update(state="working", clips_done=1)
    page.get_by_text("1 trong 2 đoạn").wait_for()
    content = b"PK" + bytes(3 << 20)
    path_of(package).parent.mkdir(parents=True, exist_ok=True)
    path_of(package).write_bytes(content)
    EvidencePackage.objects.update(state="done", size_bytes=len(content), finished_at=NOW)
    button = page.get_by_role("button", name="Tải gói (.zip)")
    button.wait_for()
    with page.expect_download() as download:
        button.click()
    assert Path(download.value.path()).read_bytes() == content
    assert download.value.suggested_filename == "goi-chung-cu-0A1B-2C3D-4E5F-6071.zip"
