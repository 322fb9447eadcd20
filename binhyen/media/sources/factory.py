"""Which source reads which address. A new kind of source is a folder and a line here."""

from collections.abc import Callable

from binhyen.contracts import Clock
from binhyen.media.packets import Sink
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.av import AvSource
from binhyen.media.sources.errors import SourceError
from binhyen.media.sources.rtsp import RtspConnection


def make_source(
    url: str,
    sink: Sink,
    *,
    clock: Clock,
    address_policy: AddressPolicy,
    on_end: Callable[[SourceError], None],
) -> RtspConnection | AvSource:
    """The source for `url`, not started. Raises MalformedUrl.

    `rtsp://` is read by our own reader, which the caller's loop drives and which raises what ended it; all else by a
    thread of its own, which calls `on_end`. `rtsp+udp://` is RTSP over UDP.
    """
    if url.strip().lower().startswith("rtsp://"):
        return RtspConnection(url, sink, clock=clock, address_policy=address_policy)
    return AvSource(url, sink, clock=clock, address_policy=address_policy, on_end=on_end)
