"""F02: files cut off anywhere by a power cut, an index that is gone: the next start puts it right by itself."""

import hashlib
import os
import random
import shutil

import pytest

from binhyen.contracts import SECOND, Gap, GapReason
from binhyen.media.store import SegmentIndex, index_path, rebuild
from binhyen.media.store.tests.conftest import NOON, HandClock, World, playable


@pytest.fixture(scope="module")
def crashed(tmp_path_factory):
    """The data folder of a recorder that was killed 90 s after noon, its last file still open."""
    world = World(tmp_path_factory.mktemp("crashed"), HandClock())
    store = world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 90)
    for volume in store.volumes:
        volume.close()
    store.journal.close()
    yield world.data
    store.index.close()


def copy_of(crashed, tmp_path, clock):
    shutil.copytree(crashed, tmp_path / "copy")
    clock.advance(100 * SECOND)
    return World(tmp_path / "copy", clock)


def open_file(world):
    (found,) = world.data.rglob("*.part.mp4")
    return found


def test_F01_what_was_open_is_repaired_hashed_and_indexed(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    store = world.open()
    (repaired,) = store.recover("CAM-01", clock.now())
    content = (store.folder / repaired.path).read_bytes()
    assert repaired == store.index.find_latest("CAM-01")[0]
    assert (repaired.number, repaired.repaired, repaired.path) == (2, True, "CAM-01/2026-10-18/120100-000002-r.mp4")
    assert (repaired.sha256, repaired.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (repaired.start - NOON, repaired.end - NOON) == (60 * SECOND, 89 * SECOND)
    assert playable(store.folder / repaired.path) == ""
    world.close()


def test_F01_the_time_of_the_crash_is_a_gap_until_the_next_picture(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 5)
    writer.fail(GapReason.STOPPED)
    world.close()
    index = SegmentIndex(index_path(world.data / "store", 0), readonly=True)
    assert index.find_gaps("CAM-01", now=0)[0] == Gap(
        "CAM-01", NOON + 89 * SECOND, NOON + 100 * SECOND, GapReason.CRASH
    )
    assert [row.number for row in index.find_segments("CAM-01")] == [1, 2, 3]


def test_F02_an_open_file_cut_anywhere_keeps_every_whole_fragment(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    store = world.open()
    whole = open_file(world).read_bytes()
    name, chance = open_file(world), random.Random(7)
    cuts = [0, 1, 700, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(36))]
    frames = []
    for cut in sorted(cuts):
        name.write_bytes(whole[:cut])
        found = store.recover("CAM-01", clock.now())
        frames.append(found[0].frames if found else 0)
        for each in world.data.rglob("*-r.mp4"):
            assert each.stat().st_size <= cut
            each.unlink()
        store.keeper._index.forget_segments(found)
    assert frames == sorted(frames)
    assert (frames[0], frames[-1]) == (0, 28 * 15)
    assert {count % 15 for count in frames} == {0}
    world.close()


def test_F02_zeros_where_pictures_never_reached_the_disk_are_cut_off(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    store = world.open()
    with open_file(world).open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size - 5000)
        file.write(bytes(5000))
    (repaired,) = store.recover("CAM-01", clock.now())
    assert 0 < repaired.frames < 29 * 15
    assert playable(store.folder / repaired.path) == ""
    world.close()


def test_F02_a_closed_file_that_a_power_cut_shortened_is_found_and_repaired(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    store = world.open()
    (closed,) = store.index.find_segments("CAM-01")
    os.truncate(store.folder / closed.path, closed.size_bytes // 2)
    open_file(world).unlink()
    store.recover("CAM-01", clock.now())
    (row,) = store.index.find_segments("CAM-01")
    assert (row.repaired, row.size_bytes) == (True, (store.folder / row.path).stat().st_size)
    assert playable(store.folder / row.path) == ""
    world.close()


def test_the_index_is_made_again_from_the_files_alone(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    store = world.open()
    store.recover("CAM-01", clock.now())
    before = store.index.find_segments()
    file = index_path(store.folder, 0)
    world.close()
    file.unlink()
    report = rebuild(world.data / "store", file)
    index = SegmentIndex(file, readonly=True)
    assert (report.segments, index.find_segments()) == (2, before)
    assert index.highest_number("CAM-01") == 2
    index.close()


def test_a_rebuild_keeps_the_gaps_and_numbers_of_a_readable_index(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    store = world.open()
    store.recover("CAM-01", clock.now())
    gaps = store.index.find_gaps("CAM-01", now=clock.now())
    file = index_path(store.folder, 0)
    world.close()
    rebuild(world.data / "store", file)
    index = SegmentIndex(file, readonly=True)
    assert index.find_gaps("CAM-01", now=clock.now()) == gaps
    index.close()


def test_F02_an_index_that_is_torn_is_made_again_at_the_start(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    file = index_path(world.data / "store", 0)
    for each in file.parent.glob("index-0.sqlite3*"):
        each.write_bytes(os.urandom(5000))
    store = world.open()
    assert [row.number for row in store.index.find_segments("CAM-01")] == [1, 2]
    world.close()


def test_damage_inside_a_closed_file_is_left_as_it_is(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    store = world.open()
    (closed,) = store.index.find_segments("CAM-01")
    path = store.folder / closed.path
    world.close()
    with path.open("r+b") as file:
        file.seek(closed.size_bytes // 2)
        file.write(b"\xff" * 4000)
    rebuild(world.data / "store", index_path(world.data / "store", 0))
    assert path.stat().st_size == closed.size_bytes


def test_a_file_in_which_nothing_can_be_read_is_set_aside(crashed, tmp_path, clock):
    world = copy_of(crashed, tmp_path, clock)
    (closed,) = [each for each in world.data.rglob("*.mp4") if ".part" not in each.name]
    closed.write_bytes(b"\xff" * 4000)
    report = rebuild(world.data / "store", index_path(world.data / "store", 0))
    assert (report.segments, report.unreadable) == (1, 1)
    assert closed.with_name(closed.name + ".unreadable").exists()
