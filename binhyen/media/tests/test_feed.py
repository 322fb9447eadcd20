"""The line between recorder and live process, end to end: a real server, a real client, what goes wrong between."""

import asyncio
import socket
import threading

import pytest

from binhyen.media import feed
from binhyen.media.feed import FeedClient, FeedServer
from binhyen.media.packets import AccessUnit
from binhyen.media.recorder.reactor import EpollReactor
from binhyen.media.recorder.tests.test_feed import Viewer, until
from binhyen.media.store.tests.film import film


class HandCamera:
    """A camera that is fed by hand."""

    def __init__(self, sets=None, group=()):
        self.watched, self.sets, self.group = False, sets, group

    def since_key(self):
        return self.group


class Recorder:
    """A feed server in a loop of its own, as the recorder runs it."""

    def __init__(self, path, cameras):
        self.reactor = EpollReactor()
        self.server = FeedServer(path, self.reactor, cameras.get)
        self.ending = False
        self.errands = []
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.ending:
            self.reactor.turn(0.05)
            while self.errands:
                self.errands.pop(0)()
        self.server.close()
        self.reactor.close()

    def do(self, errand):
        self.errands.append(errand)
        self.reactor.wake()

    def end(self):
        self.ending = True
        self.reactor.wake()
        self.thread.join(5)


def picture(number, *, key=False):
    return AccessUnit([b"%d" % number], 2, number * 6000, key, number)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "feed.sock"


@pytest.fixture
def recorder(path):
    """Start a recorder of these cameras."""
    started = []

    def start(**cameras):
        started.append(Recorder(path, cameras))
        return started[-1]

    yield start
    for each in started:
        each.end()


def with_client(path, look):
    async def run():
        client = FeedClient(path, retry_s=0.02)
        task = asyncio.create_task(client.run())
        try:
            await look(client)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def test_new_parameter_sets_and_the_end_of_a_camera_reach_who_watches_it_and_nobody_else(path, recorder):
    running = recorder(A=HandCamera(), B=HandCamera())
    sets, viewer, other = film().sets, Viewer(), Viewer()

    async def look(client):
        client.watch("A", viewer)
        client.watch("B", other)
        await until(lambda: running.server.is_watched("A") and running.server.is_watched("B"))
        assert viewer.sets == []  # the camera has none yet
        running.do(lambda: running.server.parameters("A", sets))
        running.do(lambda: running.server.unit("A", picture(1)))
        running.do(lambda: running.server.unit("A", picture(2, key=True)))
        running.do(lambda: running.server.unit("A", picture(3)))
        running.do(lambda: running.server.ended("A", "Camera đã được gỡ"))
        await until(lambda: viewer.reasons)

    with_client(path, look)
    assert viewer.sets == [sets]
    assert [(unit.pts, unit.key, unit.parts) for unit in viewer.units] == [
        (12_000, True, [b"2"]),  # what comes before the first key picture shows nothing
        (18_000, False, [b"3"]),
    ]
    assert viewer.reasons == ["Camera đã được gỡ"]
    assert (other.sets, other.units, other.reasons) == ([], [], [])


def test_a_camera_that_is_no_longer_wished_for_is_given_back_once(path, recorder):
    camera = HandCamera(film().sets, (picture(1, key=True), picture(2)))
    recorder(A=camera)
    viewer = Viewer()

    async def look(client):
        client.watch("A", viewer)
        await until(lambda: len(viewer.units) == 2)
        client.unwatch("A")
        client.unwatch("A")
        client.unwatch("nobody watched it")
        await until(lambda: not camera.watched)

    with_client(path, look)
    assert viewer.sets == [film().sets]


def test_what_still_comes_for_a_camera_that_was_given_back_is_passed_over(path):
    """The recorder had sent it before it heard of the wish."""
    sets, viewer = film().sets, Viewer()
    body = feed.TIMES.pack(6000, 1) + b"x"

    def message(kind, payload, channel=1):
        return feed.HEADER.pack(len(payload), kind, feed.KEY, channel) + payload

    late = message(feed.PARAMETERS, feed._parameters_payload("gone", sets)) + message(feed.UNIT, body)
    late += message(feed.UNIT, body, channel=7) + message(feed.ENDED, b'{"camera": "gone", "reason": "x"}')
    wanted = message(feed.PARAMETERS, feed._parameters_payload("A", sets), 2) + message(feed.UNIT, body, 2)

    async def serve():
        async def talk(reader, writer):
            writer.write(late + wanted)
            await reader.read()
            writer.close()

        async with await asyncio.start_unix_server(talk, path):
            client = FeedClient(path)
            client.watch("A", viewer)
            task = asyncio.create_task(client.run())
            await until(lambda: viewer.units)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(serve())
    assert (viewer.sets, [unit.pts for unit in viewer.units], viewer.reasons) == ([sets], [6000], [])


def test_a_message_of_impossible_length_ends_the_connection_and_a_new_one_is_made(path):
    came, viewer = [], Viewer()

    async def serve():
        async def talk(reader, writer):
            came.append(1)
            writer.write(feed.HEADER.pack(feed.PAYLOAD_BYTES_MAX + 1, feed.UNIT, 0, 1))
            await reader.read()
            writer.close()

        async with await asyncio.start_unix_server(talk, path):
            client = FeedClient(path, retry_s=0.02)
            client.watch("A", viewer)
            task = asyncio.create_task(client.run())
            await until(lambda: len(came) > 1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(serve())
    assert viewer.reasons[0] == "Mất kết nối với máy ghi"


def test_a_reader_that_goes_without_having_read_is_forgotten(path):
    reactor, camera = EpollReactor(), HandCamera(film().sets)
    server = FeedServer(path, reactor, {"A": camera}.get)
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(path))
    reactor.turn(0.5)
    client.sendall(b'{"watch": "A"}\n')
    reactor.turn(0.5)
    assert camera.watched
    client.close()  # what it was sent lies unread: the recorder's next reading finds the connection reset
    reactor.turn(0.5)
    assert (server.is_watched("A"), camera.watched) == (False, False)
    server.close()
    reactor.close()


def test_a_reader_that_hangs_up_in_the_middle_of_its_first_pictures_is_forgotten(path):
    """Its hanging up is noticed while it is still being sent what came since the last key picture."""
    reactor = EpollReactor()
    large = [AccessUnit([bytes(2_000_000)], 2_000_000, n, n == 0, n) for n in range(3)]
    camera = HandCamera(film().sets, large)
    server = FeedServer(path, reactor, {"A": camera}.get)
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(path))
    reactor.turn(0.5)
    client.sendall(b'{"watch": "A"}\n{"watch": "none"}\n')
    client.close()
    for _ in range(3):
        reactor.turn(0.05)
    assert (server.is_watched("A"), camera.watched) == (False, False)
    server.ended("A", "x")
    server.close()
    reactor.close()
