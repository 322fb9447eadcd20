"""A clip held in memory as coded pictures, ready to be sent again and again without touching a pixel."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import av

from binhyen.contracts import Instant
from binhyen.media.packets import TICKS_PER_SECOND, Codec

PARAMETER_TYPES = {Codec.H264: (7, 8), Codec.H265: (32, 33, 34)}
DROPPED_TYPES = {Codec.H264: (9, 12), Codec.H265: (35, 38)}  # delimiters, filler; SEI may say where to begin


class ClipError(ValueError):
    """The file cannot be played by a simulated camera; the message says why."""


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """One coded picture: times in 90 kHz ticks from the start of the clip, NAL units without parameter sets."""

    dts: int
    pts: int
    key: bool
    nals: tuple[bytes, ...]


class Overlay(Protocol):
    """Replaces the first NAL unit of every picture by one drawn at the moment it is sent."""

    def start(self) -> Callable[[int, Instant], bytes]:
        """A function from (index of the frame, wall clock) to a NAL unit; called once per frame, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Clip:
    """Coded pictures in decoding order. `parameter_sets` are sent before each key picture."""

    name: str
    codec: Codec
    width: int
    height: int
    parameter_sets: tuple[bytes, ...]
    frames: tuple[ClipFrame, ...]
    duration: int  # 90 kHz ticks until the first picture comes again
    overlay: Overlay | None = None

    @property
    def frames_per_second(self) -> float:
        return len(self.frames) * TICKS_PER_SECOND / self.duration


def nal_type(codec: Codec, nal: bytes) -> int:
    """`nal_unit_type` (H.264 §7.3.1, H.265 §7.3.1.2)."""
    return nal[0] & 31 if codec is Codec.H264 else (nal[0] >> 1) & 63


def read_clip(path: Path) -> Clip:
    """The H.264 or H.265 pictures of `path`; raises ClipError when it has none."""
    try:
        with av.open(str(path)) as container:
            return _read(path, container)
    except (av.error.FFmpegError, OSError) as error:
        raise ClipError(f"Không đọc được clip {path.name}: {error}") from error


def coding_of(path: Path) -> str:
    """FFmpeg's name of the video coding in `path`; "" when it has no picture."""
    try:
        with av.open(str(path)) as container:
            return str(container.streams.video[0].codec_context.name) if container.streams.video else ""
    except (av.error.FFmpegError, OSError) as error:
        raise ClipError(f"Không đọc được clip {path.name}: {error}") from error


def _read(path: Path, container: "av.container.InputContainer") -> Clip:
    if not container.streams.video:
        raise ClipError(f"Clip {path.name} không có hình")
    stream = container.streams.video[0]
    try:
        codec = {"h264": Codec.H264, "hevc": Codec.H265}[stream.codec_context.name]
    except KeyError:
        raise ClipError(f"Clip {path.name} dùng mã {stream.codec_context.name}; cần H.264 hoặc H.265") from None
    parameter_sets, length_size = _extradata(codec, bytes(stream.codec_context.extradata or b""))
    ticks = float(stream.time_base or 0) * TICKS_PER_SECOND
    frames: list[ClipFrame] = []
    for packet in container.demux(stream):
        if packet.size and packet.dts is not None and packet.pts is not None:
            nals = tuple(_picture(codec, bytes(packet), length_size))
            frames.append(ClipFrame(round(packet.dts * ticks), round(packet.pts * ticks), packet.is_keyframe, nals))
    if len(frames) < 2 or not frames[0].key or not parameter_sets:
        raise ClipError(f"Clip {path.name} không có khung hình nào phát được")
    size = stream.codec_context
    return make_clip(path.stem, codec, (size.width, size.height), parameter_sets, frames)


def make_clip(
    name: str, codec: Codec, size: tuple[int, int], parameter_sets: tuple[bytes, ...], frames: list[ClipFrame]
) -> Clip:
    """A clip from its pictures; times are moved so that the first is decoded at 0."""
    origin = frames[0].dts
    moved = tuple(ClipFrame(f.dts - origin, f.pts - origin, f.key, f.nals) for f in frames)
    mean = moved[-1].dts / (len(moved) - 1)
    return Clip(name, codec, *size, parameter_sets, moved, round(moved[-1].dts + mean))


def _picture(codec: Codec, packet: bytes, length_size: int) -> Iterator[bytes]:
    left_out = PARAMETER_TYPES[codec] + DROPPED_TYPES[codec]
    for nal in _split(packet, length_size):
        if nal and nal_type(codec, nal) not in left_out:
            yield nal


def _split(packet: bytes, length_size: int) -> Iterator[bytes]:
    if not length_size:
        yield from split_annex_b(packet)
        return
    at = 0
    while at + length_size <= len(packet):
        length = int.from_bytes(packet[at : at + length_size], "big")
        yield packet[at + length_size : at + length_size + length]
        at += length_size + length


def split_annex_b(stream: bytes) -> Iterator[bytes]:
    """NAL units between start codes (H.264 Annex B)."""
    for piece in stream.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1"):
        if piece:
            yield piece


def _extradata(codec: Codec, extradata: bytes) -> tuple[tuple[bytes, ...], int]:
    """Parameter sets and size of the NAL length field (0 for Annex B)."""
    if not extradata or extradata[0] != 1:
        wanted = PARAMETER_TYPES[codec]
        return tuple(nal for nal in split_annex_b(extradata) if nal_type(codec, nal) in wanted), 0
    return _avc_configuration(extradata) if codec is Codec.H264 else _hevc_configuration(extradata)


def _avc_configuration(box: bytes) -> tuple[tuple[bytes, ...], int]:
    """ISO/IEC 14496-15 §5.3.3.1."""
    sets, at, count = [], 6, box[5] & 31
    for _ in range(2):
        for _ in range(count):
            length = int.from_bytes(box[at : at + 2], "big")
            sets.append(box[at + 2 : at + 2 + length])
            at += 2 + length
        count, at = (box[at], at + 1) if at < len(box) else (0, at)
    return tuple(sets), (box[4] & 3) + 1


def _hevc_configuration(box: bytes) -> tuple[tuple[bytes, ...], int]:
    """ISO/IEC 14496-15 §8.3.3.1."""
    sets, at = [], 23
    for _ in range(box[22]):
        kind, count = box[at] & 63, int.from_bytes(box[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            length = int.from_bytes(box[at : at + 2], "big")
            if kind in PARAMETER_TYPES[Codec.H265]:
                sets.append(box[at + 2 : at + 2 + length])
            at += 2 + length
    return tuple(sets), (box[21] & 3) + 1
