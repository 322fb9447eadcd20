"""Movie fragments: one `moof` and one `mdat`, with the wall clock in a `prft` before them.

Presentation times are kept exactly. Cameras do not send decoding times; within a group of pictures they are
the presentation times in ascending order, earlier by the largest reordering seen, so that the n-th picture
decoded has the n-th time and none is shown before it is decoded. This is right for B frames, open groups and
variable frame rates. Offsets are written signed (ISO/IEC 14496-12 clause 8.8.8, `trun` version 1) for the rare
group that reorders more than all before it; libavformat shifts such pictures, so they are avoided otherwise.
"""

import heapq
import operator
import struct
from collections.abc import Sequence
from typing import NamedTuple

from binhyen.contracts import Instant
from binhyen.media.fmp4.boxes import full_box
from binhyen.media.fmp4.init import TRACK_ID, init_segment
from binhyen.media.fmp4.wall_clock import ntp_from_instant
from binhyen.media.packets import TICKS_PER_SECOND, AccessUnit, ParameterSets

KEY_SAMPLE = 0x02000000  # sample_depends_on 2: on no other
DELTA_SAMPLE = 0x01010000  # depends on others, is no sync sample
DEFAULT_FRAME_TICKS = TICKS_PER_SECOND // 15
LONGEST_FRAME_TICKS = 60 * TICKS_PER_SECOND

_DEFAULT_BASE_IS_MOOF = 0x020000
_TRUN_FLAGS = 0x701  # data offset, sample duration, size, flags
_TRUN_OFFSETS = 0x800
_PRFT_ARBITRARY_CONSISTENT = 8  # ISO/IEC 14496-12 clause 8.16.5: the time of arrival, not of capture
_MAX_MDAT = (1 << 32) - 9


class Sample(NamedTuple):
    """One picture of a fragment: size in bytes, times in 90 kHz ticks, `offset` is presentation minus decoding."""

    size: int
    duration: int
    offset: int
    key: bool


def fragment_header(
    sequence: int, base_decode_time: int, samples: Sequence[Sample], wall_clock: Instant | None = None
) -> bytes:
    """Everything of a fragment before its picture bytes: [prft] moof and the head of mdat.

    `wall_clock` is the time of the first sample's presentation time.
    """
    size = sum(sample.size for sample in samples)
    if size > _MAX_MDAT:
        raise ValueError(f"a fragment of {size} bytes; at most {_MAX_MDAT}")
    prft = b"" if wall_clock is None else _prft(wall_clock, base_decode_time + samples[0].offset)
    moof = _moof(sequence, base_decode_time, samples)
    return b"".join((prft, moof, struct.pack(">I4s", size + 8, b"mdat")))


def fragment(
    sequence: int,
    base_decode_time: int,
    samples: Sequence[Sample],
    parts: Sequence[bytes],
    wall_clock: Instant | None = None,
) -> bytes:
    """A whole fragment; `parts` concatenated are the samples' bytes in decoding order."""
    return b"".join((fragment_header(sequence, base_decode_time, samples, wall_clock), *parts))


def decode_times(presentation: Sequence[int], after: int) -> list[int]:
    """A decoding time for each picture, strictly ascending and all later than `after`.

    Only where a group was cut in two, or a camera repeats a timestamp, do they leave the presentation times.
    """
    times = []
    for ticks in sorted(presentation):
        after = max(ticks, after + 1)
        times.append(after)
    return times


def _prft(wall_clock: Instant, media_time: int) -> bytes:
    fields = struct.pack(">IQQ", TRACK_ID, ntp_from_instant(wall_clock), max(0, media_time))
    return full_box(b"prft", 1, _PRFT_ARBITRARY_CONSISTENT, fields)


