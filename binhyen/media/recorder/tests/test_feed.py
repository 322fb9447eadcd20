"""Pictures handed to the live process: at once, from the last key frame, and never at the recorder's cost."""

import asyncio
import json
import socket
import time
from dataclasses import dataclass, field

import pytest

from binhyen.media import feed
from binhyen.media.feed import FeedClient, FeedServer
from binhyen.media.packets import AccessUnit, ParameterSets
from binhyen.media.recorder.reactor import EpollReactor
from binhyen.media.recorder.tests.conftest import RecorderProcess, clip_of, eventually
from binhyen.media.store.tests.film import film
from binhyen.media.testcam.faults import Fault
from binhyen.media.testcam.server import TestCameraServer


@dataclass
class Viewer:
    """Keeps what it is given."""

    sets: list[ParameterSets] = field(default_factory=list)
    units: list[AccessUnit] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def parameters(self, sets):
        self.sets.append(sets)

    def access_unit(self, unit):
        self.units.append(unit)

    def ended(self, reason):
        self.reasons.append(reason)


async def until(condition, within_s=10.0):
    give_up_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < give_up_at, f"not within {within_s} s"
        await asyncio.sleep(0.02)


async def watching(running, *viewers, then):
    """Run `then(client)` while a client is connected and the viewers watch."""
    client = FeedClient(running.data / "run" / "feed-0.sock", retry_s=0.1)
    task = asyncio.create_task(client.run())
    for code, viewer in viewers:
        client.watch(code, viewer)
    try:
        await then(client)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A recorder of two cameras that nothing disturbs."""
    with TestCameraServer() as server:
        for name in ("a", "b"):
            server.add(name, clip_of(film(group=10)))
        folder = tmp_path_factory.mktemp("feed")
        spec = {"cameras": [{"code": f"CAM-{name}".upper(), "url": server.url(name)} for name in ("a", "b")]}
        (folder / "spec.json").write_text(json.dumps(spec))
        process = RecorderProcess(folder / "data", ("--spec", str(folder / "spec.json"))).start()
        for code in ("CAM-A", "CAM-B"):
            process.wait_for(code, "recording")
        yield process
        process.end()


def test_a_viewer_starts_at_the_last_key_frame_and_gets_pictures_as_they_arrive(running):
    viewer = Viewer()

    async def look(client):
        await until(lambda: len(viewer.units) > 30)
        assert client.connected

    asyncio.run(watching(running, ("CAM-A", viewer), then=look))
    assert viewer.sets == [film(group=10).sets]
    assert viewer.units[0].key
    steps = [b.pts - a.pts for a, b in zip(viewer.units, viewer.units[1:], strict=False)]
    assert set(steps) == {6000}
    late_us = [time.time_ns() // 1000 - viewer.units[-1].arrived_at]
    assert late_us[0] < 1_000_000


def test_watched_pictures_do_not_wait_for_the_next_reading(running):
    viewer = Viewer()
    delays = []

    async def look(_client):
        await until(lambda: viewer.units)
        for _ in range(30):
            seen = len(viewer.units)
            await until(lambda seen=seen: len(viewer.units) > seen)
            delays.append(viewer.units[-1].arrived_at - viewer.units[-2].arrived_at)

    asyncio.run(watching(running, ("CAM-A", viewer), then=look))
    assert sorted(delays)[len(delays) // 2] < 100_000


def test_a_camera_that_nobody_watches_is_not_sent(running):
    seen, left = Viewer(), Viewer()

    async def look(client):
        await until(lambda: len(left.units) > 3)
        client.unwatch("CAM-B")
        await asyncio.sleep(0.5)
        count = len(left.units)
        before = len(seen.units)
        await until(lambda: len(seen.units) > before + 5)
        assert len(left.units) == count

    asyncio.run(watching(running, ("CAM-A", seen), ("CAM-B", left), then=look))


def test_viewers_are_told_when_a_camera_ends_and_when_it_is_unknown(cameras, recorder):
    cameras.add("a", clip_of(film(group=5)))
    running = recorder(("CAM-01", cameras.url("a")))
    running.wait_for("CAM-01", "recording")
    viewer, stranger = Viewer(), Viewer()

    async def look(_client):
        await until(lambda: viewer.units)
        cameras.set_fault("a", Fault.REFUSE)
        await until(lambda: viewer.reasons)
        await until(lambda: stranger.reasons)

    asyncio.run(watching(running, ("CAM-01", viewer), ("CAM-99", stranger), then=look))
    assert stranger.reasons[0] == "Máy ghi không có camera này"
    assert viewer.reasons[0].startswith("Camera")


def test_a_client_comes_back_by_itself_after_the_recorder_was_away(cameras, recorder):
    cameras.add("a", clip_of(film(group=5)))
    running = recorder(("CAM-01", cameras.url("a")))
    running.wait_for("CAM-01", "recording")
    viewer = Viewer()

    async def look(_client):
        await until(lambda: viewer.units)
        await asyncio.to_thread(running.end)
        count = len(viewer.units)
        await asyncio.to_thread(running.start)
        await until(lambda: len(viewer.units) > count, within_s=15)

    asyncio.run(watching(running, ("CAM-01", viewer), then=look))
    assert "Mất kết nối với máy ghi" in viewer.reasons


class StillCamera:
    """A camera of the recorder that is fed by hand."""

    def __init__(self):
        self.watched = False
        self.sets = film().sets

    def since_key(self):
        return ()


def unit(number, *, key, size=500_000):
    return AccessUnit([bytes(size)], size, number * 6000, key, number)


def turn(reactor, times=5):
    for _ in range(times):
        reactor.turn(0.02)


def test_a_reader_that_is_too_slow_loses_whole_pictures_up_to_a_key_frame(tmp_path):
    reactor, camera = EpollReactor(), StillCamera()
    server = FeedServer(tmp_path / "feed.sock", reactor, {"CAM-01": camera}.get)
    slow = socket.socket(socket.AF_UNIX)
    slow.connect(str(tmp_path / "feed.sock"))
    slow.sendall(b'{"watch": "CAM-01"}\n')
    turn(reactor)
    assert camera.watched
    for number in range(60):
        server.unit("CAM-01", unit(number, key=number % 10 == 0))
    (client,) = server._clients
    assert len(client._backlog) <= feed.BACKLOG_BYTES_MAX + 600_000
    slow.setblocking(False)
    received = b""
    for number in range(60, 90):
        for _ in range(200):
            reactor.turn(0)
            try:
                received += slow.recv(1 << 20)
            except BlockingIOError:
                break
        server.unit("CAM-01", unit(number, key=number % 10 == 0, size=1000))
    turn(reactor)
    received += slow.recv(1 << 20)
    keys = [(pts // 6000, key) for pts, key in messages(received)]
    lost_at = next(n for n in range(1, len(keys)) if keys[n][0] != keys[n - 1][0] + 1)
    assert keys[lost_at][1] is True
    slow.close()
    turn(reactor)
    assert (camera.watched, len(server._clients)) == (False, 0)
    server.close()
    reactor.close()


def messages(received):
    """(pts, key) of every picture in a byte stream."""
    found, at = [], 0
    while at + feed.HEADER.size <= len(received):
        length, kind, flags, _ = feed.HEADER.unpack_from(received, at)
        at += feed.HEADER.size
        if kind == feed.UNIT and at + length <= len(received):
            found.append((feed.TIMES.unpack_from(received, at)[0], bool(flags & feed.KEY)))
        at += length
    return found


def test_a_client_that_talks_nonsense_is_hung_up_on(tmp_path):
    reactor = EpollReactor()
    server = FeedServer(tmp_path / "feed.sock", reactor, {}.get)
    for nonsense in (b"hello\n", b"[1]\n", b"x" * 5000):
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(tmp_path / "feed.sock"))
        client.sendall(nonsense)
        turn(reactor)
        client.settimeout(1)
        assert client.recv(10) == b""
        client.close()
    server.close()
    assert not (tmp_path / "feed.sock").exists()
    reactor.close()


def test_a_connection_that_resets_is_forgotten(tmp_path):
    reactor, camera = EpollReactor(), StillCamera()
    server = FeedServer(tmp_path / "feed.sock", reactor, {"CAM-01": camera}.get)
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(tmp_path / "feed.sock"))
    client.sendall(b'{"watch": "CAM-01"}\n')
    turn(reactor)
    client.close()
    for number in range(3):
        server.unit("CAM-01", unit(number, key=True, size=10))
    assert (len(server._clients), camera.watched) == (0, False)
    server.close()
    reactor.close()


def test_the_camera_is_read_at_leisure_again_when_nobody_watches(cameras, recorder):
    cameras.add("a", clip_of(film(group=5)))
    running = recorder(("CAM-01", cameras.url("a")))
    running.wait_for("CAM-01", "recording")
    viewer = Viewer()

    async def look(_client):
        await until(lambda: len(viewer.units) > 3)

    asyncio.run(watching(running, ("CAM-01", viewer), then=look))
    eventually(lambda: running.state("CAM-01") == "recording")
    assert running.end() == 0
    assert [gap.reason.value for gap in running.gaps("CAM-01")] == ["stopped"]
