"""The survey as its people meet it, and the refusal of a camera that would look into a private zone."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import ViewRefused, add_camera
from binhyen.modules.siting.models import PrivateZone, Relief, Road
from binhyen.modules.siting.tests.test_sight import geojson, place

ROAD = geojson("LineString", [place(-200, 0), place(300, 0)])
ZONE = geojson("Polygon", [[place(50, -10), place(70, -10), place(70, 10), place(50, 10), place(50, -10)]])
LONGITUDE, LATITUDE = place(0, 0)
VIEW = {
    "latitude": LATITUDE,
    "longitude": LONGITUDE,
    "heading_degrees": 90.0,
    "view_degrees": 60.0,
    "view_metres": 100.0,
}


def camera(world, **facts):
    return add_camera(by=None, unit=world.commune_a, tier=2, name="Cổng chợ", url="rtsp://camera.invalid/1", **facts)


def send(client, kind, content, unit="X99001", name="tep.geojson"):
    form = {"loai": kind, "don_vi": unit, "nguon": "Bài thử, CC0", "tep": SimpleUploadedFile(name, content)}
    return client.post("/vi-tri-camera/nhap/", form, follow=True)


@pytest.fixture
def registrar(world, signed_in):
    return signed_in(world.people[Role.COMMUNE_OFFICER])


def test_a_road_comes_in_and_its_unseen_parts_are_said(world, registrar, all_units):
    camera(world, **VIEW)
    assert "Đã nhập 1" in send(registrar, "duong", ROAD).content.decode()
    page = registrar.get("/vi-tri-camera/").content.decode()
    assert "Đoạn không camera nào thấy" in page
    assert "Vị trí đề xuất" in page
    assert "siting-dark" in page
    table = registrar.get("/vi-tri-camera/khao-sat.csv").content.decode("utf-8-sig")
    assert table.count("Đoạn khuất") == 2


def test_a_camera_that_would_see_into_a_private_zone_is_refused(world, registrar, all_units):
    send(registrar, "vung", ZONE)
    with pytest.raises(ViewRefused, match="vùng riêng tư số"):
        camera(world, **VIEW)
    with pytest.raises(ViewRefused):
        camera(world, **(VIEW | {"heading_degrees": None}))
    assert camera(world, **(VIEW | {"heading_degrees": 270.0})).heading_degrees == 270.0


def test_the_camera_s_form_says_so_and_loses_nothing(world, registrar, all_units):
    send(registrar, "vung", ZONE)
    made = camera(world, **(VIEW | {"heading_degrees": 270.0}))
    form = {name: str(value) for name, value in VIEW.items()} | {"name": "Cổng chợ mới", "retention_days": "30"}
    answer = registrar.post(f"/camera/{made.code}/sua/", form)
    text = answer.content.decode()
    assert (answer.status_code, "phủ lên vùng riêng tư" in text, "Cổng chợ mới" in text) == (422, True, True)
    made.refresh_from_db()
    assert made.heading_degrees == 270.0


def test_a_zone_is_shown_to_registrars_only_and_never_with_a_name(world, registrar, signed_in, all_units):
    send(registrar, "vung", ZONE)
    send(registrar, "duong", ROAD)
    assert "Có 1 vùng riêng tư" in registrar.get("/vi-tri-camera/").content.decode()
    zone = PrivateZone.objects.get()
    assert "Nhà A" not in json.dumps([zone.ring, str(zone)])
    assert "siting-zone" in registrar.get("/vi-tri-camera/").content.decode()
    for role in (Role.DUTY_OFFICER, Role.INVESTIGATOR):
        page = signed_in(world.people[role]).get("/vi-tri-camera/").content.decode()
        assert "siting-zone" not in page
        assert "Có 1 vùng riêng tư" not in page
    assert "riêng tư" not in registrar.get("/vi-tri-camera/khao-sat.csv").content.decode("utf-8-sig")


def test_another_commune_s_registrar_neither_brings_nor_takes(world, registrar, signed_in):
    send(registrar, "duong", ROAD)
    stranger = signed_in(world.outsiders[Role.COMMUNE_OFFICER])
    assert send(stranger, "duong", ROAD).status_code == 422
    with across_units():
        road = Road.objects.get()
    assert stranger.post(f"/vi-tri-camera/bo/duong/{road.pk}/").status_code == 404
    assert "Đường" not in stranger.get("/vi-tri-camera/khao-sat.csv").content.decode("utf-8-sig").partition("\n")[2]
    assert registrar.post(f"/vi-tri-camera/bo/duong/{road.pk}/").status_code == 302


def test_terrain_is_kept_as_it_was_and_replaced_by_a_newer_one(world, registrar, all_units):
    asc = "ncols 2\nnrows 2\nxllcorner 105.0\nyllcorner 21.0\ncellsize 0.5\n1 2\n3 4\n"
    for _ in range(2):
        send(registrar, "dia-hinh", asc.encode(), name="dia-hinh.asc")
    assert Relief.objects.get().terrain.heights.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    bad = send(registrar, "dia-hinh", b"cellsize 1")
    assert (bad.status_code, "thiếu ncols" in bad.content.decode()) == (422, True)
