"""Reading back what was written, up to the last byte that is whole.

A recorder may die at any byte. `scan` never raises over what a file holds: it says how long the good prefix is and
what lies in it, reading headers only, never picture bytes.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from operator import add
from pathlib import Path
from typing import BinaryIO, NamedTuple

from binhyen.contracts import Instant
from binhyen.media.codec import BitstreamError, build_parameter_sets, h265
from binhyen.media.fmp4.init import parse_avc_configuration, parse_hevc_configuration
from binhyen.media.fmp4.wall_clock import instant_from_ntp
from binhyen.media.packets import TICKS_PER_SECOND, Codec, ParameterSets

MAX_HEADER_BYTES = 4 << 20
"""Bound of a `moov` or `moof` that is read into memory: an hour at 60 frames/s takes 3.5 MB."""

_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"})
_DELTA_SAMPLE = 0x00010000
_VISUAL_ENTRY_BYTES = 78


class FragmentError(ValueError):
    """A box is not what the format says."""


class Box(NamedTuple):
    """Where a box lies: [start, end) with its payload from `body`."""

    kind: bytes
    start: int
    body: int
    end: int


class ScannedSample(NamedTuple):
    """A picture in a file: byte `offset` in the file, times in ticks of the file."""

    offset: int
    size: int
    decode_time: int
    presentation_time: int
    duration: int
    key: bool


class SampleTable(NamedTuple):
    """What a fragment's header says of its pictures, one number each; `offsets` is empty where none is reordered."""

    durations: tuple[int, ...]
    sizes: tuple[int, ...]
    flags: tuple[int, ...]
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScannedFragment:
    """One fragment: bytes [start, end) of the file, its `moof` at `moof_start`, its pictures from `payload_start`.

    `decode_time` is that of its first picture. `wall_clock` is the instant of media time `wall_clock_media_time`, where
    the file says it. Most readers want no single picture, so `samples` are only made when asked for.
    """

    start: int
    moof_start: int
    payload_start: int
    end: int
    sequence: int
    decode_time: int
    table: SampleTable = field(repr=False)
    wall_clock: Instant | None = None
    wall_clock_media_time: int = 0

    @property
    def samples(self) -> tuple[ScannedSample, ...]:
        """Its pictures, in the order in which they are decoded."""
        places = accumulate(self.table.sizes, initial=self.payload_start)
        keys = [not flags & _DELTA_SAMPLE for flags in self.table.flags]
        columns = (places, self.table.sizes, self._decoded(), self._shown(), self.table.durations, keys)
        return tuple(map(ScannedSample, *columns))

    @property
    def key(self) -> bool:
        """Whether a player may start here."""
        return not self.table.flags[0] & _DELTA_SAMPLE

    @property
    def start_time(self) -> int:
        """Earliest presentation time in ticks."""
        return min(self._shown()) if self.table.offsets else self.decode_time

    @property
    def end_time(self) -> int:
        """When the last picture ends, in ticks."""
        if not self.table.offsets:
            return self.decode_time + sum(self.table.durations)
        ends: Iterator[int] = map(add, self._shown(), self.table.durations)
        return max(ends)

    def _decoded(self) -> list[int]:
        return list(accumulate(self.table.durations[:-1], initial=self.decode_time))

    def _shown(self) -> list[int]:
        return list(map(add, self._decoded(), self.table.offsets)) if self.table.offsets else self._decoded()


@dataclass(frozen=True, slots=True)
class Scan:
    """What is whole in a file: `good_bytes` from its start; `trouble` says why it ends there, if before the end."""

    parameters: ParameterSets | None
    timescale: int
    init_bytes: int
    fragments: tuple[ScannedFragment, ...]
    good_bytes: int
    trouble: str = ""


def scan_file(path: Path) -> Scan:
    """`scan` of the file at `path`; OSError where it cannot be read."""
    with path.open("rb") as file:
        return scan(file)


def scan(file: BinaryIO) -> Scan:
    """Parameter sets and fragments of `file`, from its first byte to the last whole fragment."""
    return _Scanner(file).run()


