"""Which reader takes which camera address."""

from collections.abc import Callable

from binhyen.contracts import Clock
from binhyen.media.packets import Sink
from binhyen.media.recorder.session import Source
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.rtsp import RtspConnection


def source_opener(clock: Clock, policy: AddressPolicy) -> Callable[[str, Sink], Source]:
    """A function from (url, sink) to a source that has not started; it may raise SourceError."""

    def open_source(url: str, sink: Sink) -> Source:
        if url.strip().lower().startswith("rtsp://"):
            return RtspConnection(url, sink, clock=clock, address_policy=policy)
        # FFmpeg's libraries are 30 MB of memory: loaded when a camera needs them.
        from binhyen.media.recorder.threaded import ThreadedSource

        return ThreadedSource(url, sink, clock=clock, address_policy=policy)

    return open_source
