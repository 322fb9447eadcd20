"""A source that reads in a thread of its own, seen from the loop as if it were a socket."""

import os
from collections import deque
from collections.abc import Callable
from functools import partial

from binhyen.contracts import Clock, Instant
from binhyen.media.packets import AccessUnit, ParameterSets, Sink
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import CameraUnreachable, SourceError
from binhyen.media.sources.factory import make_source

WAITING_MAX = 4000
"""Pictures on their way into the loop; more means that the loop has stood still for minutes."""


class ThreadedSource:
    """Takes what the thread delivers into a queue; `on_readable` hands it on in the loop."""

    wants_write = False
    bytes_received = 0

    def __init__(self, url: str, sink: Sink, *, clock: Clock, address_policy: AddressPolicy) -> None:
        self._sink = sink
        self._waiting: deque[Callable[[], None]] = deque()
        self._ended: SourceError | None = None
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._closed = False
        self._source = make_source(url, self, clock=clock, address_policy=address_policy, on_end=self._end)

    def start(self) -> None:
        self._source.start()

    def fileno(self) -> int:
        return -1 if self._closed else self._bell

    def on_readable(self) -> None:
        """Hand on what waits; raises the error that ended the thread, once all before it is handed on."""
        try:
            os.eventfd_read(self._bell)
        except BlockingIOError:
            return
        for _ in range(len(self._waiting)):
            self._waiting.popleft()()
        if self._ended is not None and not self._waiting:
            raise self._ended

    def on_writable(self) -> None:
        """Nothing is ever written here."""

    def on_timer(self, _now: Instant) -> None:
        """The thread keeps its own time."""

    def close(self) -> None:
        if not self._closed:
            self._source.close()
            self._closed = True
            os.close(self._bell)

    # -- the sink, called from the thread

    def parameters(self, sets: ParameterSets) -> None:
        self._put(partial(self._sink.parameters, sets))

    def access_unit(self, unit: AccessUnit) -> None:
        self._put(partial(self._sink.access_unit, unit))

    def lost(self, packets: int) -> None:
        self._put(partial(self._sink.lost, packets))

    def sender_report(self, camera_clock: Instant, arrived_at: Instant) -> None:
        self._put(partial(self._sink.sender_report, camera_clock, arrived_at))

    def _end(self, error: SourceError) -> None:
        self._ended = error
        os.eventfd_write(self._bell, 1)

    def _put(self, call: Callable[[], None]) -> None:
        if len(self._waiting) >= WAITING_MAX:
            raise CameraUnreachable("Tiến trình ghi không kịp nhận hình. Hệ thống sẽ tự nối lại.")
        self._waiting.append(call)
        os.eventfd_write(self._bell, 1)
