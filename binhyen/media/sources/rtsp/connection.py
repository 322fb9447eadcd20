"""RTSP over TCP with interleaved video, for a loop that owns hundreds of cameras and never blocks.

One object, one life: made, `start()`, driven by the loop, `close()`. Whoever drives it registers `fileno()` and looks
at it and at `wants_write` again after each call, as both change while a name is resolved and addresses are tried.
Every `on_…` method raises the SourceError that ended the connection, once, with the socket already closed.
"""

import contextlib
import secrets
import socket
import threading
from collections.abc import Callable
from enum import StrEnum

from binhyen.contracts import SECOND, Clock, Instant
from binhyen.media.packets import Sink
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import (
    CameraClosed,
    CameraUnreachable,
    MalformedUrl,
    RtspGarbage,
    RtspTimeout,
    SourceError,
)
from binhyen.media.sources.rtsp.auth import Credentials
from binhyen.media.sources.rtsp.connecting import NameLookup, begin_connect, unreachable
from binhyen.media.sources.rtsp.dialogue import Dialogue, Redirected, Step
from binhyen.media.sources.rtsp.message import MAX_BODY_BYTES, MAX_HEADER_BYTES, MESSAGE_START, read_message
from binhyen.media.sources.rtsp.rtcp import find_sender_clock
from binhyen.media.sources.rtsp.rtp import ReceiveBuffer, VideoReceiver
from binhyen.media.sources.urls import CameraUrl, parse_camera_url

ANSWER_TIMEOUT_US = 10 * SECOND
MOST_REDIRECTS = 3
MOST_GARBAGE_BYTES = 256 << 10
MOST_UNUSABLE_PACKETS = 2000
_MOST_READS_PER_CALL = 4
_MOST_MESSAGE_BYTES = MAX_HEADER_BYTES + MAX_BODY_BYTES
_DOLLAR = 0x24


class ConnectionState(StrEnum):
    """Where a connection stands."""

    NEW = "new"
    RESOLVING = "resolving"
    CONNECTING = "connecting"
    ASKING = "asking"
    PLAYING = "playing"
    CLOSED = "closed"


_of_thread = threading.local()


def _shared_buffer() -> ReceiveBuffer:
    if not hasattr(_of_thread, "buffer"):
        _of_thread.buffer = ReceiveBuffer()
    buffer: ReceiveBuffer = _of_thread.buffer
    return buffer


