"""`manifest.json`: what the package says of itself, strictly typed in both directions."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from binhyen.contracts import ContractError, Gap, GapReason, Instant, dump, load
from binhyen.kernel.signing.minisign import PublicKey
from binhyen.modules.footage.evidence.facts import (
    CaseFacts,
    ClipSource,
    PackageFacts,
    Person,
    SourceSegment,
)

SCHEMA = "binhyen-evidence/1"
VIETNAM = timezone(timedelta(hours=7))
LARGEST_BYTES = 32 << 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant twice: microseconds since 1970 UTC for programs, ISO 8601 at +07:00 for people."""

    us: Instant
    local: str

    @classmethod
    def at(cls, instant: Instant) -> "Moment":
        return cls(instant, local_time(instant).isoformat(timespec="microseconds"))

    def __post_init__(self) -> None:
        try:
            expected = local_time(self.us).isoformat(timespec="microseconds")
        except OverflowError as error:
            raise ValueError(f"{self.us} is outside the calendar") from error
        if self.local != expected:
            raise ValueError(f"{self.local!r} is not the instant {self.us}")


def local_time(instant: Instant) -> datetime:
    """Vietnam's wall clock, exact to the microsecond."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(VIETNAM)


@dataclass(frozen=True, slots=True)
class Stretch:
    """[start, end) in which nothing was recorded, and why."""

    start: Moment
    end: Moment
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Source:
    """A recorded file, with the hash taken when the recorder closed it."""

    path: str
    sha256: str
    start: Moment
    end: Moment


@dataclass(frozen=True, slots=True)
class Clip:
    """One file of the package. `start` is the key-frame cut, the marks are what was asked for."""

    file: str
    camera: str
    camera_name: str
    mime: str
    width: int
    height: int
    frames: int
    size_bytes: int
    sha256: str
    start: Moment
    end: Moment
    mark_in: Moment
    mark_out: Moment
    camera_clock_offset_us: int | None
    sources: tuple[Source, ...]
    gaps: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """Why, where, and for which window the footage was asked for."""

    number: str
    purpose: str
    area: str
    start: Moment
    end: Moment
    granted_by: str


@dataclass(frozen=True, slots=True)
class Key:
    """The key that signs `SHA256SUMS`."""

    algorithm: str
    id: str
    fingerprint: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole of it, in the order in which it is written."""

    schema: str
    package_id: str
    minutes_number: str
    made_at: Moment
    place: str
    unit: str
    parent_unit: str
    case: CaseFacts
    request: Request
    made_by: Person
    recipient: Person | None
    log_day: str
    log_root: str
    key: Key
    software: dict[str, str]
    clips: tuple[Clip, ...] = field(default=())

    def text(self) -> str:
        """As it stands in the package: UTF-8, one field a line, so that a person can read it too."""
        return json.dumps(dump(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def parse(cls, content: bytes) -> "Manifest":
        """Raises ContractError naming the field that is wrong."""
        if len(content) > LARGEST_BYTES:
            raise ContractError(f"$: a manifest of {len(content)} bytes")
        try:
            plain = json.loads(content.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise ContractError(f"$: not JSON: {str(error)[:80]}") from error
        try:
            manifest = load(cls, plain)
        except RecursionError as error:
            raise ContractError("$: nested too deeply") from error
        if manifest.schema != SCHEMA:
            raise ContractError(f"$.schema: {manifest.schema[:40]!r} is not {SCHEMA!r}")
        return manifest


def clip_of(source: ClipSource, *, file: str, frames: int, size_bytes: int, sha256: str) -> Clip:
    """What the manifest says of a clip once its bytes have been written."""
    return Clip(
        file=file,
        camera=source.camera,
        camera_name=source.camera_name,
        mime=source.mime,
        width=source.width,
        height=source.height,
        frames=frames,
        size_bytes=size_bytes,
        sha256=sha256,
        start=Moment.at(source.start),
        end=Moment.at(source.end),
        mark_in=Moment.at(source.mark_in),
        mark_out=Moment.at(source.mark_out),
        camera_clock_offset_us=source.clock_offset_us,
        sources=tuple(_source(each) for each in source.sources),
        gaps=tuple(_stretch(gap) for gap in source.gaps),
    )


def manifest_of(facts: PackageFacts, clips: tuple[Clip, ...], *, made_at: Instant, key: PublicKey) -> Manifest:
    """The manifest of a package made at `made_at` and signed with `key`."""
    request = facts.request
    return Manifest(
        schema=SCHEMA,
        package_id=facts.package_id,
        minutes_number=facts.minutes_number,
        made_at=Moment.at(made_at),
        place=facts.place,
        unit=facts.unit,
        parent_unit=facts.parent_unit,
        case=facts.case,
        request=Request(
            request.number,
            request.purpose,
            request.area,
            Moment.at(request.start),
            Moment.at(request.end),
            request.granted_by,
        ),
        made_by=facts.made_by,
        recipient=facts.recipient,
        log_day=facts.log_day,
        log_root=facts.log_root,
        key=Key("Ed25519, minisign ED (BLAKE2b-512)", key.name, key.fingerprint, key.base64),
        software=dict(facts.software),
        clips=clips,
    )


def _source(segment: SourceSegment) -> Source:
    return Source(segment.path, segment.sha256, Moment.at(segment.start), Moment.at(segment.end))


def _stretch(gap: Gap) -> Stretch:
    return Stretch(Moment.at(gap.start), Moment.at(gap.end), gap.reason)
