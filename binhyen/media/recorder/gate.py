"""How many connections may begin at once: a street that comes back to power must not be stormed."""

from binhyen.contracts import SECOND, Instant

STARTS_PER_SECOND = 40
_BURST = 10


class ConnectGate:
    """A token bucket over all cameras of a recorder; those that are not admitted ask again at their next turn."""

    def __init__(self, per_second: int = STARTS_PER_SECOND) -> None:
        self._every_us = SECOND // per_second
        self._next_at = 0

    def admits(self, now: Instant) -> bool:
        """May one more connection begin now?"""
        earliest = max(self._next_at, now - _BURST * self._every_us)
        if earliest > now:
            return False
        self._next_at = earliest + self._every_us
        return True
