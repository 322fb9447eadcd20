"""A camera that says what a test tells it to, over a real socket, and the loop that drives a reader against it."""

import base64
import select
import socket
import threading
import time
from dataclasses import dataclass

from binhyen.contracts import SystemClock
from binhyen.media.packets import Codec
from binhyen.media.sources import AddressPolicy, RtspConnection
from binhyen.media.sources.rtsp.tests.packets import Packetiser, Recorded

LOOPBACK = AddressPolicy(allow_loopback=True)


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: dict


def description(stream, *, control="track1", session_control="*", extra=""):
    sets, encode = stream.sets, lambda nals: ",".join(base64.b64encode(nal).decode() for nal in nals)
    if stream.codec is Codec.H264:
        form = f"packetization-mode=1;sprop-parameter-sets={encode((*sets.sps, *sets.pps))}"
    else:
        form = f"sprop-vps={encode(sets.vps)}; sprop-sps={encode(sets.sps)}; sprop-pps={encode(sets.pps)}"
    return (
        f"v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=camera\r\nt=0 0\r\na=control:{session_control}\r\n{extra}"
        f"m=audio 0 RTP/AVP 8\r\na=control:audio\r\nm=video 0 RTP/AVP 96\r\n"
        f"a=rtpmap:96 {stream.codec.value.upper()}/90000\r\na=fmtp:96 {form}\r\na=control:{control}\r\n"
    )


def answer(status="200 OK", headers="", body="", *, number="", newline="\r\n"):
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    head = f"RTSP/1.0 {status}\r\n{f'CSeq: {number}' + chr(13) + chr(10) if number else ''}{headers}{length}\r\n"
    return head.replace("\r\n", newline).encode() + body.encode()


def video(stream, packetiser=None):
    packetiser = packetiser or Packetiser(stream.codec)
    return b"".join(packet for p in stream.pictures for packet in packetiser.picture(p.nals, p.pts))


class ScriptedCamera:
    """Answers by method; `script` overrides: bytes, a function of the request, or None to hang up."""

    def __init__(self, stream, *, media=None, **script):
        self.requests = []
        self.peers = []
        self._stream = stream
        self._media = video(stream) if media is None else media
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)  # close alone does not wake who waits in accept
        self._listener.close()
        for peer in self.peers:
            peer.close()
        self._thread.join(5)

    def url(self, path="/stream", secret="", host="127.0.0.1"):
        return f"rtsp://{secret}{host}:{self.port}{path}"

    def methods(self):
        return [request.method for request in self.requests]

    def push(self, data):
        self.peers[-1].sendall(data)

    def _serve(self):
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.peers.append(peer)
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer):
        received = b""
        try:
            while True:
                while b"\r\n\r\n" not in received:
                    more = peer.recv(65536)
                    if not more:
                        return
                    received += more
                text, _, received = received.partition(b"\r\n\r\n")
                reply = self._reply(text.decode())
                if reply is None:
                    peer.shutdown(socket.SHUT_RDWR)
                    return
                peer.sendall(reply)
        except OSError:
            return

    def _reply(self, text):
        first, *lines = text.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        words = first.split()
        request = Request(words[0], words[1], headers)
        self.requests.append(request)
        if request.method in self._script:
            scripted = self._script[request.method]
            return scripted(request) if callable(scripted) else scripted
        return self.usual(request)

    def usual(self, request):
        number = request.headers.get("cseq", "")
        if request.method == "DESCRIBE":
            return answer(body=description(self._stream), number=number)
        if request.method == "SETUP":
            transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
            return answer(headers=f"Session: abc;timeout=60\r\n{transport}", number=number)
        if request.method == "PLAY":
            return answer(headers="Session: abc\r\n", number=number) + self._media
        return answer(headers="Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER\r\n", number=number)


def connect(url, sink=None, *, policy=LOOPBACK):
    connection = RtspConnection(
        url, sink or Recorded(), clock=SystemClock(), address_policy=policy, random_hex=lambda: "0123456789abcdef"
    )
    connection.start()
    return connection


def drive(connection, until, *, seconds=5.0):
    """Run the loop until `until()`; a SourceError passes through, time running out fails."""
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, f"still {connection} after {seconds} s"
        writers = [connection] if connection.wants_write else []
        readable, writable, _ = select.select([connection], writers, [], 0.05)
        if writable:
            connection.on_writable()
        if readable:
            connection.on_readable()
        connection.on_timer()


def watch(camera, *, pictures=1, sink=None, url=None, policy=LOOPBACK):
    """Connect and read so many pictures; gives (connection, sink)."""
    sink = sink or Recorded()
    connection = connect(url or camera.url(), sink, policy=policy)
    drive(connection, lambda: len(sink.units) >= pictures)
    return connection, sink
