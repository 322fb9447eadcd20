"""What the simulated cameras say and send, read byte by byte: tests of our own reader lean on it."""

import asyncio
import base64
import contextlib
import socket
import struct
import time

import pytest

from binhyen.contracts import SECOND, SystemClock
from binhyen.media.recorder.tests.conftest import clip_of, eventually
from binhyen.media.store.tests.film import film
from binhyen.media.testcam import Fault, TestCameraServer, channel
from binhyen.media.testcam.rtp import NTP_EPOCH_S, Packing
from binhyen.media.testcam.timeline import Timeline

RTP_HEADER_BYTES = 12


class Reader:
    """Speaks RTSP to a server of cameras, as plainly as possible."""

    def __init__(self, server, *, receive_buffer=0):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(5)
        self.socket.connect(("127.0.0.1", server.port))
        self.file = self.socket.makefile("rb")
        self.address = f"rtsp://127.0.0.1:{server.port}"

    def say(self, method, path, **headers):
        lines = [f"{method} {self.address}/{path} RTSP/1.0", "CSeq: 7"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def ask(self, method, path, **headers):
        """(status, headers, body) of the answer; packets before it are passed over."""
        self.say(method, path, **headers)
        while self.file.peek(1)[:1] == b"$":
            self.packet()
        status = int(self.file.readline().split()[1])
        found = {}
        while line := self.file.readline().strip().decode():
            name, _, value = line.partition(": ")
            found[name] = value
        return status, found, self.file.read(int(found.get("Content-Length", 0)))

    def packet(self):
        """(channel, bytes) of the next interleaved packet."""
        dollar, number, size = struct.unpack(">cBH", self.file.read(4))
        assert dollar == b"$"
        return number, self.file.read(size)

    def play(self, path, transport="RTP/AVP/TCP;unicast;interleaved=0-1"):
        assert self.ask("SETUP", path, Transport=transport)[0] == 200
        assert self.ask("PLAY", path)[0] == 200

    def pictures(self, count):
        """The RTP packets of the next `count` packets on channel 0."""
        found = []
        while len(found) < count:
            number, packet = self.packet()
            if number == 0:
                found.append(packet)
        return found

    def close(self):
        self.file.close()
        self.socket.close()


@pytest.fixture
def server():
    with TestCameraServer() as running:
        running.add("a", clip_of(film(group=5)), sub=clip_of(film("libx265", group=5)))
        running.add("b", clip_of(film(group=5)))
        yield running


@pytest.fixture
def reader(server):
    made = Reader(server)
    yield made
    made.close()


def sequence_of(packet):
    return int.from_bytes(packet[2:4], "big")


def kind_of(packet):
    return packet[RTP_HEADER_BYTES] & 31


@pytest.mark.parametrize(
    ("method", "path", "transport", "status"),
    [
        ("OPTIONS", "a", "", 200),
        ("DESCRIBE", "a", "", 200),
        ("DESCRIBE", "a/sub", "", 200),
        ("DESCRIBE", "b/sub", "", 404),
        ("DESCRIBE", "c", "", 404),
        ("ANNOUNCE", "a", "", 501),
        ("SETUP", "a/trackID=0", "RTP/AVP/TCP;unicast", 200),
        ("SETUP", "a/trackID=0", "RTP/AVP/TCP;unicast;interleaved=256-257", 461),
        ("SETUP", "a/trackID=0", "RTP/AVP;multicast;client_port=5000-5001", 461),
        ("SETUP", "a/trackID=0", "RTP/AVP;unicast", 461),
        ("PLAY", "a", "", 455),
        ("GET_PARAMETER", "a", "", 454),
    ],
)
def test_each_request_gets_the_answer_of_its_kind(reader, method, path, transport, status):
    assert reader.ask(method, path, Transport=transport)[0] == status


def test_a_session_is_kept_alive_and_ends_when_asked(reader):
    reader.play("a")
    status, headers, _ = reader.ask("GET_PARAMETER", "a")
    assert (status, len(headers["Session"])) == (200, 8)
    assert reader.ask("TEARDOWN", "a")[0] == 200
    assert reader.file.read().count(b"RTSP") == 0


@pytest.mark.parametrize(
    ("target", "location"), [("b", "{here}/b"), ("rtsp://198.51.100.7/x", "rtsp://198.51.100.7/x")]
)
def test_a_camera_may_send_its_reader_elsewhere(server, reader, target, location):
    server.add("moved", clip_of(film(group=5)), redirect_to=target)
    status, headers, _ = reader.ask("DESCRIBE", "moved")
    assert (status, headers["Location"]) == (302, location.format(here=reader.address))


def test_a_dead_camera_takes_the_connection_and_says_nothing(server, reader):
    server.set_fault("a", Fault.DEAD)
    reader.say("DESCRIBE", "a")
    reader.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        reader.socket.recv(1)
    server.set_fault("a", Fault.NONE)
    reader.say("OPTIONS", "a")
    assert reader.socket.recv(100).startswith(b"RTSP/1.0 200 OK")


def test_a_second_setup_takes_the_place_of_the_first_on_the_channels_it_names(server, reader):
    reader.play("a")
    reader.play("a", "RTP/AVP/TCP;unicast;interleaved=4-9")
    eventually(lambda: server.readers("a") == 1)
    numbers = [reader.packet()[0] for _ in range(60)]
    assert set(numbers[numbers.index(9) :]) == {4, 9}


def test_a_reader_may_send_reports_of_its_own_and_is_dropped_when_it_says_nothing_for_too_long():
    with TestCameraServer(session_timeout_s=0.4) as server:
        server.add("a", clip_of(film(group=5)))
        speaking, silent = Reader(server), Reader(server)
        for _ in range(4):
            time.sleep(0.2)
            speaking.socket.sendall(b"$\1\0\4rtcp")
        assert speaking.ask("OPTIONS", "a")[0] == 200
        assert silent.socket.recv(1) == b""
        speaking.close()
        silent.close()


@pytest.mark.parametrize("nonsense", [b"\xff\xfe\r\n\r\n", b"x" * 70_000])
def test_nonsense_ends_the_connection(reader, nonsense):
    reader.socket.sendall(nonsense)
    try:
        assert reader.socket.recv(1) == b""
    except ConnectionResetError:
        return  # what we sent was not read to its end


def test_basic_authentication_takes_the_right_password_alone():
    with TestCameraServer(user="u", password="đúng", auth="basic") as server:
        server.add("a", clip_of(film(group=5)))
        reader = Reader(server)
        right, wrong = (base64.b64encode(f"u:{word}".encode()).decode() for word in ("đúng", "sai"))
        status, headers, _ = reader.ask("DESCRIBE", "a")
        assert (status, headers["WWW-Authenticate"]) == (401, 'Basic realm="Camera Binh Yen"')
        given = [f"Basic {wrong}", f"Digest {right}", f"Basic {right}"]
        assert [reader.ask("DESCRIBE", "a", Authorization=each)[0] for each in given] == [401, 401, 200]
        reader.close()
        assert server.url("a") == f"rtsp://u:%C4%91%C3%BAng@127.0.0.1:{server.port}/a"
        assert server.sub_url("a", password=False) == f"rtsp://127.0.0.1:{server.port}/a/sub"


def test_noise_is_well_formed_packets_of_chance(server, reader):
    bodies = {nal for frame in clip_of(film(group=5)).frames for nal in frame.nals}
    reader.play("a")
    assert any(packet[RTP_HEADER_BYTES:] in bodies for packet in reader.pictures(10))
    server.set_fault("a", Fault.NOISE)
    packets = reader.pictures(30)[-15:]
    assert [sequence_of(packet) for packet in packets] == [sequence_of(packets[0]) + n for n in range(15)]
    assert not any(packet[RTP_HEADER_BYTES:] in bodies for packet in packets)


def test_parameter_sets_travel_together_where_a_camera_packs_them_so(server, reader):
    server.add("packed", clip_of(film(group=5)), packing=Packing(aggregate=True))
    reader.play("packed")
    first = next(packet for packet in reader.pictures(1))
    sets = clip_of(film(group=5)).parameter_sets
    expected = b"".join(len(each).to_bytes(2, "big") + each for each in sets)
    assert (kind_of(first), first[RTP_HEADER_BYTES + 1 :]) == (24, expected)


def test_the_clock_of_a_camera_may_be_set_and_its_reports_say_so(server, reader):
    server.set_clock_offset("b", 3600 * SECOND)
    reader.play("b")
    report = next(packet for number, packet in iter(reader.packet, None) if number == 1)
    kind, seconds = report[1], int.from_bytes(report[8:12], "big") - NTP_EPOCH_S
    assert kind == 200
    assert abs(seconds - time.time() - 3600) < 2


def test_a_reader_that_does_not_keep_up_loses_pictures_up_to_a_key_picture(monkeypatch):
    monkeypatch.setattr(channel, "BACKLOG_LIMIT_BYTES", 100_000)
    with TestCameraServer() as server:
        server.add("a", clip_of(film(width=640, height=480, group=5, fps=30, noisy=True)))
        reader = Reader(server, receive_buffer=4096)
        reader.play("a")
        camera = server._house.cameras["a"]
        eventually(lambda: any(delivery.dropped for delivery in camera.deliveries))
        packets = reader.pictures(2)
        while (sequence_of(packets[-1]) - sequence_of(packets[-2])) & 0xFFFF == 1:
            packets += reader.pictures(1)
        assert kind_of(packets[-1]) == 7
        reader.close()


def test_cutting_hangs_up_once_and_the_reader_may_come_back(server, reader):
    reader.play("a")
    server.cut("a")
    with contextlib.suppress(ConnectionResetError):  # it was sent what nobody read any more
        reader.file.read()
    again = Reader(server)
    again.play("a")
    eventually(lambda: server.readers("a") == 1)
    again.close()
    eventually(lambda: server.readers("a") == 0)


def test_a_taken_port_is_an_error_and_what_never_ran_can_be_stopped(server):
    second = TestCameraServer(port=server.port)
    with pytest.raises(OSError, match="in use"):
        second.start()
    assert (second.is_listening, server.is_listening) == (False, True)
    TestCameraServer().stop()


def test_it_serves_inside_a_loop_until_told_to_end():
    server = TestCameraServer()
    server.add("a", clip_of(film(group=5)))

    async def serve():
        end = asyncio.Event()
        serving = asyncio.create_task(server.serve(end))
        while not server.is_listening:
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"OPTIONS rtsp://x/a RTSP/1.0\r\nCSeq: 1\r\n\r\n")
        first = await reader.readline()
        end.set()
        await serving
        rest = await reader.read()
        writer.close()
        return first, rest.endswith(b"\r\n\r\n")

    assert asyncio.run(serve()) == (b"RTSP/1.0 200 OK\r\n", True)
    assert (server.names, server.has_sub("a")) == (["a"], False)


class SuspendedLoop(asyncio.SelectorEventLoop):
    """A loop whose clock can jump, as it does on a machine that slept."""

    slept_s = 0.0

    def time(self):
        return super().time() + self.slept_s


def test_after_a_long_sleep_the_clip_jumps_and_does_not_flood_its_readers():
    class Counting:
        sent = 0

        def deliver(self, sending):
            self.sent += 1

    loop, counting = SuspendedLoop(), Counting()
    timeline = Timeline(clip_of(film(group=5)), Packing(), SystemClock())
    timeline.listeners.add(counting)

    async def sleep_and_play():
        playing = asyncio.create_task(timeline.run())
        await asyncio.sleep(0.1)
        loop.slept_s = 3600.0
        await asyncio.sleep(0)
        before = counting.sent
        await asyncio.sleep(1.0)
        playing.cancel()
        return counting.sent - before

    try:
        assert 10 <= loop.run_until_complete(sleep_and_play()) <= 17
    finally:
        loop.close()
