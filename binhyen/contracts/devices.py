"""What the centre asks of a node about a camera that is not recorded yet, and what the node found (ONVIF, RTSP)."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class DeviceLogin:
    """Where a camera's device service is (`http://host[:port]/path`) and who asks; no secret in its repr."""

    address: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A camera that answered a WS-Discovery probe. `address` is its device service, at the host that answered."""

    address: str
    host: str
    name: str = ""
    hardware: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """Where to look: the node's own links by multicast, and `hosts` one by one, for `wait_ms`."""

    hosts: tuple[str, ...] = ()
    multicast: bool = True
    wait_ms: int = 3_000


@dataclass(frozen=True, slots=True)
class SearchReport:
    """The cameras that answered; `error` is "" or a Vietnamese sentence."""

    devices: tuple[FoundDevice, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """One stream that a camera offers. `stream_url` and `snapshot_url` carry no user and no password."""

    token: str
    name: str
    codec: str = ""  # as the camera calls it: H264, H265, JPEG
    width: int = 0
    height: int = 0
    frames_per_second: float = 0.0
    kilobits_per_second: int = 0
    stream_url: str = ""
    snapshot_url: str = ""


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What a camera says of itself; `error` is "" or a Vietnamese sentence, with what is known beside it.

    `clock_offset_us` is the camera's clock minus the node's, to about a second; `clock_source` is Manual or NTP.
    """

    maker: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""
    clock_offset_us: int | None = None
    clock_source: str = ""
    profiles: tuple[DeviceProfile, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotAsk:
    """One still picture from where a profile says that it is."""

    login: DeviceLogin
    snapshot_url: str


@dataclass(frozen=True, slots=True)
class ClockReport:
    """A camera's clock minus the node's before and after it was set, to about a second."""

    before_us: int | None = None
    after_us: int | None = None
    error: str = ""


class Tried(StrEnum):
    """What came of trying to get in."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"  # not tried, or the camera's answer says neither


@dataclass(frozen=True, slots=True)
class PasswordTrial:
    """A camera whose defaults are tried. `stream_url` is tried without any password; "" leaves that out."""

    login: DeviceLogin
    stream_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PasswordReport:
    """Whether a camera lets somebody in with no password, with one its maker gave it, and to its pictures with none.

    `accepted_user` is the account whose default was accepted; the password itself is never said.
    `tries` is how many wrong passwords the camera has been sent.
    """

    nobody: Tried = Tried.UNKNOWN
    default: Tried = Tried.UNKNOWN
    stream: Tried = Tried.UNKNOWN
    accepted_user: str = ""
    tries: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class StreamAsk:
    """A stream to be looked at for some seconds; the address carries the password."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StreamReport:
    """What a stream is; `error` is "" or a Vietnamese sentence without the address."""

    codec: str = ""
    mime: str = ""
    width: int = 0
    height: int = 0
    frames_per_second: float = 0.0
    bits_per_second: int = 0
    error: str = ""
