"""Presentation times that go on, whatever a camera does to its timestamps."""

from binhyen.contracts import SECOND, Instant
from binhyen.media.packets import TICKS_PER_SECOND

LARGEST_DRIFT_S = 30
_HALF_WRAP = 1 << 31
_WRAP_MASK = 0xFFFFFFFF


class PresentationClock:
    """Timestamps at `clock_rate` per second, wrapping at 32 bits, into 90 kHz ticks that start at 0.

    A timestamp that leaps by more than half a minute against the time that passed (a camera that was given the right
    time, a file that was joined from others) counts as the time that passed. One that goes on as before is believed
    even when it seems that hours have passed: then it was this machine's clock that was set.
    """

    __slots__ = ("_clock_rate", "_last_arrival", "_last_timestamp", "_ticks")

    def __init__(self, clock_rate: int = TICKS_PER_SECOND) -> None:
        self._clock_rate = clock_rate
        self._ticks = 0
        self._last_timestamp: int | None = None
        self._last_arrival = Instant(0)

    def ticks(self, timestamp: int, arrived_at: Instant) -> int:
        """The presentation time of `timestamp`, which arrived at `arrived_at`."""
        if self._last_timestamp is not None:
            step = ((timestamp - self._last_timestamp + _HALF_WRAP) & _WRAP_MASK) - _HALF_WRAP
            passed = (arrived_at - self._last_arrival) * self._clock_rate // SECOND
            largest = LARGEST_DRIFT_S * self._clock_rate
            if not 0 <= step < largest and abs(step - passed) > largest:
                step = min(max(1, passed), largest)
            self._ticks += step
        self._last_timestamp, self._last_arrival = timestamp, arrived_at
        return self._ticks * TICKS_PER_SECOND // self._clock_rate
