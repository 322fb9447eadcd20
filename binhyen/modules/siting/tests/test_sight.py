"""What cameras see: density of pixels, roads, terrain, suggestions, zones. Pure, on a made-up plain."""

import json
from math import hypot

import numpy as np
import pytest

from binhyen.modules.siting.optics import Use, pixels_per_metre, reach_metres, rings
from binhyen.modules.siting.reading import UnreadableMap, read_roads, read_zones
from binhyen.modules.siting.sight import Eye, Plane, cover, sampled
from binhyen.modules.siting.suggesting import suggest
from binhyen.modules.siting.terrain import Terrain, UnreadableTerrain, read_terrain
from binhyen.modules.siting.zones import Zone, covered_zones, field_of_view

PLANE = Plane(105.6, 21.6)


def place(east, north):
    """Degrees of a place given in metres from the middle."""
    return tuple(float(each) for each in PLANE.degrees(np.array([[east, north]]))[0])


def eye(east=0.0, north=0.0, heading=90.0, degrees=60.0, reach=100.0):
    return Eye("Cổng", *place(east, north), heading, degrees, reach)


def road(*points):
    return sampled("Đường thử", [place(*point) for point in points], PLANE)


def test_density_by_the_standard_s_own_example():
    """1,920 pixels across 7.68 m are 250 a metre; twice as far half of it."""
    metres = 7.68 / 2
    assert pixels_per_metre(1920, 90.0, metres) == pytest.approx(250.0)
    assert pixels_per_metre(1920, 90.0, 2 * metres) == pytest.approx(125.0)
    assert reach_metres(1920, 90.0, Use.IDENTIFY) == pytest.approx(metres)
    assert reach_metres(1920, 90.0, Use.MONITOR) == pytest.approx(20 * metres)


def test_rings_go_from_near_to_far_and_stop_where_the_view_does():
    found = rings(1920, 90.0, 20.0)
    assert [ring.use for ring in found] == [Use.IDENTIFY, Use.RECOGNISE, Use.OBSERVE, Use.DETECT, Use.MONITOR]
    assert [round(ring.metres, 2) for ring in found] == [3.84, 7.68, 15.36, 20.0, 20.0]
    assert rings(0, 90.0) == rings(1920, None) == rings(1920, 180.0) == []


@pytest.mark.parametrize(("degrees", "metres"), [(0.0, 5.0), (180.0, 5.0), (90.0, 0.0)])
def test_what_has_no_density_is_refused(degrees, metres):
    with pytest.raises(ValueError, match="degrees at"):
        pixels_per_metre(1920, degrees, metres)


def test_a_camera_sees_what_lies_in_its_angle_as_far_as_it_reaches():
    line = road((-200, 0), (300, 0))
    coverage, (mask,) = cover([line], [eye()], PLANE)
    seen = line.metres[mask][:, 0]
    assert (seen.min(), seen.max()) == (pytest.approx(0, abs=1), pytest.approx(100, abs=1))
    assert (coverage.total_m, coverage.seen_m) == (pytest.approx(500), pytest.approx(100))
    assert [round(each.metres) for each in coverage.stretches] == [200, 200]


def test_an_unseen_corner_is_a_bend_of_its_stretch():
    coverage, _ = cover([road((0, 0), (200, 0), (200, 200))], [eye()], PLANE)
    (stretch,) = coverage.stretches
    assert (round(stretch.metres), stretch.bends) == (300, 1)


def test_a_hill_hides_what_is_behind_it():
    heights = np.zeros((11, 60), dtype=np.float32)
    west, south = place(-50, -55)
    step = (place(-40, 0)[0] - west) / 1.0
    heights[:, 10] = 40.0  # about 50 m east of the camera
    hill = Terrain(west, south, step, heights)
    flat, (without,) = cover([road((0, 0), (100, 0))], [eye()], PLANE)
    hidden, (masked,) = cover([road((0, 0), (100, 0))], [eye()], PLANE, hill)
    assert without.all()
    assert hidden.seen_m < 60 < flat.seen_m
    assert masked[:3].all()


def test_where_the_terrain_model_ends_nothing_stands_in_the_way():
    far = Terrain(0.0, 0.0, 0.001, np.zeros((2, 2), dtype=np.float32))
    assert cover([road((0, 0), (100, 0))], [eye()], PLANE, far)[0].share == pytest.approx(100)


def test_suggested_sites_see_what_nobody_sees_the_best_first():
    lines = [road((0, 0), (400, 0)), road((0, 300), (60, 300))]
    coverage, masks = cover(lines, [eye()], PLANE)
    found = suggest(lines, masks, PLANE, eye(reach=150.0))
    assert [each.gain_m for each in found] == sorted((each.gain_m for each in found), reverse=True)
    after, _ = cover(lines, [eye(), *(each.eye for each in found)], PLANE)
    assert after.share > 95 > coverage.share


