"""F05: a disk that is slow or broken costs its own cameras a gap, and nobody else anything."""

import errno
import threading
import time

from binhyen.contracts import SECOND, GapReason
from binhyen.media.store import StoreOptions, SystemDisk
from binhyen.media.store.tests.conftest import playable
from binhyen.media.store.tests.film import film


class FaultyDisk(SystemDisk):
    """Writes wait for `open_gate`, or fail with `error`."""

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.error = 0

    def write(self, fd, content):
        self.gate.wait()
        if self.error:
            raise OSError(self.error, "made to fail")
        super().write(fd, content)

    def truncate(self, fd, size):
        if self.error:
            raise OSError(self.error, "made to fail")
        super().truncate(fd, size)


def two_volumes(world, tmp_path, *, queue_bytes_max=400_000):
    """A faulty and a sound volume, and a camera on each."""
    disks = (FaultyDisk(), SystemDisk())
    folders = (tmp_path / "bad", tmp_path / "good")
    for folder in folders:
        folder.mkdir()
    world.options = StoreOptions(folders=folders, disks=disks, queue_bytes_max=queue_bytes_max, reserve_bytes=0)
    store = world.open()
    on = {}
    for n in range(20):
        on.setdefault(store.volume_of(f"CAM-{n:02d}").folder.name, f"CAM-{n:02d}")
    return disks[0], world.writer(on["bad"]), world.writer(on["good"])


def drain(store):
    store.wake()
    until = time.monotonic() + 10
    while any(volume.waiting_bytes for volume in store.volumes) and time.monotonic() < until:
        time.sleep(0.01)


def side_by_side(world, seconds, writers, first_pts=0):
    """Both cameras deliver at the same time."""
    taken = film(noisy=True, group=5)
    for writer in writers:
        writer.parameters(taken.sets)
    begin = world.clock.wall
    for unit in taken.units(begin, pictures=seconds * 15, first_pts=first_pts):
        world.clock.advance(unit.arrived_at - world.clock.wall)
        for writer in writers:
            writer.unit(unit)
        world.store.wake()
        # Pictures come faster here than any disk would have to take them.
        bad, good = world.store.volumes
        while good.waiting_bytes or (bad.waiting_bytes and bad.disk.gate.is_set()):
            time.sleep(0.001)
    world.clock.advance(begin + seconds * SECOND - world.clock.wall)


def gaps_of(world, writer):
    world.store.journal.settle()
    return [gap.reason for gap in world.store.index.find_gaps(writer.camera, now=world.clock.now())]


def test_F05_a_slow_disk_is_a_gap_with_bounded_memory_and_its_neighbour_goes_on(world, tmp_path):
    disk, bad, good = two_volumes(world, tmp_path)
    side_by_side(world, 2, (bad, good))
    drain(world.store)
    disk.gate.clear()
    side_by_side(world, 20, (bad, good), first_pts=2 * 90_000)
    bad_volume, _ = world.store.volumes
    assert bad.gap_reason == GapReason.DISK_SLOW
    assert bad_volume.waiting_bytes <= 400_000
    assert (good.gap_reason, good.writing) == (None, True)
    disk.gate.set()
    drain(world.store)
    side_by_side(world, 3, (bad, good), first_pts=22 * 90_000)
    assert (bad.gap_reason, gaps_of(world, bad), gaps_of(world, good)) == (None, [GapReason.DISK_SLOW], [])


def test_F05_a_failing_disk_is_a_gap_and_is_tried_again(world, tmp_path):
    disk, bad, good = two_volumes(world, tmp_path, queue_bytes_max=64_000_000)
    side_by_side(world, 2, (bad, good))
    drain(world.store)
    disk.error = errno.EIO
    side_by_side(world, 3, (bad, good), first_pts=2 * 90_000)
    drain(world.store)
    side_by_side(world, 1, (bad, good), first_pts=5 * 90_000)
    assert (bad.gap_reason, good.gap_reason) == (GapReason.DISK_ERROR, None)
    disk.error = 0
    world.clock.advance(6 * SECOND)
    side_by_side(world, 3, (bad, good), first_pts=12 * 90_000)
    drain(world.store)
    assert bad.gap_reason is None
    assert GapReason.DISK_ERROR in gaps_of(world, bad)


def test_F05_what_stood_on_the_failing_disk_before_stays_playable(world, tmp_path):
    disk, bad, good = two_volumes(world, tmp_path, queue_bytes_max=64_000_000)
    side_by_side(world, 3, (bad, good))
    drain(world.store)
    disk.error = errno.EIO
    side_by_side(world, 2, (bad, good), first_pts=3 * 90_000)
    drain(world.store)
    bad.fail(GapReason.STOPPED)
    disk.error = 0
    world.close()
    store = world.open()
    found = store.recover(bad.camera, world.clock.now()) or store.index.find_segments(bad.camera)
    assert [playable(store.folder / row.path) for row in found] == [""]
    assert found[0].frames >= 30


def test_a_camera_stays_on_its_volume_when_more_are_added(world, tmp_path):
    folders = tuple(tmp_path / name for name in ("a", "b", "c"))
    for folder in folders:
        folder.mkdir()
    world.options = StoreOptions(folders=folders[:1], reserve_bytes=0)
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 3)
    writer.fail(GapReason.STOPPED)
    world.close()
    world.options = StoreOptions(folders=folders[1:], reserve_bytes=0)
    store = world.open()
    assert store.volume_of("CAM-01").folder == folders[0]
    assert (store.folder / store.index.find_latest("CAM-01")[0].path).resolve().is_relative_to(folders[0])
