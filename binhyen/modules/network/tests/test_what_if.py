"""“Cắt đường này”, against the village network."""

import pytest

from binhyen.modules.network.graph.reaching import Cut
from binhyen.modules.network.models import CameraPort, NetworkDevice, NetworkLine
from binhyen.modules.network.tests.conftest import camera, device, household, line
from binhyen.modules.network.what_if import darkness_of
from binhyen.modules.network.wiring import wiring_for


def cut(chief, *lines, devices=()):
    return darkness_of(wiring_for(chief), Cut(frozenset(each.pk for each in lines), frozenset(d.pk for d in devices)))


def said(dark):
    return [(each.camera.code[-1:], each.words) for each in dark.cameras]


def test_a_ring_stands_in_for_the_line_that_is_cut(village, chief):
    dark = cut(chief, village.lines["east"])
    assert (dark.cameras, dark.units, dark.services) == ([], [], [])
    assert dark.kept_alive == [village.lines["east"]]


def test_what_hangs_on_one_line_goes_dark_with_its_services(village, chief, world):
    dark = cut(chief, village.lines["far"])
    assert said(dark) == [("5", "mất xem và mất ghi"), ("6", "mất xem và mất ghi")]
    assert [(unit.unit, unit.dark, unit.total) for unit in dark.units] == [(world.commune_a, 2, 6)]
    assert [service.name for service in dark.services] == ["Điện thoại xóm Xa"]


def test_a_recorder_on_this_side_of_the_cut_goes_on_recording(village, chief):
    dark = cut(chief, village.lines["east"], village.lines["west"])
    assert said(dark)[-2:] == [("5", "mất xem, vẫn ghi tại chỗ"), ("6", "mất xem, vẫn ghi tại chỗ")]
    assert (dark.unseen, dark.unrecorded) == (6, 4)
    assert dark.units[0].is_all_dark


def test_a_recorder_that_is_cut_off_stops_recording_what_is_still_seen(village, chief):
    assert said(cut(chief, village.lines["recorder"])) == [("5", "vẫn xem, mất ghi"), ("6", "vẫn xem, mất ghi")]


def test_a_device_that_fails_takes_along_what_is_behind(village, chief):
    dark = cut(chief, devices=[village.east])
    assert [code for code, _ in said(dark)] == ["1", "2", "5", "6"]


def test_a_line_that_is_closed_or_whose_end_is_unknown_carries_nothing(village, chief, world):
    NetworkLine.objects.filter(pk=village.lines["ring"].pk).update(closed_on="2025-08-01")
    line(world.commune_a, "L9", village.west, None)
    assert [code for code, _ in said(cut(chief, village.lines["east"]))] == ["1", "2", "5", "6"]
    assert [each.code for each in wiring_for(chief).loose_lines] == ["L9"]


def test_cameras_that_led_nowhere_before_are_told_apart(village, chief, world):
    lone = device(world.commune_a, "LE", "Lẻ loi")
    CameraPort.objects.create(device=lone, port=1, camera=camera(world.commune_a, 7))
    dark = cut(chief, village.lines["far"])
    assert ([each.code[-1] for each in dark.before], len(dark.cameras)) == (["7"], 2)


@pytest.mark.parametrize(("homes", "words"), [(4, "ít, không nêu"), (6, "6")])
def test_T02_households_behind_a_cut_are_a_number_or_less(village, chief, world, homes, words):
    NetworkDevice.objects.filter(pk=village.far.pk).update(carries_households=True)
    for number in range(homes):
        household(world.commune_a, number)
    (unit,) = cut(chief, village.lines["far"]).units
    assert (unit.households.words, unit.dark) == (words, 2)


def test_what_lies_beyond_the_own_units_is_taken_to_work(village, world, in_scope):
    device(world.province, "TT", "Trung tâm tỉnh", "centre")
    far_end = device(world.province, "SW", "Chuyển mạch tỉnh")
    up = line(world.commune_a, "LT", village.centre, far_end)
    NetworkDevice.objects.filter(pk=village.centre.pk).update(kind="router")
    wiring = wiring_for(in_scope)
    assert wiring.graph.roots == {far_end.pk}
    assert len(darkness_of(wiring, Cut(frozenset({up.pk}))).cameras) == 6


def test_S02_devices_of_another_unit_are_not_there(village, world, in_scope):
    device(world.commune_b, "SW", "Chuyển mạch xã bên")
    assert {each.unit for each in wiring_for(in_scope).devices.values()} == {world.commune_a}
