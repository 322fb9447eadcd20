import http.server
import socket
import threading
import time
from fractions import Fraction
from functools import partial

import av
import pytest

from binhyen.contracts import SystemClock
from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.fmp4 import Fragmenter
from binhyen.media.packets import Codec
from binhyen.media.sources import AddressPolicy
from binhyen.media.sources.av import AvSource
from binhyen.media.sources.av import source as module
from binhyen.media.sources.errors import (
    AddressRefused,
    CameraClosed,
    CameraUnreachable,
    MalformedUrl,
    RtspAuthenticationFailed,
    RtspTimeout,
    SourceUnreadable,
)
from binhyen.media.sources.factory import make_source
from binhyen.media.sources.rtsp import RtspConnection
from binhyen.media.sources.rtsp.tests.packets import Recorded
from binhyen.media.testcam.clip import read_clip
from binhyen.media.testcam.server import TestCameraServer

POLICY = AddressPolicy(allow_loopback=True, allow_files=True)


def clip(tmp_path, codec=Codec.H264, frames=6, **options):
    stream = encoded(codec, frames=frames, gop=3, **options)
    fragmenter = Fragmenter(stream.sets)
    path = tmp_path / "tệp có dấu.mp4"
    path.write_bytes(fragmenter.init + fragmenter.fragment(stream.units()))
    return path, stream


def ended(url, sink=None, *, policy=POLICY, seconds=8):
    """Run a source to its end; gives (sink, error)."""
    sink, errors, done = sink or Recorded(), [], threading.Event()
    source = AvSource(
        url, sink, clock=SystemClock(), address_policy=policy, on_end=lambda e: (errors.append(e), done.set())
    )
    source.start()
    assert done.wait(seconds)
    source.close()
    return sink, errors[0]


@pytest.mark.parametrize("codec", Codec)
def test_a_file_is_read_like_a_camera(tmp_path, codec):
    path, stream = clip(tmp_path, codec)
    sink, error = ended(f"file://{path}")
    assert sink.samples == [b"".join(unit.parts) for unit in stream.units()]
    assert [unit.key for unit in sink.units] == [picture.key for picture in stream.pictures]
    assert (sink.calls[0], type(error)) == (("parameters", stream.sets), CameraClosed)


def test_a_file_is_read_as_fast_as_it_was_filmed(tmp_path):
    path, _ = clip(tmp_path, frames=10)
    began = time.monotonic()
    sink, _ = ended(f"file://{path}")
    assert time.monotonic() - began >= 9 / 15
    arrivals = [unit.arrived_at for unit in sink.units]
    assert arrivals == sorted(arrivals)


def test_start_codes_are_understood_as_well_as_lengths(tmp_path):
    stream = encoded(frames=6, gop=3)
    path = tmp_path / "camera.ts"
    with av.open(str(path), "w", format="mpegts") as container:
        track = container.add_stream("libx264", rate=15)
        track.width, track.height, track.pix_fmt = 98, 66, "yuv420p"
        for number, picture in enumerate(stream.pictures):
            packet = av.Packet(b"".join(b"\0\0\0\1" + nal for nal in picture.nals))
            packet.stream, packet.time_base = track, Fraction(1, 90_000)
            packet.pts = packet.dts = number * 6000
            packet.is_keyframe = picture.key
            container.mux(packet)
    sink, _ = ended(f"file://{path}")
    assert (len(sink.units) >= 5, sink.of("parameters")) == (True, [stream.sets])


@pytest.fixture
def web(tmp_path):
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    handler.func.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_http_is_read_from_the_address_that_was_checked(tmp_path, web):
    path, stream = clip(tmp_path)
    path.rename(tmp_path / "a.mp4")
    policy = AddressPolicy(allow_loopback=True, resolver=lambda host, port: ["127.0.0.1"])
    sink, _ = ended(f"http://camera.example:{web.server_port}/a.mp4", policy=policy)
    assert len(sink.units) == len(stream.pictures)


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append(self.path)
        self.send_response(self.server.status)
        for name, value in self.server.answer_headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        pass


@pytest.fixture
def answering():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        server.seen, server.answer_headers, server.body, server.status = [], {}, b"", 200
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_S05_http_redirects_are_not_followed(tmp_path, web, answering):
    path, _ = clip(tmp_path)
    path.rename(tmp_path / "a.mp4")
    answering.status, answering.answer_headers = 302, {"Location": f"http://127.0.0.1:{web.server_port}/a.mp4"}
    sink, error = ended(f"http://127.0.0.1:{answering.server_port}/x.mp4")
    assert (sink.units, type(error)) == ([], SourceUnreadable)


def test_S05_playlists_do_not_lead_anywhere(tmp_path, web, answering):
    path, _ = clip(tmp_path)
    path.rename(tmp_path / "a.mp4")
    target = f"http://127.0.0.1:{web.server_port}/a.mp4"
    answering.body = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{target}\n#EXT-X-ENDLIST\n".encode()
    sink, error = ended(f"http://127.0.0.1:{answering.server_port}/x.m3u8")
    assert (sink.units, type(error)) == ([], SourceUnreadable)


def test_a_password_that_http_refuses_is_named_and_not_repeated(answering):
    answering.status, answering.answer_headers = 401, {"WWW-Authenticate": 'Basic realm="r"'}
    _, error = ended(f"http://u:s3cret@127.0.0.1:{answering.server_port}/")
    assert (type(error), "s3cret" in repr(error)) == (RtspAuthenticationFailed, False)


