"""Session descriptions (RFC 4566) as cameras write them: which track is video and how it is sent."""

import base64
import binascii
import re
from dataclasses import dataclass, field

from binhyen.media.codec import BitstreamError, ParameterSetStore
from binhyen.media.packets import TICKS_PER_SECOND, Codec
from binhyen.media.sources.errors import RtspGarbage, RtspUnsupported, quoted

_MAX_LINES = 2000
_RTPMAP = re.compile(r"(\d+)\s+([^/\s]+)/(\d+)")
_CODECS = {"H264": Codec.H264, "H265": Codec.H265, "HEVC": Codec.H265}
_STATIC_NAMES = {"26": "JPEG", "31": "H261", "32": "MPV", "33": "MP2T", "34": "H263"}
_SPROPS = ("sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps")


@dataclass(slots=True)
class Track:
    """One `m=` section."""

    kind: str
    payload_types: list[str]
    control: str = ""
    rtpmaps: dict[str, tuple[str, int]] = field(default_factory=dict)
    formats: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The track that is recorded. `control` and `session_control` are as written; `clock_rate` in ticks per second."""

    codec: Codec
    payload_type: int
    clock_rate: int
    control: str
    session_control: str
    parameter_sets: tuple[bytes, ...]


def parse_sdp(text: str) -> tuple[str, list[Track]]:
    """(session-level control, tracks); lines that are not understood are skipped."""
    session_control = ""
    tracks: list[Track] = []
    for line in text.splitlines()[:_MAX_LINES]:
        kind, _, value = line.strip().partition("=")
        if kind == "m":
            words = value.split()
            tracks.append(Track(words[0].lower() if words else "", words[3:]))
        elif kind == "a":
            name, _, rest = value.partition(":")
            if name.lower() == "control" and not tracks:
                session_control = rest.strip()
            elif tracks:
                _read_attribute(tracks[-1], name.lower(), rest.strip())
    return session_control, tracks


def find_video(text: str) -> VideoTrack:
    """The first H.264 or H.265 track; raises RtspUnsupported naming what is offered instead, or RtspGarbage."""
    session_control, tracks = parse_sdp(text)
    videos = [track for track in tracks if track.kind == "video"]
    if not videos:
        raise RtspGarbage("Camera không mô tả luồng hình nào. Hãy kiểm tra đường dẫn sau địa chỉ camera.")
    for track in videos:
        for payload_type in track.payload_types:
            name, rate = track.rtpmaps.get(payload_type, ("", 0))
            codec = _CODECS.get(name.upper())
            if codec is not None and payload_type.isdigit():
                return _video(codec, track, payload_type, rate, session_control)
    offered = sorted({name for track in videos for name in _names(track)})
    raise RtspUnsupported(
        f"Camera phát mã hình {quoted(', '.join(offered)) or 'không rõ'}, không ghi thẳng được. "
        "Hãy chọn H.264 hoặc H.265 trong cài đặt camera."
    )


def _names(track: Track) -> list[str]:
    return [track.rtpmaps.get(pt, (_STATIC_NAMES.get(pt, pt), 0))[0] for pt in track.payload_types]


def _video(codec: Codec, track: Track, payload_type: str, rate: int, session_control: str) -> VideoTrack:
    parameters = track.formats.get(payload_type, {})
    if parameters.get("packetization-mode") == "2" or parameters.get("sprop-max-don-diff", "0") != "0":
        raise RtspUnsupported("Camera gửi gói tin đan xen (interleaved), không ghi được. Hãy tắt chế độ này ở camera.")
    sets = _decoded_sets(codec, parameters)
    clock_rate = rate if rate > 0 else TICKS_PER_SECOND
    return VideoTrack(codec, int(payload_type) & 127, clock_rate, track.control, session_control, sets)


def _decoded_sets(codec: Codec, parameters: dict[str, str]) -> tuple[bytes, ...]:
    """Sets from `sprop-…` without those that are none: many cameras write them wrongly and send right ones in band."""
    store = ParameterSetStore(codec)
    sound = []
    for item in ",".join(parameters.get(name, "") for name in _SPROPS).split(","):
        try:
            nal = base64.b64decode(item + "=" * (-len(item) % 4)).rstrip(b"\0")
            store.take(nal)
        except (binascii.Error, ValueError, BitstreamError):
            continue
        sound.append(nal)
    return tuple(sound)


def _read_attribute(track: Track, name: str, value: str) -> None:
    if name == "control":
        track.control = value
    elif name == "rtpmap" and (match := _RTPMAP.match(value)):
        track.rtpmaps[match[1]] = match[2], int(match[3][:9])
    elif name == "fmtp":
        payload_type, _, rest = value.partition(" ")
        pairs = (item.partition("=") for item in rest.split(";"))
        track.formats[payload_type] = {key.strip().lower(): each.strip() for key, _, each in pairs}
