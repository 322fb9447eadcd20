"""Times of live frames: one continuous media time line for a stream that may reconnect."""

import heapq
import itertools
from collections import deque
from dataclasses import dataclass

from binhyen.contracts import SECOND, Instant
from binhyen.media.packets import TICKS_PER_SECOND

FIRST_GUESS_TICKS = TICKS_PER_SECOND // 15
SHORTEST_DURATION_TICKS = TICKS_PER_SECOND // 5
LONGEST_FRAME_TICKS = TICKS_PER_SECOND * 2
JUMP_TICKS = TICKS_PER_SECOND * 5
REMEMBERED_STEPS = 30


@dataclass(frozen=True, slots=True)
class FrameTime:
    """When to decode and show one frame, in 90 kHz ticks of the channel's own time line."""

    dts: int
    pts: int
    duration: int

    @property
    def media_time_s(self) -> float:
        return self.pts / TICKS_PER_SECOND


class TimeLine:
    """Gives frames, in decoding order, decoding times that grow and never jump back.

    A frame must not wait for the next one to learn its duration, and MSE drops everything up to the next
    key frame when a frame comes more than two durations after the one before (Media Source Extensions §3.5.8).
    So the duration told is the longest recent step and never short: harmless, because frames may overlap.
    """

    def __init__(self, reorder_frames: int = 0) -> None:
        self._reorder = reorder_frames
        self._waiting: list[int] = []
        self._steps: deque[int] = deque((FIRST_GUESS_TICKS,), maxlen=REMEMBERED_STEPS)
        self._offset: int | None = None
        self._last_pts = 0
        self._last_dts = -1
        self._last_arrival = Instant(0)

    @property
    def frame_ticks(self) -> int:
        """Typical step between two frames: the median of the recent ones."""
        ordered = sorted(self._steps)
        return ordered[len(ordered) // 2]

    def restart(self, reorder_frames: int) -> None:
        """Parameters changed: what waits in the reorder queue belongs to the old stream."""
        self._reorder = reorder_frames
        self._waiting.clear()

    def place(self, pts: int, arrived_at: Instant) -> FrameTime:
        """Times of the next frame in decoding order; `pts` is the camera's own, 90 kHz."""
        if self._offset is None or self._jumped(pts, arrived_at):
            self._rebase(pts, arrived_at)
        shown = pts + (self._offset or 0)
        self._learn_step(shown)
        self._last_arrival = arrived_at
        self._last_pts = shown
        dts = max(self._decode_time(shown), self._last_dts + 1)
        self._last_dts = dts
        duration = min(max(max(self._steps), SHORTEST_DURATION_TICKS), LONGEST_FRAME_TICKS)
        return FrameTime(dts, max(shown, dts), duration)

    def _decode_time(self, shown: int) -> int:
        heapq.heappush(self._waiting, shown)
        if len(self._waiting) > self._reorder:
            return heapq.heappop(self._waiting)
        missing = self._reorder + 1 - len(self._waiting)
        return self._waiting[0] - missing * self.frame_ticks

    def _jumped(self, pts: int, arrived_at: Instant) -> bool:
        moved = pts + (self._offset or 0) - self._last_pts
        waited = (arrived_at - self._last_arrival) * TICKS_PER_SECOND // SECOND
        return abs(moved - waited) > JUMP_TICKS

    def _rebase(self, pts: int, arrived_at: Instant) -> None:
        """A new connection starts its own clock: go on where the old one ended plus the time that passed."""
        self._waiting.clear()
        if self._offset is None:
            start = (self._reorder + 1) * FIRST_GUESS_TICKS
        else:
            passed = max(0, arrived_at - self._last_arrival) * TICKS_PER_SECOND // SECOND
            start = max(self._last_pts, self._last_dts) + (self._reorder + 1) * self.frame_ticks + passed
        self._offset = start - pts

    def _learn_step(self, shown: int) -> None:
        if not self._last_arrival:
            return
        before = sorted((*self._waiting, self._last_pts, shown))
        step = min((b - a for a, b in itertools.pairwise(before) if b > a), default=0)
        if 0 < step < JUMP_TICKS:
            self._steps.append(step)
