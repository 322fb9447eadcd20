"""What a camera source hands to whoever records or shows it.

A source calls its sink from the thread that reads it, in this order: `parameters` before the first
`access_unit`, and again whenever the parameter sets change; `lost` when packets are missing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from binhyen.contracts import Instant

TICKS_PER_SECOND = 90_000


class Codec(StrEnum):
    """The codings that are recorded by stream copy."""

    H264 = "h264"
    H265 = "h265"


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """What a decoder must know before the first frame. `vps` is empty for H.264.

    `mime` is the RFC 6381 name ("avc1.64001f", "hvc1.1.6.L93.B0"), sizes are in pixels after cropping.
    `reorder_frames` is how many frames may precede any frame in decoding order and follow it in
    output order (0 where there are no B frames).
    """

    codec: Codec
    vps: tuple[bytes, ...]
    sps: tuple[bytes, ...]
    pps: tuple[bytes, ...]
    mime: str
    width: int
    height: int
    reorder_frames: int = 0


@dataclass(slots=True)
class AccessUnit:
    """One coded picture in decoding order.

    `parts` concatenated are length-prefixed NAL units (4-byte lengths) as fMP4 wants them, without
    parameter sets and delimiters; `size` is their total. `pts` is presentation time in 90 kHz ticks,
    unwrapped, from an arbitrary start that survives as long as the connection does.
    """

    parts: list[bytes]
    size: int
    pts: int
    key: bool
    arrived_at: Instant


class Sink(Protocol):
    """Where a source delivers."""

    def parameters(self, sets: ParameterSets) -> None: ...

    def access_unit(self, unit: AccessUnit) -> None: ...

    def lost(self, packets: int) -> None: ...

    def sender_report(self, camera_clock: Instant, arrived_at: Instant) -> None:
        """An RTCP sender report: the camera's own wall clock when it was sent."""
        ...