def _moof(sequence: int, base_decode_time: int, samples: Sequence[Sample]) -> bytes:
    count = len(samples)
    reordered = any(sample.offset for sample in samples)
    entry_bytes = 16 if reordered else 12
    fields: list[int] = []
    for size, duration, offset, key in samples:
        fields += (duration, size, KEY_SAMPLE if key else DELTA_SAMPLE)
        if reordered:
            fields.append(offset & 0xFFFFFFFF)
    trun_bytes = 20 + entry_bytes * count
    traf_bytes = 8 + 16 + 20 + trun_bytes
    moof_bytes = 8 + 16 + traf_bytes
    version_and_flags = 1 << 24 | _TRUN_FLAGS | (_TRUN_OFFSETS if reordered else 0)
    return struct.pack(
        f">I4sI4sIII4sI4sIII4sIQI4sIIi{len(fields)}I",
        moof_bytes, b"moof", 16, b"mfhd", 0, sequence,
        traf_bytes, b"traf", 16, b"tfhd", _DEFAULT_BASE_IS_MOOF, TRACK_ID, 20, b"tfdt", 1 << 24, base_decode_time,
        trun_bytes, b"trun", version_and_flags, count, moof_bytes + 8, *fields,
    )  # fmt: skip


class Fragmenter:
    """Access units of one connection and one set of parameters into the fragments of one file or player.

    Media time starts at 0 with the decoding of the first picture, or at `origin` (the `pts` that becomes 0)
    where given.
    """

    __slots__ = (
        "_delay", "_last_decode_time", "_last_duration", "_reorder_frames", "_waiting", "init", "origin", "sequence"
    )  # fmt: skip

    def __init__(self, sets: ParameterSets, *, origin: int | None = None) -> None:
        self.init = init_segment(sets)
        self.origin = origin
        self.sequence = 0
        self._reorder_frames = sets.reorder_frames
        self._delay = 0
        self._waiting: list[int] = []
        self._last_decode_time = -1
        self._last_duration = DEFAULT_FRAME_TICKS

    def media_time(self, pts: int) -> int:
        """`pts` of the connection in ticks of this file; known once the first fragment is made."""
        return pts - (self.origin or 0)

    def fragment(
        self, units: Sequence[AccessUnit], *, next_pts: int | None = None, wall_clock: Instant | None = None
    ) -> bytes:
        """The next fragment, of one access unit or many.

        `next_pts` is the picture that follows, which tells how long the last one is shown; `wall_clock` is
        the time of the first unit.
        """
        samples, base = self._timed(units, next_pts)
        self.sequence += 1
        header = fragment_header(self.sequence, base, samples, wall_clock)
        return b"".join([header, *(part for unit in units for part in unit.parts)])

    def _timed(self, units: Sequence[AccessUnit], next_pts: int | None) -> tuple[list[Sample], int]:
        shown = [unit.pts for unit in units]
        alone = len(units) == 1 and self._reorder_frames > 0
        due, origin = self._due_alone(shown[0]) if alone else self._due_together(shown)
        decoded = decode_times([ticks - origin for ticks in due], self._last_decode_time)
        self._last_decode_time = decoded[-1]
        durations = list(map(operator.sub, decoded[1:], decoded))
        in_order = not self._delay and not self._waiting
        durations.append(self._last_sample_duration(shown[-1], next_pts if in_order else None, durations))
        samples = [
            Sample(unit.size, duration, unit.pts - origin - decode_time, unit.key)
            for unit, duration, decode_time in zip(units, durations, decoded, strict=True)
        ]
        return samples, decoded[0]

    def _due_together(self, shown: list[int]) -> tuple[list[int], int]:
        """When each picture of a group is decoded: all are known, so the delay is what is needed and no more."""
        due = sorted(shown)
        reordering = 0 if due == shown else max(map(operator.sub, due, shown))
        if self.origin is None:
            self.origin = due[0] - reordering
        self._delay = max(self._delay, reordering)
        return [ticks - self._delay for ticks in due], self.origin

    def _due_alone(self, shown: int) -> tuple[list[int], int]:
        """When a picture is decoded whose followers are not known: as late as the parameter sets allow."""
        if not self._waiting:
            self._waiting = [shown - n * DEFAULT_FRAME_TICKS for n in range(self._reorder_frames, 0, -1)]
            if self.origin is None:
                self.origin = self._waiting[0]
        return [heapq.heappushpop(self._waiting, shown)], self.origin or 0

    def _last_sample_duration(self, shown: int, next_pts: int | None, durations: list[int]) -> int:
        """Until the next picture; where groups may overlap in time (B frames), as long as the one before."""
        if next_pts is not None and 0 < next_pts - shown <= LONGEST_FRAME_TICKS:
            self._last_duration = next_pts - shown
        elif durations:
            self._last_duration = durations[-1]
        return self._last_duration
