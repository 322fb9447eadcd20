"""Low-Latency HLS of a channel, for browsers without Media Source Extensions.

draft-pantos-hls-rfc8216bis: parts of about a third of a second, blocking playlist reload, preload hints.
A packager exists only while somebody asks for its playlist.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from binhyen.contracts import SECOND, Instant
from binhyen.media.live.channel import Channel, Frame
from binhyen.media.live.fragments import FramePacker, TimedFrame
from binhyen.media.packets import TICKS_PER_SECOND, ParameterSets

PART_TARGET_S = 0.34
SEGMENTS_KEPT = 7
SEGMENTS_WITH_PARTS = 3
SEGMENT_MIN_S = 1.0
SEGMENT_MAX_S = 30.0
TARGET_DURATION_LEAST_S = 2
WAIT_S = 6.0


class NotThere(LookupError):
    """The wanted part, segment or playlist is not there and did not come in time."""


@dataclass(slots=True)
class _Part:
    body: bytes
    duration_s: float
    independent: bool


@dataclass(slots=True)
class _Segment:
    number: int
    init: int
    started_at: Instant
    discontinuity: bool
    parts: list[_Part] = field(default_factory=list)

    @property
    def duration_s(self) -> float:
        return sum(part.duration_s for part in self.parts)


class Packager:
    """Cuts a channel's frames into parts and segments and writes the playlist."""

    def __init__(self, channel: Channel) -> None:
        self._packer = FramePacker()
        self._channel = channel
        self._inits: dict[int, bytes] = {}
        self._init = 0
        self._segments: list[_Segment] = []
        self._open: _Segment | None = None
        self._next_number = 0
        self._pending: list[Frame] = []
        self._target_s = TARGET_DURATION_LEAST_S
        self._changed = asyncio.Event()
        channel.on_parameters.append(self._parameters)
        channel.on_frame.append(self._frame)
        if channel.sets is not None:
            self._parameters(channel.sets)

    def close(self) -> None:
        """Stop listening to the channel."""
        self._channel.on_parameters.remove(self._parameters)
        self._channel.on_frame.remove(self._frame)

    async def playlist(self, number: int | None = None, part: int | None = None) -> str:
        """The playlist, once it holds segment `number` (and its part `part`) as a blocking reload asks (§6.2.5.2)."""
        await self._until(lambda: self._has(number, part))
        return self._written()

    async def init(self, number: int) -> bytes:
        """An init segment that the playlist names."""
        if number not in self._inits:
            raise NotThere(f"init {number}")
        return self._inits[number]

    async def segment(self, number: int) -> bytes:
        """A whole segment."""
        for segment in self._segments:
            if segment.number == number:
                return b"".join(part.body for part in segment.parts)
        raise NotThere(f"segment {number}")

    async def part(self, number: int, index: int) -> bytes:
        """A part; one that was only hinted at is waited for."""
        await self._until(lambda: self._find_part(number, index) is not None or self._passed(number))
        part = self._find_part(number, index)
        if part is None:
            raise NotThere(f"part {number}.{index}")
        return part.body

    def _parameters(self, sets: ParameterSets) -> None:
        self._close_segment(next_frame=None)
        self._init += 1
        self._inits[self._init] = self._packer.init(sets)

    def _frame(self, frame: Frame) -> None:
        if frame.key and self._segment_is_due(frame):
            self._close_segment(next_frame=frame)
            self._open = self._new_segment(frame)
        if self._open is None:
            return
        if self._pending and self._ticks_to(frame) > PART_TARGET_S * TICKS_PER_SECOND:
            self._close_part(self._pending_end(frame))
        self._pending.append(frame)
        if self._open.duration_s > SEGMENT_MAX_S:  # a camera that never sends a key frame must not fill memory
            self._close_segment(next_frame=None)

    def _segment_is_due(self, frame: Frame) -> bool:
        if self._open is None:
            return True
        length = self._open.duration_s + (frame.time.dts - self._pending[0].time.dts) / TICKS_PER_SECOND
        return length >= SEGMENT_MIN_S

    def _ticks_to(self, frame: Frame) -> int:
        """Length the open part would have with `frame` in it."""
        return frame.time.dts - self._pending[0].time.dts + self._channel.time.frame_ticks - 1

    def _new_segment(self, frame: Frame) -> _Segment:
        before = self._segments[-1].init if self._segments else self._init
        segment = _Segment(self._next_number, self._init, frame.arrived_at, before != self._init)
        self._next_number += 1
        return segment

    def _pending_end(self, next_frame: Frame | None) -> int:
        last = self._pending[-1].time.dts
        return last + self._channel.time.frame_ticks if next_frame is None else max(next_frame.time.dts, last + 1)

    def _close_part(self, end: int) -> None:
        assert self._open is not None  # noqa: S101  # both callers looked
        frames = self._pending
        ends = [frame.time.dts for frame in frames[1:]] + [end]
        samples = [
            TimedFrame(frame.payload, frame.time.dts, frame.time.pts, until - frame.time.dts, frame.key)
            for frame, until in zip(frames, ends, strict=True)
        ]
        duration_s = (end - frames[0].time.dts) / TICKS_PER_SECOND
        self._open.parts.append(_Part(self._packer.fragment(samples), duration_s, frames[0].key))
        self._pending = []
        self._tell()

    def _close_segment(self, next_frame: Frame | None) -> None:
        if self._open is None:
            return
        self._close_part(self._pending_end(next_frame))  # an open segment always has a frame in hand
        self._segments.append(self._open)
        self._target_s = max(self._target_s, round(self._open.duration_s + 0.5))
        self._open = None
        del self._segments[:-SEGMENTS_KEPT]
        used = {segment.init for segment in self._segments} | {self._init}
        self._inits = {number: body for number, body in self._inits.items() if number in used}
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _until(self, ready: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(WAIT_S):
                while not ready():
                    await self._changed.wait()
        except TimeoutError as error:
            raise NotThere("nothing came in time") from error

    def _has(self, number: int | None, part: int | None) -> bool:
        if number is None:
            return bool(self._segments) or bool(self._open and self._open.parts)
        if self._passed(number):
            return True
        return part is not None and self._find_part(number, part) is not None

    def _passed(self, number: int) -> bool:
        return bool(self._segments) and self._segments[-1].number >= number

    def _find_part(self, number: int, index: int) -> _Part | None:
        shown = [*self._segments, self._open] if self._open else self._segments
        for segment in shown:
            if segment.number == number and index < len(segment.parts):
                return segment.parts[index]
        return None

    def _written(self) -> str:
        part_target = max(PART_TARGET_S, self._longest_part())
        first = self._segments[0].number if self._segments else self._next_number - 1
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:9",
            f"#EXT-X-TARGETDURATION:{self._target_s}",
            f"#EXT-X-PART-INF:PART-TARGET={part_target:.3f}",
            f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={3 * part_target:.3f}",
            f"#EXT-X-MEDIA-SEQUENCE:{max(0, first)}",
        ]
        shown = [*self._segments, self._open] if self._open else self._segments
        told_init = 0
        for segment in shown:
            lines += self._segment_lines(segment, with_init=segment.init != told_init)
            told_init = segment.init
        lines.append(self._hint())
        return "\n".join(lines) + "\n"

    def _longest_part(self) -> float:
        return max((p.duration_s for s in (*self._segments, self._open) if s for p in s.parts), default=0.0)

    def _segment_lines(self, segment: _Segment, *, with_init: bool) -> list[str]:
        lines = ["#EXT-X-DISCONTINUITY"] if segment.discontinuity else []
        if with_init:
            lines.append(f'#EXT-X-MAP:URI="init-{segment.init}.mp4"')
        lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{_iso(segment.started_at)}")
        if segment.number > self._next_number - 1 - SEGMENTS_WITH_PARTS:
            lines += [
                f'#EXT-X-PART:DURATION={part.duration_s:.5f},URI="part-{segment.number}-{index}.m4s"'
                + (",INDEPENDENT=YES" if part.independent else "")
                for index, part in enumerate(segment.parts)
            ]
        if segment is not self._open:
            lines += [f"#EXTINF:{segment.duration_s:.5f},", f"segment-{segment.number}.m4s"]
        return lines

    def _hint(self) -> str:
        number, index = (self._open.number, len(self._open.parts)) if self._open else (self._next_number, 0)
        return f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-{number}-{index}.m4s"'


def _iso(at: Instant) -> str:
    return datetime.fromtimestamp(at / SECOND, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