def read_boxes(payload: bytes | bytearray | memoryview, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes that lie side by side in `payload[start:end]`; FragmentError where one does not fit."""
    end = len(payload) if end is None else end
    while start < end:
        found = _box_at(payload[start : start + 16], start, end)
        if found is None:
            raise FragmentError(f"a box at byte {start} does not fit")
        yield found
        start = found.end


def payload_is_sound(file: BinaryIO, fragment: ScannedFragment) -> bool:
    """Whether the picture bytes are NAL units whose lengths add up: a power cut may leave zeros of the right size."""
    file.seek(fragment.payload_start)
    payload = file.read(fragment.end - fragment.payload_start)
    at = 0
    for sample in fragment.samples:
        at = sample.offset - fragment.payload_start
        end = at + sample.size
        while at < end:
            size = int.from_bytes(payload[at : at + 4], "big")
            if size == 0 or at + 4 + size > end:
                return False
            at += 4 + size
    return True


def _box_at(head: bytes | bytearray | memoryview, start: int, limit: int) -> Box | None:
    """The box whose first bytes are `head`, or None if it is cut off by `limit` or is none."""
    if len(head) < 8:
        return None
    size, kind = struct.unpack_from(">I4s", head)
    body = 8
    if size == 1 and len(head) == 16:
        (size,) = struct.unpack_from(">Q", head, 8)
        body = 16
    if size < body or start + size > limit:
        return None
    return Box(kind, start, start + body, start + size)


class _Scanner:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._length = file.seek(0, io.SEEK_END)
        self._parameters: ParameterSets | None = None
        self._timescale = TICKS_PER_SECOND
        self._init_bytes = 0
        self._fragments: list[ScannedFragment] = []
        self._good = 0

    def run(self) -> Scan:
        try:
            trouble = self._walk()
        except (FragmentError, BitstreamError) as error:
            trouble = str(error)
        return Scan(self._parameters, self._timescale, self._init_bytes, tuple(self._fragments), self._good, trouble)

    def _walk(self) -> str:
        at = 0
        start: int | None = None  # of the fragment in hand: its prft, or its moof where there is none
        clock: tuple[Instant, int] | None = None
        moof: Box | None = None
        while at < self._length:
            found = self._next(at)
            if found is None:
                return f"the box at byte {at} is cut off"
            at = found.end
            if found.kind == b"moov":
                self._read_moov(found)
            elif found.kind == b"prft":
                clock, start = _wall_clock(self._read(found)), found.start
            elif found.kind == b"moof":
                moof, start = found, found.start if start is None else start
            elif found.kind == b"mdat":
                self._take(start, moof, found, clock)
                start = clock = moof = None
            if start is None and self._parameters is not None:
                self._good = at
        return "" if start is None and self._parameters is not None else "the file ends inside a fragment or before one"

    def _next(self, at: int) -> Box | None:
        self._file.seek(at)
        return _box_at(self._file.read(16), at, self._length)

    def _read(self, found: Box) -> bytes:
        if found.end - found.start > MAX_HEADER_BYTES:
            raise FragmentError(f"{found.kind!r} at byte {found.start} is too large")
        self._file.seek(found.start)
        return self._file.read(found.end - found.start)

    def _read_moov(self, found: Box) -> None:
        leaves = _leaves(self._read(found))
        self._parameters = _parameters(leaves.get(b"stsd", b""))
        header = leaves.get(b"mdhd", b"")
        at = 20 if header[:1] == b"\1" else 12
        self._timescale = int.from_bytes(header[at : at + 4], "big") or TICKS_PER_SECOND
        self._init_bytes = found.end

    def _take(self, start: int | None, moof: Box | None, mdat: Box, clock: tuple[Instant, int] | None) -> None:
        if moof is None or start is None or self._parameters is None:
            raise FragmentError(f"picture bytes at {mdat.start} without a header before them")
        sequence, decode_time, table = _samples(_leaves(self._read(moof)), moof.start, mdat)
        wall_clock, media_time = clock if clock else (None, 0)
        self._fragments.append(
            ScannedFragment(
                start, moof.start, mdat.body, mdat.end, sequence, decode_time, table, wall_clock, media_time
            )
        )


def _leaves(payload: bytes) -> dict[bytes, bytes]:
    """Payloads of all boxes in `payload` that hold no others; the first of each type."""
    found: dict[bytes, bytes] = {}
    waiting = [(0, len(payload))]
    while waiting:
        start, end = waiting.pop()
        for each in read_boxes(payload, start, end):
            if each.kind in _CONTAINERS:
                waiting.append((each.body, each.end))
            else:
                found.setdefault(each.kind, payload[each.body : each.end])
    return found


def _parameters(stsd: bytes) -> ParameterSets:
    for entry in read_boxes(stsd, 8):
        if entry.kind not in (b"avc1", b"hvc1"):
            continue
        for each in read_boxes(stsd, entry.body + _VISUAL_ENTRY_BYTES, entry.end):
            record = stsd[each.body : each.end]
            if each.kind == b"avcC":
                sps, pps = parse_avc_configuration(record)
                return build_parameter_sets(Codec.H264, sps=sps, pps=pps)
            if each.kind == b"hvcC":
                nals = parse_hevc_configuration(record)
                vps, sps, pps = (nals.get(kind, []) for kind in (h265.VPS, h265.SPS, h265.PPS))
                return build_parameter_sets(Codec.H265, vps=vps, sps=sps, pps=pps)
    raise FragmentError("no H.264 or H.265 track")


def _wall_clock(prft: bytes) -> tuple[Instant, int]:
    long_time = prft[8:9] == b"\1"
    if len(prft) < (32 if long_time else 28):
        raise FragmentError("prft is too short")
    timestamp, media_time = struct.unpack_from(">QQ" if long_time else ">QI", prft, 16)
    return instant_from_ntp(timestamp), media_time


def _samples(leaves: dict[bytes, bytes], moof_start: int, mdat: Box) -> tuple[int, int, SampleTable]:
    """Sequence number, time of the first picture, and the table of all."""
    try:
        (sequence,) = struct.unpack_from(">I", leaves[b"mfhd"], 4)
        (decode_time,) = struct.unpack_from(">Q" if leaves[b"tfdt"][0] else ">I", leaves[b"tfdt"], 4)
        flags, count, data_offset = struct.unpack_from(">IIi", leaves[b"trun"])
        reordered = flags & 0x800 != 0
        if flags & 0x701 != 0x701 or not count:
            raise FragmentError("trun lacks a field that this product always writes")
        numbers = struct.unpack_from(f">{count * (4 if reordered else 3)}I", leaves[b"trun"], 12)
    except (KeyError, IndexError, struct.error) as error:
        raise FragmentError(f"the header at byte {moof_start} is incomplete") from error
    table = _columns(numbers, 4) if reordered else _columns(numbers, 3)
    if moof_start + data_offset != mdat.body or mdat.body + sum(table.sizes) != mdat.end:
        raise FragmentError(f"the samples do not fill the picture bytes at {mdat.start}")
    return sequence, decode_time, table


def _columns(numbers: tuple[int, ...], step: int) -> SampleTable:
    signed = [number - (number >> 31 << 32) for number in numbers[3::step]] if step == 4 else []
    return SampleTable(numbers[0::step], numbers[1::step], numbers[2::step], tuple(signed))
