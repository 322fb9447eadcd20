"""Recorded footage: segments on disk and the gaps between them."""

from dataclasses import dataclass
from enum import StrEnum

from binhyen.contracts.clock import Instant


class GapReason(StrEnum):
    """Why nothing was recorded. A gap without a reason is a bug."""

    CONNECTION = "connection"  # the camera could not be reached or hung up
    SILENT = "silent"  # connected, no frames
    GARBAGE = "garbage"  # frames that could not be understood
    DISK_FULL = "disk_full"
    DISK_SLOW = "disk_slow"  # the write queue was full
    DISK_ERROR = "disk_error"
    CLOCK_STEP = "clock_step"  # somebody set this machine's clock
    STOPPED = "stopped"  # recording was switched off
    CRASH = "crash"  # the recorder or the machine died


@dataclass(frozen=True, slots=True)
class Segment:
    """One closed file of at most about a minute: [start, end) of one camera, one set of parameters.

    `path` is relative to the store. `number` grows by one for each segment of a camera and never
    repeats, so order survives a clock that was set back. `sha256` is of the whole file.
    """

    camera: str
    number: int
    path: str
    start: Instant
    end: Instant
    size_bytes: int
    frames: int
    codec: str
    width: int
    height: int
    sha256: str
    repaired: bool = False
    clock_stepped: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """[start, end) of `camera` that was not recorded, and why."""

    camera: str
    start: Instant
    end: Instant
    reason: GapReason
