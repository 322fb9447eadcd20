"""What a camera is, before it is added: codec, size, frame rate, or why not."""

import selectors
import threading
from dataclasses import dataclass

from binhyen.contracts import SECOND, Clock, Instant, SystemClock
from binhyen.media.packets import AccessUnit, ParameterSets
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import RtspTimeout, SourceError
from binhyen.media.sources.factory import make_source
from binhyen.media.sources.rtsp import RtspConnection
from binhyen.media.sources.urls import redacted

DEFAULT_TIMEOUT_S = 15.0
LONG_ENOUGH_US = 3 * SECOND
"""Of video, for a fair mean of frame and bit rate."""

_POLL_S = 0.1
_TICKS_TO_US = SECOND / 90_000


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """`error` is "" where the camera can be recorded; else a Vietnamese sentence, and what is known beside it.

    `what` is the address without its password; rates are means over about three seconds.
    """

    what: str
    codec: str = ""
    mime: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    bits_per_second: int = 0
    error: str = ""


def probe(
    url: str,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    address_policy: AddressPolicy | None = None,
    clock: Clock | None = None,
) -> ProbeReport:
    """Connect to `url`, watch for some seconds, and say what it is. Never raises over what a camera does."""
    clock = clock or SystemClock()
    sample = _Sample()
    try:
        source = make_source(
            url, sample, clock=clock, address_policy=address_policy or AddressPolicy(), on_end=sample.ended
        )
        deadline = Instant(clock.monotonic() + int(timeout_s * SECOND))
        try:
            source.start()
            if isinstance(source, RtspConnection):
                _drive(source, sample, clock, deadline)
            else:
                sample.done.wait(timeout_s)
        finally:
            source.close()
    except SourceError as error:
        sample.ended(error)
    return sample.report(redacted(url))


def _drive(source: RtspConnection, sample: "_Sample", clock: Clock, deadline: Instant) -> None:
    while not sample.done.is_set() and clock.monotonic() < deadline:
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if source.wants_write else 0)
        with selectors.DefaultSelector() as selector:  # anew each time: the descriptor changes while it connects
            selector.register(source.fileno(), wanted)
            for _, ready in selector.select(_POLL_S):
                if ready & selectors.EVENT_READ:
                    source.on_readable()
                if ready & selectors.EVENT_WRITE:
                    source.on_writable()
        source.on_timer()


class _Sample:
    """A sink that counts."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self._sets: ParameterSets | None = None
        self._error: SourceError | None = None
        self._shown: list[int] = []
        self._bytes = 0

    def parameters(self, sets: ParameterSets) -> None:
        self._sets = sets

    def access_unit(self, unit: AccessUnit) -> None:
        self._shown.append(unit.pts)
        self._bytes += unit.size
        if self._span_us() >= LONG_ENOUGH_US:
            self.done.set()

    def lost(self, packets: int) -> None:
        """A few lost packets do not change what a camera is."""

    def sender_report(self, camera_clock: Instant, arrived_at: Instant) -> None:
        """Not needed here."""

    def ended(self, error: SourceError) -> None:
        """The source gave up."""
        self._error = self._error or error
        self.done.set()

    def _span_us(self) -> float:
        return (max(self._shown) - min(self._shown)) * _TICKS_TO_US

    def report(self, what: str) -> ProbeReport:
        """What was seen; an end after some pictures (of a short file, say) is no error."""
        sets = self._sets
        if sets is None or not self._shown:
            nothing = RtspTimeout("Camera nhận kết nối nhưng không gửi hình. Hãy khởi động lại camera.")
            return ProbeReport(what, error=str(self._error or nothing))
        span_us = self._span_us()
        intervals = max(0, len(self._shown) - 1)
        fps = round(intervals * SECOND / span_us, 2) if span_us else 0.0
        bits = round(self._bytes * 8 * intervals / (intervals + 1) * SECOND / span_us) if span_us else 0
        return ProbeReport(what, sets.codec.value, sets.mime, sets.width, sets.height, fps, bits)
