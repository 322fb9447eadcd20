"""What the caller knows of a package before it is made, and what it learns afterwards."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from binhyen.contracts import Gap, Instant
from binhyen.contracts.node import CAMERA_CODE

PACKAGE_ID = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")
"""Four groups of four: can be read aloud over a telephone, and fits the alphanumeric mode of a QR code."""


class EvidenceError(Exception):
    """A package could not be made; the message is a Vietnamese sentence for the person who asked for it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs or is named in the minutes."""

    name: str
    position: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The case that the footage belongs to, as it is written on paper."""

    number: str
    kind: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """The footage request: why, where in words (never an exact private address), and for which window."""

    number: str
    purpose: str
    area: str
    start: Instant
    end: Instant
    granted_by: str = ""


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """Everything in the manifest that does not come from the clips themselves.

    `log_day` (YYYY-MM-DD) and `log_root` (hex) tie the package to the published root of the activity log.
    `software` maps a component to its version. Names that an officer may not see must not be given here:
    whatever is given is printed.
    """

    package_id: str
    unit: str
    case: CaseFacts
    request: RequestFacts
    made_by: Person
    parent_unit: str = ""
    place: str = ""
    minutes_number: str = ""
    recipient: Person | None = None
    log_day: str = ""
    log_root: str = ""
    software: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not PACKAGE_ID.fullmatch(self.package_id):
            raise ValueError(f"package_id {self.package_id!r} does not match {PACKAGE_ID.pattern}")


def package_id_of(randomness: bytes) -> str:
    """A package id out of at least eight random bytes."""
    if len(randomness) < 8:
        raise ValueError(f"a package id needs 8 random bytes, got {len(randomness)}")
    digits = randomness[:8].hex().upper()
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


@dataclass(frozen=True, slots=True)
class SourceSegment:
    """A recorded file that a clip was copied from; `sha256` is the one taken when the file was closed."""

    path: str
    sha256: str
    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class ClipSource:
    """One playable MP4 of one camera, [start, end) by the recorder's clock, and where its bytes come from.

    `start` is the key frame that the copy begins with; `mark_in` and `mark_out` are the exact instants that
    were asked for. `content` is called once, when the clip's turn comes; a chunk that it yields must not be
    changed before CHUNKS_KEPT more were asked for (`Buffers` sees to that), since another thread hashes it.
    `clock_offset_us` is the camera's clock minus the recorder's, None where it was never measured. `frames` 0
    means not known beforehand.
    """

    camera: str
    start: Instant
    end: Instant
    mark_in: Instant
    mark_out: Instant
    mime: str
    content: Callable[[], Iterable[bytes | memoryview]]
    camera_name: str = ""
    width: int = 0
    height: int = 0
    frames: int = 0
    clock_offset_us: int | None = None
    sources: tuple[SourceSegment, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        if not CAMERA_CODE.fullmatch(self.camera):
            raise ValueError(f"camera code {self.camera!r} does not match {CAMERA_CODE.pattern}")
        if not self.start < self.end:
            raise ValueError(f"clip of {self.camera} ends at {self.end}, not after its start {self.start}")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the making or checking has come. `total_clips` 0 means not known."""

    clips_done: int
    bytes_done: int
    total_bytes: int = 0


@dataclass(frozen=True, slots=True)
class PackageReport:
    """What was made. `manifest_sha256` is the root hash that the minutes and the QR carry."""

    package_id: str
    size_bytes: int
    manifest_sha256: str
    key_fingerprint: str
    clips: int
    made_at: Instant