@pytest.mark.parametrize(
    ("url", "policy", "error"),
    [
        ("http://127.0.0.1:1/", POLICY, SourceUnreadable),
        ("http://127.0.0.1:1/", AddressPolicy(), AddressRefused),
        ("udp://239.1.1.1:5000", POLICY, AddressRefused),
        ("rtsp+udp://169.254.169.254/", POLICY, AddressRefused),
        ("rtsps://127.0.0.1:1/", POLICY, CameraUnreachable),
        ("file:///etc/hostname", AddressPolicy(allow_loopback=True), AddressRefused),
        ("file:///nowhere/at/all.mp4", POLICY, SourceUnreadable),
        ("file:///etc/hostname", POLICY, SourceUnreadable),
    ],
)
def test_what_cannot_be_opened_is_a_named_error(url, policy, error):
    sink, raised = ended(url, policy=policy)
    assert (sink.calls, type(raised)) == ([], error)


def test_F06_a_source_that_says_nothing_times_out(monkeypatch):
    monkeypatch.setattr(module, "OPEN_TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        _, error = ended(f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert type(error) is RtspTimeout


def test_other_codecs_are_named(tmp_path):
    path = tmp_path / "old.mp4"
    with av.open(str(path), "w") as container:
        track = container.add_stream("mpeg4", rate=15)
        track.width, track.height, track.pix_fmt = 64, 64, "yuv420p"
        for packet in (*track.encode(av.VideoFrame(64, 64, "yuv420p")), *track.encode(None)):
            container.mux(packet)
    _, error = ended(f"file://{path}")
    assert "mpeg4" in str(error)


def test_nothing_reaches_the_sink_after_closing(tmp_path):
    path, _ = clip(tmp_path, frames=30)
    sink, ends = Recorded(), []
    source = AvSource(f"file://{path}", sink, clock=SystemClock(), address_policy=POLICY, on_end=ends.append)
    source.start()
    while not sink.units:
        time.sleep(0.01)
    source.close()
    count = len(sink.calls)
    source._thread.join(5)
    assert (len(sink.calls), ends, source._thread.is_alive()) == (count, [], False)


def test_each_address_has_its_source():
    make = partial(make_source, sink=Recorded(), clock=SystemClock(), address_policy=POLICY, on_end=print)
    kinds = [
        type(make(url)) for url in ("rtsp://h/", " RTSP://h/", "rtsp+udp://h/", "rtsps://h/", "http://h/", "file:///x")
    ]
    assert kinds == [RtspConnection] * 2 + [AvSource] * 4
    assert repr(make("http://u:s3cret@h/")) == "AvSource(http://***@h/)"
    with pytest.raises(MalformedUrl):
        make("gopher://h:70/")
    with pytest.raises(MalformedUrl):
        AvSource("srt+x://h:1/", Recorded(), clock=SystemClock(), address_policy=POLICY, on_end=print)


@pytest.mark.parametrize("codec", Codec)
def test_rtsp_over_udp_is_read_with_a_password(tmp_path, codec):
    path, stream = clip(tmp_path, codec, frames=30)
    with TestCameraServer(user="admin", password="p@ss", auth="digest") as cameras:
        cameras.add("cam", read_clip(path))
        sink, seen = Recorded(), threading.Event()
        sink.access_unit = lambda unit: (sink.calls.append(("unit", unit)), seen.set())
        url = cameras.url("cam").replace("rtsp://", "rtsp+udp://")
        source = AvSource(url, sink, clock=SystemClock(), address_policy=POLICY, on_end=print)
        source.start()
        assert seen.wait(8)
        source.close()
        source._thread.join(5)
    assert (sink.of("parameters"), sink.units[0].key) == ([stream.sets], True)


class _Packet:
    """As much of a packet as the reader looks at."""

    def __init__(self, payload, *, pts=0, key=True, corrupt=False):
        self.payload, self.pts, self.dts = payload, pts, None
        self.size, self.is_keyframe, self.is_corrupt = len(payload), key, corrupt
        self.time_base = Fraction(1, 90_000)

    def __bytes__(self):
        return self.payload


def _fed(packets, extradata=b""):
    sink = Recorded()
    source = AvSource("http://h/", sink, clock=SystemClock(), address_policy=POLICY, on_end=print)
    reader = module._Bitstream(Codec.H264, extradata)
    for packet in packets:
        source._take(reader, packet, None)
    return sink


def _stream(picture):
    return b"".join(b"\0\0\1" + nal for nal in picture.nals)


def test_a_damaged_packet_costs_the_rest_of_its_group():
    pictures = encoded(gop=5).pictures[:10]
    packets = [_Packet(_stream(each), pts=each.pts, key=each.key, corrupt=n == 2) for n, each in enumerate(pictures)]
    sink = _fed(packets)
    assert ([unit.key for unit in sink.units], sink.of("lost")) == (
        [True, False, True, False, False, False, False],
        [1],
    )


def test_packets_without_time_pictures_or_parameter_sets_are_not_delivered():
    first = encoded().pictures[0]
    bare = _Packet(b"\0\0\1" + first.nals[-1])
    assert _fed([bare]).calls == []
    assert _fed([_Packet(b"\0\0\1\x09\xf0"), _Packet(_stream(first), pts=None)]).calls == [("lost", 1), ("lost", 1)]
