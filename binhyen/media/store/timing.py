"""From a camera's 90 kHz ticks to this machine's wall clock.

Pictures arrive late by what the network and the batches of the reader add, never early. The least delay of
the last groups of pictures therefore tells the offset between the two clocks best.
"""

from collections import deque

from binhyen.contracts import Instant

_GROUPS = 16
DRIFT_TOLERATED_US = 50_000
"""Within this a running segment keeps its time line, so that segments join without hole or overlap."""


def ticks_to_us(ticks: int) -> int:
    """90 kHz ticks as whole microseconds."""
    return ticks * 100 // 9


class WallClock:
    """The wall clock of one connection's time stamps."""

    def __init__(self) -> None:
        self._least: deque[int] = deque(maxlen=_GROUPS)
        self._of_group: int | None = None
        self._offset: int | None = None

    def observe(self, pts: int, arrived_at: Instant) -> None:
        """One picture; called for each, so it does next to nothing."""
        offset = arrived_at - pts * 100 // 9
        if self._of_group is None or offset < self._of_group:
            self._of_group = offset

    def next_group(self) -> None:
        """A group of pictures is complete."""
        if self._of_group is not None:
            self._least.append(self._of_group)
            self._of_group = None
        if not self._least:
            return
        estimate = min(self._least)
        if self._offset is None or abs(estimate - self._offset) > DRIFT_TOLERATED_US:
            self._offset = estimate

    def stepped(self, by_us: int) -> None:
        """This machine's clock was set; what is known about the camera moves along."""
        self._least = deque((each + by_us for each in self._least), maxlen=_GROUPS)
        self._of_group = None if self._of_group is None else self._of_group + by_us
        self._offset = None if self._offset is None else self._offset + by_us

    def at(self, pts: int) -> Instant:
        """When the picture with this time stamp was taken, by our clock; call `next_group` once before."""
        return Instant((self._offset or 0) + ticks_to_us(pts))
