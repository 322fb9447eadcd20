"""Retention, quota, holds, withdrawal, and a disk that is really full."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from binhyen.contracts import SECOND, GapReason, Hold
from binhyen.media.store import KeepingRules, Space, StoreOptions, SystemDisk
from binhyen.media.store.tests.conftest import NOON, playable
from binhyen.media.store.tests.film import film

MINUTE, DAY = 60 * SECOND, 86_400 * SECOND


def recorded(world, *, minutes, cameras=("CAM-01",)):
    """A store that was closed in order and is open again."""
    world.open()
    for camera in cameras:
        world.clock.wall = NOON
        writer = world.writer(camera)
        world.record(writer, minutes * 60)
        writer.fail(GapReason.STOPPED)
    world.close()
    return world.open()


def minutes_kept(store, camera="CAM-01"):
    return [(row.start - NOON) // MINUTE for row in store.index.find_segments(camera)]


def files(world):
    return sorted(path.relative_to(world.data / "store").parts[0] for path in world.data.rglob("*.mp4"))


def test_what_is_older_than_its_cameras_days_is_deleted(world):
    store = recorded(world, minutes=4, cameras=("CAM-01", "CAM-02"))
    store.keeper.rules = KeepingRules({"CAM-01": 1, "CAM-02": 2})
    world.clock.wall = NOON + DAY + 2 * MINUTE
    assert store.keeper.expire() == 2
    assert (minutes_kept(store), minutes_kept(store, "CAM-02")) == ([2, 3], [0, 1, 2, 3])
    assert files(world) == ["CAM-01"] * 2 + ["CAM-02"] * 4


def test_T07_400_days_later_nothing_without_a_hold_remains(world):
    store = recorded(world, minutes=4)
    hold = Hold("H1", "CAM-01", NOON + 70 * SECOND, NOON + 80 * SECOND)
    store.keeper.rules = KeepingRules({"CAM-01": 30}, holds=(hold,))
    world.clock.advance(400 * DAY)
    store.keeper.step()
    assert minutes_kept(store) == [1]
    assert files(world) == ["CAM-01"]
    assert store.index.find_gaps("CAM-01", end=NOON + DAY, now=NOON + 5 * MINUTE)[:-1] == []


def test_T07_footage_of_a_camera_that_is_no_longer_named_goes_too(world):
    store = recorded(world, minutes=2)
    store.keeper.rules = KeepingRules({})
    world.clock.advance(400 * DAY)
    store.keeper.step()
    assert files(world) == []
    assert list((world.data / "store/CAM-01").iterdir()) == []


def test_T04_withdrawal_deletes_at_once_what_no_hold_keeps(world):
    store = recorded(world, minutes=4)
    hold = Hold("H1", "CAM-01", NOON, NOON + 1)
    store.keeper.rules = KeepingRules({"CAM-01": 30}, holds=(hold,), forget=("CAM-01",))
    store.keeper.step()
    assert minutes_kept(store) == [0]
    assert files(world) == ["CAM-01"]


def test_a_quota_deletes_the_oldest_of_all_cameras_first(world):
    store = recorded(world, minutes=4, cameras=("CAM-01", "CAM-02"))
    sizes = [row.size_bytes for row in store.index.find_segments("CAM-01")]
    store.keeper.rules = KeepingRules({}, quota_bytes=2 * sum(sizes) - 2 * sizes[0])
    store.keeper.step()
    assert (minutes_kept(store), minutes_kept(store, "CAM-02")) == ([1, 2, 3], [1, 2, 3])
    assert [volume.full for volume in store.volumes] == [False]


def test_a_quota_full_of_holds_stops_recording_and_says_so(world):
    store = recorded(world, minutes=2)
    store.keeper.rules = KeepingRules({}, holds=(Hold("H", "CAM-01", NOON, NOON + DAY),), quota_bytes=1000)
    store.keeper.step()
    assert (store.volumes[0].full, world.room) == (True, [(world.data / "store", False)])
    assert store.volumes[0].refusal() == GapReason.DISK_FULL
    store.keeper.rules = KeepingRules({})
    store.keeper.step()
    assert (store.volumes[0].full, world.room[-1]) == (False, (world.data / "store", True))


@dataclass
class CountedDisk(SystemDisk):
    """A disk of `total` bytes, as far as anyone can tell."""

    total: int
    folder: Path = field(default_factory=Path)

    def space(self, folder: Path) -> Space:
        used = sum(path.stat().st_size for path in folder.rglob("*.mp4"))
        return Space(self.total - used, self.total)


def test_F04_full_disk_deletes_oldest_unheld_first(world):
    world.options = StoreOptions(reserve_bytes=0)
    store = recorded(world, minutes=5)
    used = sum(row.size_bytes for row in store.index.find_segments())
    one = store.index.find_segments()[1].size_bytes
    world.close()
    world.options = StoreOptions(reserve_bytes=one, disks=(CountedDisk(total=used),))
    store = world.open()
    store.keeper.rules = KeepingRules({}, holds=(Hold("H", "CAM-01", NOON, NOON + 1),))
    store.keeper.step()
    assert minutes_kept(store) == [0, 2, 3, 4]
    assert store.volumes[0].full is False


def test_F04_a_disk_full_of_holds_stops_and_goes_on_by_itself(world):
    world.options = StoreOptions(reserve_bytes=0)
    store = recorded(world, minutes=3)
    used = sum(row.size_bytes for row in store.index.find_segments())
    world.close()
    disk = CountedDisk(total=used)
    world.options = StoreOptions(reserve_bytes=100_000, disks=(disk,))
    store = world.open()
    store.keeper.rules = KeepingRules({}, holds=(Hold("H", "CAM-01", NOON, NOON + DAY),))
    store.keeper.step()
    assert (store.volumes[0].refusal(), minutes_kept(store)) == (GapReason.DISK_FULL, [0, 1, 2])
    disk.total += 60_000
    store.keeper.step()
    assert store.volumes[0].refusal() == GapReason.DISK_FULL
    disk.total += 60_000
    store.keeper.step()
    assert store.volumes[0].refusal() is None


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of six megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", str(place)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount a file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_F04_a_write_that_meets_a_really_full_disk_leaves_whole_files_only(world, small_disk):
    world.options = StoreOptions(folders=(small_disk,), reserve_bytes=500_000)
    store = world.open()
    writer = world.writer("CAM-01")
    noisy = film(noisy=True, group=5)
    for n in range(20):
        world.record(writer, 5, taken=noisy, first_pts=n * 5 * 90_000)
        while store.volumes[0].waiting_bytes:
            os.sched_yield()
    assert store.volumes[0].refusal() == GapReason.DISK_FULL
    assert writer.gap_reason == GapReason.DISK_FULL
    store.keeper.rules = KeepingRules({})
    store.journal.settle()
    store.keeper.step()
    assert store.volumes[0].refusal() is None
    world.record(writer, 2, taken=noisy, first_pts=100 * 90_000)
    writer.fail(GapReason.STOPPED)
    world.close()
    store = world.open()
    rows = store.index.find_segments("CAM-01")
    assert rows[-1].frames == 35  # with the group that was in hand when room came back
    assert [(small_disk / row.path).stat().st_size for row in rows] == [row.size_bytes for row in rows]
    assert [playable(small_disk / row.path) for row in rows] == [""] * len(rows)
    assert list(small_disk.rglob("*.part.mp4")) == []
