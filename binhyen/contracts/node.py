"""What the centre asks of a recording node, and what the node says of its cameras."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from binhyen.contracts.clock import Instant

CAMERA_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,31}")
"""A code names a folder on disk and stands in evidence: no case, no diacritics, no separator."""


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """One camera that a node should record.

    `url` and `sub_url` carry the password; their repr is hidden so that no log line shows it.
    """

    code: str
    url: str = field(repr=False)
    sub_url: str = field(default="", repr=False)
    retention_days: int = 30
    recording: bool = True

    def __post_init__(self) -> None:
        if not CAMERA_CODE.fullmatch(self.code):
            raise ValueError(f"camera code {self.code!r} does not match {CAMERA_CODE.pattern}")
        if self.retention_days < 1:
            raise ValueError(f"retention_days must be at least 1, not {self.retention_days}")


@dataclass(frozen=True, slots=True)
class Hold:
    """Footage that a case keeps: [start, end) of `camera` is not deleted while this stands."""

    id: str
    camera: str
    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """Desired state of one node. `quota_bytes` 0 means as much as the disk gives.

    `forget` names cameras whose household withdrew: their footage goes now, except what a hold keeps.
    """

    cameras: tuple[CameraSpec, ...] = ()
    holds: tuple[Hold, ...] = ()
    quota_bytes: int = 0
    forget: tuple[str, ...] = ()


class CameraState(StrEnum):
    """What a camera is doing, as a person would say it."""

    CONNECTING = "connecting"
    RECORDING = "recording"
    SILENT = "silent"  # connected, and nothing arrives
    FAILING = "failing"  # refuses, answers garbage, or is gone; the error says which
    NO_SPACE = "no_space"  # the disk is full of held footage
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """State of one camera as its node sees it. Rates are means over the last ten seconds."""

    camera: str
    state: CameraState
    since: Instant
    frames_per_second: float = 0.0
    bits_per_second: int = 0
    last_frame_at: Instant | None = None
    gaps_last_day: int = 0
    clock_offset_us: int | None = None  # camera clock minus ours, from RTCP sender reports
    codec: str = ""  # RFC 6381, e.g. "avc1.64001f"
    width: int = 0
    height: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The state of a node's cameras, as of now."""

    statuses: tuple[CameraStatus, ...]
