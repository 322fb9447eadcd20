"""The whole recorder in one process, with a clock and disks that a test can reach."""

import errno
import random
import subprocess
import threading
import time
from dataclasses import dataclass

import imageio_ffmpeg
import pytest

from binhyen.contracts import SECOND, CameraSpec, GapReason, Hold, Instant, NodeSpec, SystemClock
from binhyen.media.recorder.node import NodeOptions, RecorderNode
from binhyen.media.recorder.opening import source_opener
from binhyen.media.recorder.tests.conftest import RecorderProcess, clip_of, eventually
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.store import Space, StoreOptions, SystemDisk
from binhyen.media.store.tests.film import film

HOUR = 3600 * SECOND


class MovableClock(SystemClock):
    """The system's, set wrong by `off_us`."""

    off_us = 0

    def now(self) -> Instant:
        return Instant(super().now() + self.off_us)


class ReachableDisk(SystemDisk):
    """Can be broken or filled."""

    error = 0
    free = 1 << 40

    def write(self, fd, content):
        if self.error:
            raise OSError(self.error, "made to fail")
        super().write(fd, content)

    def space(self, folder):
        return Space(self.free, 1 << 40)


@dataclass
class Running(RecorderProcess):
    """A recorder in a thread, looked at like a process."""

    node: RecorderNode | None = None
    clock: MovableClock | None = None
    disk: ReachableDisk | None = None
    thread: threading.Thread | None = None

    def end(self, number=0):
        self.node.stop()
        self.thread.join(20)
        return 0


@pytest.fixture
def node(tmp_path):
    """Start a recorder in a thread for a NodeSpec."""
    started = []

    def start(spec: NodeSpec) -> Running:
        clock, disk = MovableClock(), ReachableDisk()
        options = NodeOptions(tmp_path / "data", spec=spec, store=StoreOptions(disks=(disk,), reserve_bytes=1_000_000))
        policy = AddressPolicy(allow_loopback=True, allow_files=True)
        made = RecorderNode(options, clock=clock, open_source=source_opener(clock, policy), random=random.random)
        thread = threading.Thread(target=made.run, daemon=True)
        thread.start()
        started.append(Running(tmp_path / "data", node=made, clock=clock, disk=disk, thread=thread))
        return started[-1]

    yield start
    for each in started:
        each.end()


def one_camera(cameras, **more):
    cameras.add("a", clip_of(film(group=5)))
    return NodeSpec(cameras=(CameraSpec("CAM-01", cameras.url("a"), **more),))


def reasons(running):
    return [gap.reason for gap in running.gaps("CAM-01")]


def test_F08_a_clock_that_is_set_is_noticed_marked_and_told(cameras, node):
    running = node(one_camera(cameras))
    running.wait_for("CAM-01", "recording")
    running.clock.off_us = -HOUR
    eventually(lambda: len(running.segments("CAM-01")) >= 1)
    running.clock.off_us = 0
    eventually(lambda: len(running.segments("CAM-01")) >= 2)
    time.sleep(0.7)
    running.end()
    rows = running.segments("CAM-01")
    marked = [row for row in rows if row.clock_stepped]  # a minute may have ended beside: its segment has no mark
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert len(marked) == 2
    assert marked[0].start < rows[0].start < marked[1].start
    assert GapReason.CLOCK_STEP in reasons(running)


def test_F04_a_disk_full_of_held_footage_is_a_visible_state_that_ends_by_itself(cameras, node):
    spec = one_camera(cameras)
    running = node(NodeSpec(spec.cameras, holds=(Hold("H", "CAM-01", Instant(0), Instant(1 << 60)),)))
    running.wait_for("CAM-01", "recording")
    running.disk.free = 1000
    running.wait_for("CAM-01", "no_space")
    assert running.statuses()["CAM-01"]["error"] == "Ổ đĩa đầy, không còn đoạn hình nào được phép xoá"
    running.disk.free = 1 << 40
    running.wait_for("CAM-01", "recording")
    running.end()
    assert reasons(running)[:1] == [GapReason.DISK_FULL]


def test_F05_a_disk_that_fails_is_a_visible_state_that_ends_by_itself(cameras, node):
    running = node(one_camera(cameras))
    running.wait_for("CAM-01", "recording")
    running.disk.error = errno.EIO
    running.wait_for("CAM-01", "failing")
    assert running.statuses()["CAM-01"]["error"] == "Ổ đĩa báo lỗi khi ghi"
    running.disk.error = 0
    running.wait_for("CAM-01", "recording", within_s=15)


def test_switching_a_camera_off_closes_its_segment_and_says_so(cameras, node):
    spec = one_camera(cameras)
    running = node(spec)
    running.wait_for("CAM-01", "recording")
    running.node._wanted(NodeSpec(one_camera(cameras, recording=False).cameras))
    running.wait_for("CAM-01", "disabled")
    eventually(lambda: reasons(running) == [GapReason.STOPPED])
    running.node._wanted(spec)
    running.wait_for("CAM-01", "recording")
    assert cameras.readers("a") == 1


def test_another_address_is_followed_at_once(cameras, node):
    cameras.add("b", clip_of(film(group=5, width=640, height=480)))
    running = node(one_camera(cameras))
    running.wait_for("CAM-01", "recording")
    running.node._wanted(NodeSpec((CameraSpec("CAM-01", cameras.url("b")),)))
    eventually(lambda: running.statuses()["CAM-01"]["width"] == 640)
    assert (cameras.readers("a"), cameras.readers("b")) == (0, 1)


def test_a_wrong_password_is_said_in_a_sentence_without_the_password(node):
    from binhyen.media.testcam.server import TestCameraServer

    with TestCameraServer(user="admin", password="right", auth="digest") as server:
        server.add("a", clip_of(film(group=5)))
        url = server.url("a").replace("right", "wr0ng")
        running = node(NodeSpec((CameraSpec("CAM-01", url),)))
        running.wait_for("CAM-01", "failing")
        error = running.statuses()["CAM-01"]["error"]
        assert "mật khẩu" in error
        assert "wr0ng" not in error
        running.end()


def test_an_address_that_is_none_is_a_state_too(node):
    running = node(NodeSpec((CameraSpec("CAM-01", "not an address"), CameraSpec("CAM-02", "rtsp://127.0.0.1:1/x"))))
    running.wait_for("CAM-01", "failing")
    running.wait_for("CAM-02", "failing")
    assert running.statuses()["CAM-01"]["error"].startswith("Địa chỉ camera không đúng dạng")


def test_sources_that_libraries_read_are_recorded_alike(tmp_path, node):
    clip = tmp_path / "clip.mp4"
    making = ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=15:d=3", "-c:v", "libx264", "-g", "5", "-bf", "0"]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *making, str(clip)], check=True)
    running = node(NodeSpec((CameraSpec("CAM-01", f"file://{clip}"),)))
    running.wait_for("CAM-01", "recording")
    eventually(lambda: running.segments("CAM-01"))
    running.end()
    assert running.segments("CAM-01")[0].frames == 45
    assert reasons(running)[0] == GapReason.CONNECTION


def test_gaps_of_the_last_day_are_counted(cameras, node):
    running = node(one_camera(cameras))
    running.wait_for("CAM-01", "recording")
    cameras.cut("a")
    eventually(lambda: running.statuses()["CAM-01"]["gaps_last_day"] == 1)