def test_no_suggested_site_looks_into_a_private_zone():
    ring = tuple(place(*point) for point in ((100, -40), (400, -40), (400, 40), (100, 40), (100, -40)))
    lines = [road((0, 0), (400, 0))]
    zones = [Zone(1, ring)]
    found = suggest(lines, [np.zeros(len(lines[0].metres), dtype=bool)], PLANE, eye(reach=60.0), zones)
    assert found
    assert [each for each in found if covered_zones(each.eye, zones, PLANE)] == []


def test_a_field_of_view_covers_a_zone_or_does_not():
    ring = tuple(place(*point) for point in ((50, -10), (70, -10), (70, 10), (50, 10), (50, -10)))
    zones = [Zone(7, ring)]
    assert [zone.number for zone in covered_zones(eye(), zones, PLANE)] == [7]
    assert covered_zones(eye(heading=270.0), zones, PLANE) == []
    assert covered_zones(eye(reach=40.0), zones, PLANE) == []
    assert field_of_view(eye(degrees=60.0), PLANE).area == pytest.approx(np.pi * 100**2 / 6, rel=0.01)


def test_metres_and_degrees_are_one_another_s_inverse():
    ((east, north),) = PLANE.metres([place(123.0, -45.0)])
    assert hypot(east - 123.0, north + 45.0) < 1e-6


ASC = "ncols 3\nnrows 2\nxllcorner 105.0\nyllcorner 21.0\ncellsize 0.5\nNODATA_value -9999\n1 2 3\n4 -9999 6\n"


def test_a_grid_is_read_north_first_and_holes_are_holes():
    terrain = read_terrain(ASC.encode())
    assert terrain.height_at([105.1, 106.2], [21.9, 21.1]).tolist() == [1.0, 6.0]
    assert np.isnan(terrain.height_at([105.7, 99.0], [21.1, 21.1])).all()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "không phải lưới ASCII"),
        (b"xin chao", "không đọc được"),
        (ASC.replace("ncols 3", "ncols ba").encode(), "không đọc được"),
        (ASC.replace("ncols 3", "ncols 9999999").encode(), "Lưới phải có 1 đến"),
        (ASC.replace("105.0", "560000").encode(), "không phải kinh độ"),
        (ASC.replace("4 -9999 6", "4").encode(), "Lưới có 4 ô"),
        (ASC.replace("4 -9999 6", "4 x 6").encode(), "Lưới có"),
        (ASC.replace("ncols 3", "ncols nan").encode(), "Lưới phải có 1 đến"),
    ],
)
def test_a_terrain_that_is_none_is_refused_with_what_to_do(content, sentence):
    with pytest.raises(UnreadableTerrain, match=sentence):
        read_terrain(content)


def geojson(kind, coordinates):
    feature = {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {"name": "Nhà A"},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


SQUARE = [[[105.6, 21.6], [105.61, 21.6], [105.61, 21.61], [105.6, 21.6]]]


def test_roads_keep_their_names_and_zones_do_not():
    assert read_roads(geojson("LineString", SQUARE[0][:2]))[0] == ("Nhà A", [SQUARE[0][:2]])
    assert read_zones(geojson("Polygon", SQUARE)) == [SQUARE[0]]


@pytest.mark.parametrize(
    ("read", "content", "sentence"),
    [
        (read_roads, b"{", "không phải GeoJSON"),
        (read_roads, b"[" * 100_000, "không phải GeoJSON"),
        (read_roads, b"{}", "không có hình"),
        (read_roads, b'{"features": [{"geometry": null}]}', "không có tọa độ"),
        (read_roads, geojson("Polygon", SQUARE), "không phải là đường"),
        (read_roads, geojson("LineString", [[105.6, 21.6]]), "ít hơn 2 điểm"),
        (read_roads, geojson("LineString", [[1e6, 2e6], [1e6, 3e6]]), "không phải kinh độ"),
        (read_roads, geojson("LineString", ["a", "b"]), "không phải kinh độ"),
        (read_roads, geojson("LineString", {}), "ít hơn 2 điểm"),
        (read_zones, geojson("LineString", SQUARE[0]), "không phải là vùng"),
        (read_zones, geojson("Polygon", []), "trống"),
        (read_zones, geojson("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]), "cắt nhau"),
    ],
)
def test_a_map_that_is_none_is_refused_with_what_to_do(read, content, sentence):
    with pytest.raises(UnreadableMap, match=sentence):
        read(content)
