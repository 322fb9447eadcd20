"""What hardly ever happens, and must not hurt when it does."""

import errno
import logging
import sqlite3
import time

import pytest

from binhyen.contracts import SECOND, GapReason, Instant
from binhyen.media.store import KeepingRules, SegmentIndex, StoreOptions, SystemDisk, parse_path
from binhyen.media.store import journal as journal_module
from binhyen.media.store.index import gap_opened
from binhyen.media.store.journal import IndexJournal
from binhyen.media.store.layout import SegmentName, cameras_on_disk
from binhyen.media.store.tests.conftest import NOON, playable
from binhyen.media.store.tests.film import film


@pytest.mark.parametrize(
    "path",
    [
        "CAM-01/2026-10-18/notes.txt",
        "CAM-01/2026-13-18/120000-000001.mp4",
        "CAM-01/today/120000-000001.mp4",
        "cam/2026-10-18/120000-000001.mp4",
        "CAM-01/120000-000001.mp4",
        "CAM-01/2026-10-18/250000-000001.mp4",
    ],
)
def test_other_files_are_no_segments(path):
    assert parse_path(path) is None


@pytest.mark.parametrize("part", [True, False])
@pytest.mark.parametrize("repaired", [True, False])
@pytest.mark.parametrize("stepped", [True, False])
def test_a_name_says_all_that_it_was_made_of(part, repaired, stepped):
    name = SegmentName("CAM-01", 7, Instant(NOON), repaired=repaired, clock_stepped=stepped, part=part)
    assert parse_path(name.path) == name


def test_a_store_that_is_not_there_has_no_cameras(tmp_path):
    assert cameras_on_disk(tmp_path / "none") == []


def test_a_picture_in_the_middle_of_a_group_after_a_hole_waits_for_the_next_key(world):
    world.open()
    writer = world.writer("CAM-01")
    taken = film()
    writer.parameters(taken.sets)
    units = list(taken.units(NOON, pictures=60))
    for unit in units[:20] + units[20:22]:
        writer.unit(unit)
    late = units[25]
    late.pts += 20 * 90_000
    writer.unit(late)
    assert (writer.gap_reason, writer.group) == (GapReason.CONNECTION, [])
    for unit in units[30:46]:
        unit.pts += 20 * 90_000
        unit.arrived_at += 20 * SECOND
        writer.unit(unit)
    writer.fail(GapReason.STOPPED)
    world.close()
    rows = world.open().index.find_segments("CAM-01")
    assert [row.frames for row in rows] == [22, 16]


def test_pictures_before_the_parameters_are_not_recorded(world):
    world.open()
    writer = world.writer("CAM-01")
    for unit in film().units(NOON, pictures=40):
        writer.unit(unit)
    assert writer.writing is False


def test_a_group_of_very_large_pictures_is_written_in_parts(world):
    world.open()
    writer = world.writer("CAM-01")
    large = film(width=960, height=540, group=30, noisy=True)
    world.record(writer, 6, taken=large)
    writer.fail(GapReason.STOPPED)
    world.close()
    (row,) = world.open().index.find_segments("CAM-01")
    assert row.frames == 90
    assert playable(world.data / "store" / row.path) == ""


def test_groups_that_never_end_in_time_order_are_written_at_a_bound(world, monkeypatch):
    monkeypatch.setattr("binhyen.media.store.camera_writer.GROUP_UNITS_MAX", 50)
    world.open()
    writer = world.writer("CAM-01")
    taken = film(group=300)
    writer.parameters(taken.sets)
    for n, unit in enumerate(taken.units(NOON, pictures=290)):
        if n > 140:
            unit.pts -= 10_000
        writer.unit(unit)
        assert len(writer.group) <= 200


class StubbornDisk(SystemDisk):
    """Refuses what it is told to refuse."""

    refused = ""

    def _check(self, call):
        if call == self.refused:
            raise OSError(errno.EIO, "made to fail")

    def unlink(self, path):
        self._check("unlink")
        super().unlink(path)

    def space(self, folder):
        self._check("space")
        return super().space(folder)

    def create(self, path):
        self._check("create")
        return super().create(path)

    def rename(self, old, new):
        self._check("rename")
        super().rename(old, new)

    def sync(self, folder):
        self._check("sync")
        super().sync(folder)


