"""Time as the planes exchange it: whole microseconds since the Unix epoch, UTC."""

import time
from typing import NewType, Protocol

Instant = NewType("Instant", int)
"""Microseconds since 1970-01-01T00:00:00Z. An integer, so that no rounding ever moves evidence."""

MICROSECOND = 1
SECOND = 1_000_000


class Clock(Protocol):
    """Where an engine reads time from; passed in, so that a test can jump 400 days."""

    def now(self) -> Instant:
        """Wall clock. May step backwards or forwards when somebody sets it."""
        ...

    def monotonic(self) -> Instant:
        """Never steps; its origin means nothing."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> Instant:
        return Instant(time.time_ns() // 1_000)

    def monotonic(self) -> Instant:
        return Instant(time.monotonic_ns() // 1_000)
