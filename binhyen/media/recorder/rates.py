"""Frames and bits per second over the last ten seconds, from counters that only grow."""

from collections import deque

from binhyen.contracts import SECOND, Instant

WINDOW_US = 10 * SECOND


class Rates:
    """`note` is called every second or two with the counters as they stand."""

    def __init__(self) -> None:
        self._notes: deque[tuple[Instant, int, int]] = deque()

    def note(self, now: Instant, frames: int, octets: int) -> None:
        notes = self._notes
        notes.append((now, frames, octets))
        while len(notes) > 2 and notes[1][0] <= now - WINDOW_US:
            notes.popleft()

    @property
    def frames_per_second(self) -> float:
        return round(self._per_second(1), 2)

    @property
    def bits_per_second(self) -> int:
        return int(self._per_second(2) * 8)

    def _per_second(self, counter: int) -> float:
        if len(self._notes) < 2:
            return 0.0
        first, last = self._notes[0], self._notes[-1]
        return (last[counter] - first[counter]) * SECOND / max(1, last[0] - first[0])