def test_what_cannot_be_deleted_stays_in_the_index(world):
    disk = StubbornDisk()
    world.options = StoreOptions(disks=(disk,), reserve_bytes=0)
    store = world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 5)
    writer.fail(GapReason.STOPPED)
    world.close()
    store = world.open()
    disk.refused = "unlink"
    assert store.keeper.forget("CAM-01") == []
    assert len(store.index.find_segments("CAM-01")) == 1


def test_a_disk_that_does_not_say_how_full_it_is_changes_nothing(world):
    disk = StubbornDisk()
    world.options = StoreOptions(disks=(disk,))
    store = world.open()
    disk.refused = "space"
    store.keeper.step()
    assert (store.volumes[0].full, world.room) == (False, [])


def test_F05_a_file_that_cannot_be_made_is_a_gap(world):
    disk = StubbornDisk()
    world.options = StoreOptions(disks=(disk,), reserve_bytes=0)
    store = world.open()
    writer = world.writer("CAM-01")
    disk.refused = "create"
    world.record(writer, 2)
    until = time.monotonic() + 5
    while store.volumes[0].waiting_bytes and time.monotonic() < until:
        time.sleep(0.01)
    world.record(writer, 2, first_pts=2 * 90_000)
    assert writer.gap_reason == GapReason.DISK_ERROR


def test_a_file_that_cannot_be_renamed_is_repaired_at_the_next_start(world):
    disk = StubbornDisk()
    world.options = StoreOptions(disks=(disk,), reserve_bytes=0)
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 3)
    disk.refused = "rename"
    writer.fail(GapReason.STOPPED)
    world.close()
    store = world.open()
    (row,) = store.recover("CAM-01", world.clock.now())
    assert (row.repaired, row.frames) == (True, 45)


def test_what_waits_is_written_out_to_the_disk_now_and_then(world):
    synced = []

    class Watched(SystemDisk):
        def sync(self, folder):
            synced.append(folder)
            super().sync(folder)

    world.options = StoreOptions(disks=(Watched(),), sync_every_s=0.05, reserve_bytes=0)
    store = world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 3)
    until = time.monotonic() + 5
    while not synced and time.monotonic() < until:
        time.sleep(0.01)
    assert synced[0] == store.folder


def test_an_index_that_cannot_be_written_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr(journal_module, "_RETRY_S", 0.05)
    index = SegmentIndex(tmp_path / "index.sqlite3")
    refusals = [sqlite3.OperationalError("disk I/O error")]
    write = index.write

    def refuse_once(changes):
        if refusals:
            raise refusals.pop()
        write(changes)

    monkeypatch.setattr(index, "write", refuse_once)
    journal = IndexJournal(index)
    journal.put(gap_opened("CAM-01", Instant(NOON), GapReason.SILENT))
    journal.settle()
    assert index.find_open_gap("CAM-01").reason == GapReason.SILENT
    journal.close()
    index.close()


def test_rows_that_wait_for_a_dead_index_are_bounded(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(journal_module, "WAITING_ROWS_MAX", 10)
    index = SegmentIndex(tmp_path / "index.sqlite3")

    def refuse(_changes):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(index, "write", refuse)
    journal = IndexJournal(index)
    with caplog.at_level(logging.ERROR):
        for n in range(100):
            journal.put(gap_opened("CAM-01", Instant(n), GapReason.SILENT))
    assert len(journal._waiting) <= 21
    assert "binhyen store rebuild" in caplog.text
    journal._stopping.set()
    index.close()


def test_a_failed_change_leaves_the_index_as_it_was(tmp_path):
    index = SegmentIndex(tmp_path / "index.sqlite3")
    with pytest.raises(sqlite3.OperationalError):
        index.write([gap_opened("CAM-01", Instant(1), GapReason.SILENT), ("NO SUCH STATEMENT", ())])
    assert index.find_open_gap("CAM-01") is None
    index.close()


def test_the_keeper_goes_on_after_an_index_that_did_not_answer(world, monkeypatch):
    monkeypatch.setattr("binhyen.media.store.keeper.LOOK_EVERY_S", 0.01)
    store = world.open()
    steps = []

    def stumble():
        steps.append(len(steps))
        if len(steps) == 1:
            raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(store.keeper, "step", stumble)
    store.start(KeepingRules({}))
    until = time.monotonic() + 5
    while len(steps) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    assert steps[:3] == [0, 1, 2]
