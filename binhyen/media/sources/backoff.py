"""How long to wait before trying a camera again."""

from collections.abc import Callable

from binhyen.contracts import SECOND

FIRST_WAIT_US = 1 * SECOND
LONGEST_WAIT_US = 60 * SECOND
SHORTEST_WAIT_US = SECOND // 4


class Backoff:
    """Exponential with full jitter: 300 cameras that come back together are not called together.

    `random` gives a number in [0, 1). Waits are in microseconds.
    """

    __slots__ = ("_attempts", "_random")

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._attempts = 0

    @property
    def attempts(self) -> int:
        """Failures since the last success."""
        return self._attempts

    def next_wait(self) -> int:
        """Note a failure and say how long to wait, at least a quarter of a second."""
        ceiling = min(LONGEST_WAIT_US, FIRST_WAIT_US << min(self._attempts, 16))
        self._attempts += 1
        return max(SHORTEST_WAIT_US, int(self._random() * ceiling))

    def succeeded(self) -> None:
        """The camera works: the next failure starts from the shortest wait."""
        self._attempts = 0
