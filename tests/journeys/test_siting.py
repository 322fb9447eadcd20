"""A registrar brings a road and a private zone in, and sees what no camera sees; the zone is for registrars only."""

import json

import pytest

from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import add_camera
from tests.journeys.test_places import fits

pytestmark = pytest.mark.browser

EAST, NORTH = 105.64, 21.63


def geojson(kind, coordinates):
    features = [{"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates},
                 "properties": {"name": "Đường chợ"}}]  # fmt: skip
    return {"name": "tep.geojson", "mimeType": "application/geo+json",
            "buffer": json.dumps({"type": "FeatureCollection", "features": features}).encode()}  # fmt: skip


def at(east, north):
    return [round(EAST + east / 103_480, 7), round(NORTH + north / 111_320, 7)]


def test_a_registrar_surveys_a_road(live_station, desktop, phone, world):
    with across_units():
        for number, heading in ((1, 80.0), (2, 250.0)):
            longitude, latitude = at(120 * number, 0)
            add_camera(by=None, unit=world.commune_a, tier=2, name=f"Cổng {number}", url="rtsp://camera.invalid/1",
                       latitude=latitude, longitude=longitude, heading_degrees=heading, view_degrees=80.0,
                       view_metres=70.0)  # fmt: skip
    desktop.sign_in(world.people[Role.COMMUNE_OFFICER]).open("/vi-tri-camera/")
    page = desktop.page
    fits(desktop, "vi-tri-khong-duong")
    page.get_by_role("main").get_by_role("link", name="Nhập đường, vùng, địa hình").click()
    line = [at(0, 0), at(150, 10), at(300, 0), at(320, 120), at(520, 140)]
    ring = [at(380, 100), at(430, 100), at(430, 180), at(380, 180), at(380, 100)]
    for label, kind, coordinates in (("Đường cần", "LineString", line), ("Vùng riêng tư", "Polygon", [ring])):
        page.get_by_label(label).check()
        page.get_by_label("Tệp", exact=True).set_input_files(geojson(kind, coordinates))
        page.get_by_label("Nguồn, giấy phép").fill("Bản vẽ của xã")
        page.get_by_role("button", name="Nhập", exact=True).click()
        page.get_by_text("Đã nhập 1 từ tệp").wait_for()
    fits(desktop, "vi-tri-nhap")
    desktop.open("/vi-tri-camera/")
    page.get_by_role("heading", name="Đoạn không camera nào thấy").wait_for()
    fits(desktop, "vi-tri")
    phone.sign_in(world.people[Role.DUTY_OFFICER]).open("/vi-tri-camera/?muc=recognise")
    fits(phone, "vi-tri-360")
    assert page.locator(".siting-zone").count() == 2  # the zone and its legend
    assert phone.page.locator(".siting-zone").count() == 0
