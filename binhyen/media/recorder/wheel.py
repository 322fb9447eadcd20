"""Turns of all cameras, spread over a period, so that neither the processor nor the network sees them at once."""

from binhyen.contracts import Instant
from binhyen.media.recorder.session import CameraSession

PERIOD_US = 250_000
SLOTS = 10


class Wheel:
    """`due` gives the cameras of the slots that have passed since it was last asked."""

    def __init__(self, now: Instant, *, period_us: int = PERIOD_US, slots: int = SLOTS) -> None:
        self._slot_us = period_us // slots
        self._slots: list[list[CameraSession]] = [[] for _ in range(slots)]
        self._at = 0
        self._next_at = now + self._slot_us

    @property
    def next_at(self) -> Instant:
        """When the next slot is due, monotonic."""
        return Instant(self._next_at)

    def add(self, session: CameraSession) -> None:
        """Into the slot that has the fewest."""
        min(self._slots, key=len).append(session)

    def remove(self, session: CameraSession) -> None:
        for slot in self._slots:
            if session in slot:
                slot.remove(session)

    def due(self, now: Instant) -> list[CameraSession]:
        """After a long pause every camera once, not once for each turn that was missed."""
        found: list[CameraSession] = []
        for _ in self._slots:
            if now < self._next_at:
                break
            found += self._slots[self._at]
            self._at = (self._at + 1) % len(self._slots)
            self._next_at += self._slot_us
        if self._next_at <= now:
            self._next_at = now + self._slot_us
        return found
