"""Whatever FFmpeg's libraries open, by a thread per camera: RTSP over UDP or TLS, HTTP, RTMP, files.

The libraries are told the address that was checked, not the name, and follow neither redirects nor playlists (RTSP
goes through a relay for that); which formats they may guess is listed. Their error texts may hold the URL and are
never repeated.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, unquote

import av
import av.container
import av.packet
import av.video.stream

from binhyen.contracts import SECOND, Clock, Instant
from binhyen.media.codec import SYNTAX, BitstreamError, ParameterSetStore, Role, annex_b_units, length_prefixed_units
from binhyen.media.fmp4.init import parse_avc_configuration, parse_hevc_configuration
from binhyen.media.packets import TICKS_PER_SECOND, AccessUnit, Codec, ParameterSets, Sink
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.av.relay import Relay
from binhyen.media.sources.errors import (
    AddressRefused,
    CameraClosed,
    MalformedUrl,
    RtspAuthenticationFailed,
    RtspTimeout,
    SourceError,
    SourceUnreadable,
)
from binhyen.media.sources.presentation import PresentationClock
from binhyen.media.sources.urls import CameraUrl, parse_camera_url

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 15.0
MAX_PACKET_BYTES = 8 << 20
_FORMATS = "rtsp,sdp,rtp,mpegts,mov,mp4,matroska,webm,flv,h264,hevc,avi"
_PROTOCOLS = {
    "rtsp+udp": "rtsp,rtp,udp,tcp", "rtsps": "rtsp,rtp,udp,tcp", "rtsp": "rtsp,rtp,udp,tcp",
    "http": "http,tcp", "https": "https,tls,tcp", "rtmp": "rtmp,tcp", "udp": "udp", "rtp": "rtp,udp", "file": "file",
}  # fmt: skip
_CODECS = {"h264": Codec.H264, "hevc": Codec.H265}
_Packet: TypeAlias = "av.packet.Packet[av.video.stream.VideoStream]"
SCHEMES = frozenset(_PROTOCOLS) - {"rtsp"}


class AvSource:
    """One camera, one thread. `on_end` is called once from that thread, with why, unless `close()` came first.

    Raises MalformedUrl when made of an address that no part of it can open.
    """

    def __init__(
        self,
        url: str,
        sink: Sink,
        *,
        clock: Clock,
        address_policy: AddressPolicy,
        on_end: Callable[[SourceError], None],
    ) -> None:
        self._path = unquote(url.partition("://")[2]) if url.startswith("file://") else ""
        self._url = CameraUrl("file", "", 0, self._path) if self._path else parse_camera_url(url)
        if self._url.scheme not in _PROTOCOLS:
            raise MalformedUrl(f"Không hỗ trợ giao thức {self._url.scheme}. Hãy dùng rtsp, rtsps, http, rtmp hoặc udp.")
        self._sink = sink
        self._clock = clock
        self._policy = address_policy
        self._on_end = on_end
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera-av", daemon=True)

    def __repr__(self) -> str:
        return f"AvSource({self._url})"

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """After this nothing more reaches the sink; the thread ends within the read time-out."""
        with self._lock:
            self._closed.set()

    def _run(self) -> None:
        try:
            with contextlib.closing(_Relays()) as relays:
                self._read(relays)
            error: SourceError = CameraClosed("Nguồn hình đã hết. Hệ thống sẽ tự mở lại.")
        except SourceError as ended:
            error = ended
        except av.FFmpegError as failed:
            error = _named(failed)
        with self._lock:
            if not self._closed.is_set():
                self._closed.set()
                self._on_end(error)

    def _read(self, relays: "_Relays") -> None:
        target, options = self._target(relays)
        container = av.open(target, options=options, timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S))
        with container:
            stream = next((each for each in container.streams.video), None)
            if stream is None or stream.codec_context.name not in _CODECS:
                offered = stream.codec_context.name if stream else "không có hình"
                raise SourceUnreadable(f"Nguồn phát mã hình {offered}, không ghi được. Hãy chọn H.264 hoặc H.265.")
            reader = _Bitstream(_CODECS[stream.codec_context.name], stream.codec_context.extradata or b"")
            paced = _Pace(self._clock, self._closed) if self._path else None
            for packet in container.demux(stream):
                if self._closed.is_set():
                    return
                if packet.size:
                    self._take(reader, packet, paced)

    def _target(self, relays: "_Relays") -> tuple[str, dict[str, str]]:
        options = {"protocol_whitelist": _PROTOCOLS[self._url.scheme], "format_whitelist": _FORMATS}
        if self._path:
            if not self._policy.allow_files:
                raise AddressRefused("Không mở tệp trên máy chủ như một camera. Hãy nhập địa chỉ mạng của camera.")
            if not Path(self._path).is_file():
                raise SourceUnreadable(f"Không có tệp {self._path}. Hãy kiểm tra đường dẫn.")
            return f"file:{self._path}", options
        address, port = self._policy.resolve(self._url.host, self._url.port)[0], self._url.port
        scheme = self._url.scheme
        if scheme.startswith("http"):
            options |= {"max_redirects": "0", "headers": f"Host: {self._url.authority}\r\n"}
        elif scheme.startswith("rtsp"):
            options["rtsp_transport"] = "udp" if scheme == "rtsp+udp" else "tcp"
            scheme, address, port = "rtsp", "127.0.0.1", relays.open(address, port, tls=scheme == "rtsps")
        secret = f"{quote(self._url.user, safe='')}:{quote(self._url.password, safe='')}@" if self._url.user else ""
        host = f"[{address}]" if ":" in address else address
        return f"{scheme}://{secret}{host}:{port}{self._url.path}", options

    def _take(self, reader: "_Bitstream", packet: _Packet, paced: "_Pace | None") -> None:
        try:
            unit = reader.unit(packet, self._clock.now())
        except BitstreamError:
            unit = None
        if paced is not None and unit is not None:
            paced.wait(unit.pts)
        with self._lock:
            if self._closed.is_set():
                return
            if unit is None:
                reader.await_key = True
                self._sink.lost(1)
                return
            self._deliver(reader, unit)

    def _deliver(self, reader: "_Bitstream", unit: AccessUnit) -> None:
        if reader.await_key and not unit.key:
            return
        if unit.key and reader.changed:
            try:
                self._sink.parameters(reader.announce())
            except BitstreamError:
                return
        reader.await_key = False
        unit.arrived_at = self._clock.now()
        self._sink.access_unit(unit)


class _Relays:
    """The relay of a source, if it has one, so that it ends with it."""

    def __init__(self) -> None:
        self._relay: Relay | None = None

    def open(self, address: str, port: int, *, tls: bool) -> int:
        """Connect to the camera and say on which port of loopback it can be reached."""
        self._relay = Relay(address, port, tls=tls)
        return self._relay.port

    def close(self) -> None:
        """End it."""
        if self._relay is not None:
            self._relay.close()


class _Bitstream:
    """Packets of the libraries, in either framing, into access units."""

    def __init__(self, codec: Codec, extradata: bytes) -> None:
        self.await_key = True
        self._syntax = SYNTAX[codec]
        self._sets = ParameterSetStore(codec)
        self._presentation = PresentationClock()
        self._length_bytes = 0
        if extradata[:1] == b"\1":
            at = 4 if codec is Codec.H264 else 21
            self._length_bytes = (extradata[at] & 3) + 1
            known = _configured(codec, extradata)
        else:
            known = list(annex_b_units(extradata))
        for nal in known:
            self._learn(nal)

    def unit(self, packet: _Packet, arrived_at: Instant) -> AccessUnit | None:
        """The access unit of `packet`, None where it is damaged; raises BitstreamError."""
        if packet.is_corrupt or packet.size > MAX_PACKET_BYTES:
            return None
        parts: list[bytes] = []
        key = packet.is_keyframe
        for nal in self._units(bytes(packet)):
            role = self._syntax.roles[nal[0]]
            if role == Role.PARAMETER_SET:
                self._learn(nal)
            elif role != Role.DROPPED:
                key = key or role == Role.KEY_SLICE
                parts += (len(nal).to_bytes(4, "big"), nal)
        sample = b"".join(parts)
        if not parts:
            return None
        return AccessUnit([sample], len(sample), self._presentation.ticks(_ticks(packet), arrived_at), key, arrived_at)

    @property
    def changed(self) -> bool:
        """Whether there are parameter sets that the sink does not know yet."""
        return self._sets.changed

    def announce(self) -> ParameterSets:
        """The sets in force, for the sink; raises BitstreamError while one is missing."""
        sets = self._sets.current()
        self._sets.changed = False
        return sets

    def _units(self, packet: bytes) -> Iterator[bytes]:
        return length_prefixed_units(packet, self._length_bytes) if self._length_bytes else annex_b_units(packet)

    def _learn(self, nal: bytes) -> None:
        if nal and self._syntax.roles[nal[0]] == Role.PARAMETER_SET:
            self._sets.take(nal)


class _Pace:
    """Files are read as fast as a camera would have sent them."""

    def __init__(self, clock: Clock, closed: threading.Event) -> None:
        self._clock = clock
        self._closed = closed
        self._began_at: int | None = None
        self._first_pts = 0

    def wait(self, pts: int) -> None:
        """Sleep until the picture at `pts` is due, or the source is closed."""
        now = self._clock.monotonic()
        if self._began_at is None:
            self._began_at, self._first_pts = now, pts
        due_at = self._began_at + (pts - self._first_pts) * SECOND // TICKS_PER_SECOND
        if due_at > now:
            self._closed.wait((due_at - now) / SECOND)


def _configured(codec: Codec, record: bytes) -> list[bytes]:
    if codec is Codec.H264:
        sps, pps = parse_avc_configuration(record)
        return sps + pps
    return [nal for nals in parse_hevc_configuration(record).values() for nal in nals]


def _ticks(packet: _Packet) -> int:
    stamp = packet.pts if packet.pts is not None else packet.dts
    if stamp is None or packet.time_base is None:
        raise BitstreamError("a packet without a time")
    return round(stamp * packet.time_base * TICKS_PER_SECOND)


def _named(error: av.FFmpegError) -> SourceError:
    if isinstance(error, av.HTTPUnauthorizedError):
        return RtspAuthenticationFailed("Nguồn hình không nhận tên hoặc mật khẩu. Hãy kiểm tra lại cả hai.")
    if isinstance(error, TimeoutError) or error.errno == _EXIT:
        return RtspTimeout("Nguồn hình không trả lời kịp. Hãy kiểm tra nguồn điện, dây mạng và địa chỉ.")
    if isinstance(error, EOFError):
        return CameraClosed("Nguồn hình đã hết. Hệ thống sẽ tự mở lại.")
    return SourceUnreadable(f"Không đọc được nguồn hình (mã lỗi {error.errno}). Hãy kiểm tra địa chỉ và thiết bị.")


_EXIT = av.error.tag_to_code(b"EXIT")  # the interrupt callback's time-out