class RtspConnection:
    """One camera. Raises MalformedUrl when made of an address that is none.

    `state`, `bytes_received` and `last_received_at` (monotonic) may be read at any time.
    """

    def __init__(
        self,
        url: str,
        sink: Sink,
        *,
        clock: Clock,
        address_policy: AddressPolicy,
        random_hex: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._url = parse_camera_url(url)
        if self._url.scheme != "rtsp":
            raise MalformedUrl(f"Giao thức {self._url.scheme} không phải RTSP. Hãy nhập địa chỉ bắt đầu bằng rtsp://.")
        self._sink = sink
        self._clock = clock
        self._policy = address_policy
        self._random_hex = random_hex
        self.state = ConnectionState.NEW
        self.bytes_received = 0
        self.last_received_at = clock.monotonic()
        self._socket: socket.socket | None = None
        self._lookup: NameLookup | None = None
        self._addresses: list[str] = []
        self._redirects = 0
        self._due_at = Instant(0)
        self._reset(self._url)

    def __repr__(self) -> str:
        return f"RtspConnection({self._url}, {self.state})"

    @property
    def wants_write(self) -> bool:
        """Whether `on_writable` should be called when the socket takes bytes."""
        return self.state is ConnectionState.CONNECTING or bool(self._dialogue.outgoing)

    @property
    def delivered(self) -> int:
        """Access units given to the sink."""
        return self._receiver.delivered if self._receiver else 0

    def fileno(self) -> int:
        """The descriptor to wait on, or -1 when there is none."""
        return (self._lookup or self._socket or _NO_FILE).fileno()

    def start(self) -> None:
        """Begin to connect; a name is resolved in a thread. Raises SourceError."""
        self._guarded(self._find_address)

    def on_readable(self) -> None:
        """Take all that has arrived, however many packets: calling seldom is cheaper than calling often."""
        self._guarded(self._read)

    def on_writable(self) -> None:
        """Send what waits, or finish connecting."""
        self._guarded(self._write)

    def on_timer(self, now: Instant | None = None) -> None:
        """To be called about once a second with the monotonic time: time-outs and keepalives."""
        self._guarded(lambda: self._tick(self._clock.monotonic() if now is None else now))

    def close(self) -> None:
        """End it, with a goodbye where the network takes it at once. May be called twice."""
        if self._socket is not None and self.state in (ConnectionState.ASKING, ConnectionState.PLAYING):
            self._dialogue.end()
            with contextlib.suppress(OSError):  # a courtesy; the camera notices the closed connection as well
                self._socket.send(self._dialogue.outgoing)
        self._drop_socket()
        self.state = ConnectionState.CLOSED

    def _guarded(self, act: Callable[[], None]) -> None:
        if self.state is ConnectionState.CLOSED:
            return
        try:
            try:
                act()
            except Redirected as redirect:
                self._follow(redirect.location)
            except OSError as error:
                raise unreachable(error, self._url.port) from error
        except SourceError:
            self._drop_socket()
            self.state = ConnectionState.CLOSED
            raise

    def _drop_socket(self) -> None:
        for each in (self._lookup, self._socket):
            if each is not None:
                each.close()
        self._lookup = self._socket = None

    def _reset(self, url: CameraUrl) -> None:
        self._url = url
        self._dialogue = Dialogue(url, Credentials(url.user, url.password, self._random_hex))
        self._receiver: VideoReceiver | None = None
        self._tail = b""
        self._garbage_bytes = 0
        self._delivered_before = 0

    def _follow(self, location: str) -> None:
        """Redirects go to RTSP only, a few times, and never take the password to another machine."""
        self._redirects += 1
        target = parse_camera_url(location)
        if target.scheme != "rtsp" or self._redirects > MOST_REDIRECTS:
            raise CameraUnreachable("Camera chuyển hướng sai hoặc quá nhiều lần. Hãy nhập địa chỉ cuối cùng của nó.")
        if not target.user and target.host == self._url.host:
            secret = self._url.user, self._url.password
            target = CameraUrl(target.scheme, target.host, target.port, target.path, *secret)
        self._drop_socket()
        self._reset(target)
        self._find_address()

    def _find_address(self) -> None:
        self._due_at = Instant(self._clock.monotonic() + ANSWER_TIMEOUT_US)
        literal = self._policy.literal(self._url.host)
        if literal is not None:
            self._addresses = [literal]
            self._connect_next()
            return
        self._lookup = NameLookup(self._policy, self._url.host, self._url.port)
        self.state = ConnectionState.RESOLVING

    def _connect_next(self) -> None:
        self._drop_socket()
        self.state = ConnectionState.CONNECTING
        self._due_at = Instant(self._clock.monotonic() + ANSWER_TIMEOUT_US)
        self._socket = begin_connect(self._addresses.pop(0), self._url.port)

    def _write(self) -> None:
        if self._socket is None:
            return
        if self.state is ConnectionState.CONNECTING:
            code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code and self._addresses:
                self._connect_next()
                return
            if code:
                raise OSError(code, "")
            if not self._is_connected():
                return
            self.state = ConnectionState.ASKING
            self._dialogue.begin()
        self._flush()

    def _is_connected(self) -> bool:
        """Whoever drives us may call before the socket is ready."""
        try:
            return self._socket is not None and bool(self._socket.getpeername())
        except OSError:
            return False

    def _flush(self) -> None:
        outgoing = self._dialogue.outgoing
        if outgoing and self._socket is not None:
            try:
                del outgoing[: self._socket.send(outgoing)]
            except BlockingIOError:
                return

    def _tick(self, now: Instant) -> None:
        if self.state is ConnectionState.PLAYING:
            if now >= self._due_at:
                self._due_at = Instant(now + self._dialogue.keepalive_us)
                self._dialogue.keep_alive()
                self._flush()
        elif self.state is not ConnectionState.NEW and now >= self._due_at:
            raise RtspTimeout(_LATE[self.state])

    def _read(self) -> None:
        if self._lookup is not None:
            if not self._lookup.answered:
                return
            lookup, self._lookup = self._lookup, None
            self._addresses = lookup.take()
            self._connect_next()
        elif self.state in (ConnectionState.ASKING, ConnectionState.PLAYING):
            self._drain_socket(_shared_buffer())

    def _drain_socket(self, buffer: ReceiveBuffer) -> None:
        for _ in range(_MOST_READS_PER_CALL):
            waiting = len(self._tail)
            if self._socket is None:
                return
            try:
                count = self._socket.recv_into(buffer.view[waiting : buffer.capacity])
            except BlockingIOError:
                return
            if count == 0:
                raise CameraClosed("Camera đóng kết nối. Hệ thống sẽ tự nối lại.")
            buffer.received[:waiting] = self._tail
            fill = waiting + count
            self.bytes_received += count
            self.last_received_at = self._clock.monotonic()
            used = self._consume(buffer, fill)
            self._tail = bytes(buffer.view[used:fill])
            if fill < buffer.capacity:
                return

    def _consume(self, buffer: ReceiveBuffer, fill: int) -> int:
        """Take what is whole; returns how far that goes."""
        received = buffer.received
        at, before, now = 0, -1, self._clock.now()
        while before < at < fill:
            if self._receiver is not None:
                at = self._receiver.drain(buffer, at, fill, now)
            before = at
            if at < fill:
                at = self._take_other(received, at, fill, now)
        self._watch_quality()
        return at

    def _take_other(self, received: bytearray, at: int, fill: int, now: Instant) -> int:
        """One thing that is no video packet. Returns what follows it, or `at` while it is incomplete."""
        first = received[at]
        if first == _DOLLAR:
            return self._take_interleaved(received, at, fill, now)
        if first in b"\r\n":
            return at + 1
        head = bytes(received[at : min(fill, at + 21)])
        if MESSAGE_START.match(head):
            return self._take_message(received, at, fill)
        if len(head) < 21 and head.replace(b"_", b"").isalpha() and head.isupper():
            return at
        return self._resync(received, at, fill)

    def _take_interleaved(self, received: bytearray, at: int, fill: int, now: Instant) -> int:
        if fill - at < 4:
            return at
        channel = received[at + 1]
        end = at + 4 + (received[at + 2] << 8 | received[at + 3])
        ours = self._receiver is not None and channel == self._dialogue.rtp_channel
        whole = end <= fill
        if ours and fill - at >= 5 and (received[at + 4] >> 6 != 2 or end - at < 16):
            return self._resync(received, at, fill)
        if whole and channel == self._dialogue.rtcp_channel:
            camera_clock = find_sender_clock(bytes(received[at + 4 : end]), now)
            if camera_clock is not None:
                self._sink.sender_report(camera_clock, now)
        if not whole and channel > self._dialogue.rtcp_channel + 8:
            return self._resync(received, at, fill)
        return end if whole else at

    def _take_message(self, received: bytearray, at: int, fill: int) -> int:
        try:
            found = read_message(bytes(received[at : min(fill, at + _MOST_MESSAGE_BYTES)]))
        except RtspGarbage:
            if self.state is not ConnectionState.PLAYING:
                raise
            return self._resync(received, at, fill)
        if found is None:
            return at
        message, size = found
        self._dialogue.take(message)
        self._flush()
        self._advance()
        return at + size

    def _advance(self) -> None:
        """What the dialogue has reached changes what the connection does."""
        now = self._clock.monotonic()
        dialogue = self._dialogue
        if dialogue.step is Step.PLAY and self._receiver is None and dialogue.track is not None:
            self._receiver = VideoReceiver(dialogue.track, self._sink, channel=dialogue.rtp_channel)
        if self.state is ConnectionState.ASKING:
            playing = dialogue.step is Step.PLAYING
            self._due_at = Instant(now + (dialogue.keepalive_us if playing else ANSWER_TIMEOUT_US))
            self.state = ConnectionState.PLAYING if playing else ConnectionState.ASKING

    def _resync(self, received: bytearray, at: int, fill: int) -> int:
        """Skip bytes that are nothing known, up to what may be the next packet or answer."""
        if self.state is not ConnectionState.PLAYING:
            raise RtspGarbage("Thiết bị ở địa chỉ này không nói RTSP. Hãy kiểm tra địa chỉ và cổng.")
        packet = bytes((_DOLLAR, self._dialogue.rtp_channel))
        candidates = [received.find(each, at + 1, fill) for each in (packet, b"RTSP/1.")]
        following = min((each for each in candidates if each >= 0), default=fill)
        self._garbage_bytes += following - at
        return following

    def _watch_quality(self) -> None:
        receiver = self._receiver
        if receiver is None:
            return
        if receiver.delivered != self._delivered_before:
            self._delivered_before = receiver.delivered
            self._garbage_bytes = receiver.malformed = 0
        elif self._garbage_bytes > MOST_GARBAGE_BYTES or receiver.malformed > MOST_UNUSABLE_PACKETS:
            raise RtspGarbage("Camera gửi dữ liệu không phải hình. Hãy khởi động lại camera hoặc kiểm tra mã hình.")


class _NoFile:
    def fileno(self) -> int:
        return -1


_NO_FILE = _NoFile()
_LATE = {
    ConnectionState.RESOLVING: "Không tìm được tên máy của camera trong 10 giây. Hãy kiểm tra DNS hoặc nhập IP.",
    ConnectionState.CONNECTING: "Camera không trả lời trong 10 giây. Hãy kiểm tra nguồn điện, dây mạng và địa chỉ.",
    ConnectionState.ASKING: "Camera nhận kết nối nhưng không trả lời trong 10 giây. Hãy khởi động lại camera.",
}
