"""A clip played for ever, once for all who watch it: packets are made once, patched and written per picture."""

import asyncio
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from binhyen.contracts import Clock
from binhyen.media.packets import TICKS_PER_SECOND
from binhyen.media.testcam.clip import Clip, ClipFrame
from binhyen.media.testcam.rtp import PackedFrame, Packing, aggregate, packetise

LATE_LIMIT_S = 2.0
"""Behind by more than this (a suspended machine), the clip jumps instead of flooding its readers."""


@dataclass(slots=True)
class Sending:
    """One picture on its way: interleaved packets with the timeline's own numbers already in them."""

    packets: bytes
    starts: list[int]
    sequence: int
    timestamp: int
    key: bool


class Listener(Protocol):
    """Who gets the pictures."""

    def deliver(self, sending: Sending) -> None: ...


@dataclass(slots=True)
class _PackedPicture:
    """`head` (parameter sets) goes before what the overlay draws, `body` after it."""

    head: PackedFrame
    body: PackedFrame


class Timeline:
    """Plays `clip` in an endless loop, `phase_s` seconds into it; `listeners` may come and go at any time."""

    def __init__(self, clip: Clip, packing: Packing, clock: Clock, *, phase_s: float = 0.0, ssrc: int = 1) -> None:
        self.clip = clip
        self.ssrc = ssrc
        self.listeners: set[Listener] = set()
        self._packing = packing
        self._clock = clock
        self._phase = round(phase_s * TICKS_PER_SECOND) % clip.duration
        self._sequence = 0
        self._pictures = [self._pack(frame) for frame in clip.frames]
        self._draw = clip.overlay.start() if clip.overlay else None

    async def run(self) -> None:
        """Send each picture when it is due; ends only by being cancelled."""
        loop = asyncio.get_running_loop()
        origin = loop.time() - self._phase / TICKS_PER_SECOND
        for index, ticks in self._schedule():
            ahead = origin + ticks / TICKS_PER_SECOND - loop.time()
            if ahead < -LATE_LIMIT_S:
                origin -= ahead
            await asyncio.sleep(max(ahead, 0))
            if self.listeners:
                self._send(index, ticks)

    def _schedule(self) -> Iterator[tuple[int, int]]:
        """(index of the picture, 90 kHz ticks since the start of the first round), without end."""
        dts = [frame.dts for frame in self.clip.frames]
        index, start = bisect_left(dts, self._phase), 0
        while True:
            for each in range(index, len(dts)):
                yield each, start + dts[each]
            index, start = 0, start + self.clip.duration

    def _pack(self, frame: ClipFrame) -> _PackedPicture:
        codec, sets = self.clip.codec, self.clip.parameter_sets if frame.key else ()
        if sets and self._packing.aggregate:
            sets = (aggregate(codec, sets),)
        body = frame.nals[1:] if self.clip.overlay else frame.nals
        head = packetise(codec, sets, self._packing, ends_picture=False)
        return _PackedPicture(head, packetise(codec, body, self._packing, ends_picture=True))

    def _send(self, index: int, ticks: int) -> None:
        frame, picture = self.clip.frames[index], self._pictures[index]
        parts = [picture.head, picture.body]
        if self._draw is not None:
            drawn = (self._draw(index, self._clock.now()),)
            parts.insert(1, packetise(self.clip.codec, drawn, self._packing, ends_picture=False))
        timestamp = (ticks - frame.dts + frame.pts) & 0xFFFFFFFF
        first, starts, length = self._sequence, [], 0
        for part in parts:
            self._sequence = part.stamp(self._sequence, timestamp, self.ssrc)
            starts += [length + at for at in part.starts]
            length += len(part.buffer)
        sending = Sending(b"".join([part.buffer for part in parts]), starts, first, timestamp, frame.key)
        for listener in tuple(self.listeners):
            listener.deliver(sending)
