"""One simulated device service: Device, Media and Media2, and what it may do wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from binhyen.contracts import SECOND, Clock, Instant, SystemClock
from binhyen.media.onvif.soap import first, local, number, text
from binhyen.media.onvif.testing.proof import Guard

_NAMES = {
    "d": "http://www.onvif.org/ver10/device/wsdl", "m": "http://www.onvif.org/ver10/media/wsdl",
    "m2": "http://www.onvif.org/ver20/media/wsdl", "tt": "http://www.onvif.org/ver10/schema",
}  # fmt: skip
TO_STRANGERS = frozenset({"GetSystemDateAndTime"})


class Misdeed(Enum):
    """How a camera may fail whoever asks it."""

    NONE = "none"
    GARBAGE = "garbage"
    BOMB = "bomb"  # entities that grow
    HUGE = "huge"
    DEEP = "deep"
    SLOW = "slow"
    DRIP = "drip"  # a byte now and then, for ever
    REDIRECT = "redirect"
    ELSEWHERE = "elsewhere"  # every address that it names is another host
    BASIC = "basic"  # wants the password in clear
    HANG_UP = "hang_up"


@dataclass(frozen=True)
class Offered:
    """One stream that the camera offers."""

    token: str
    name: str
    stream_url: str
    codec: str = "H264"
    width: int = 1920
    height: int = 1080
    frames_per_second: int = 15
    kilobits_per_second: int = 2048


@dataclass
class OnvifDouble:
    """A camera. `accounts` "" lets everybody in. `clock_offset_us` is how far its clock is ahead of ours.

    `media2` offers profile T beside S. `http_digest` asks for RFC 7616, else a UsernameToken is wanted.
    """

    name: str = "Camera"
    maker: str = "Bình Yên"
    accounts: dict[str, str] = field(default_factory=dict, repr=False)
    offered: tuple[Offered, ...] = ()
    media2: bool = True
    http_digest: bool = False
    lock_after: int = 0
    clock: Clock = field(default_factory=SystemClock)
    clock_offset_us: int = 0
    clock_source: str = "Manual"
    misdeed: Misdeed = Misdeed.NONE
    points_to: str = "http://169.254.169.254"
    picture: bytes = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def __post_init__(self) -> None:
        self.guard = Guard(self.accounts, self.lock_after)

    def now(self) -> Instant:
        """What its own clock says."""
        return Instant(self.clock.now() + self.clock_offset_us)

    def answer(self, root: Element, authorization: str) -> tuple[int, str]:
        """Status and SOAP body of what was asked."""
        asked = next(iter(first(root, "Body") or ()), None)
        name = local(asked) if asked is not None else ""
        self.asked.append(name)
        operation = _OPERATIONS.get(name)
        if asked is None or operation is None:
            return 400, fault("ActionNotSupported", "Optional Action Not Implemented")
        if self.guard.is_locked:
            return 400, fault("NotAuthorized", "Account locked")
        if name not in TO_STRANGERS and not self._knows(root, authorization):
            return 401 if self.http_digest else 400, fault("NotAuthorized", "Sender not authorized")
        return 200, f"<{_prefixed(asked)}Response xmlns:{_prefix(asked)}={quoteattr(_namespace(asked))}>" + operation(
            self, asked
        ) + f"</{_prefixed(asked)}Response>"

    def _knows(self, root: Element, authorization: str) -> bool:
        if not self.accounts:
            return True
        if self.http_digest:
            return self.guard.admits_digest(authorization, "POST") if authorization else False
        return self.guard.admits_token(root, self.now()) if first(root, "UsernameToken") is not None else False

    def base(self) -> str:
        """Where the addresses that it names begin."""
        return self.points_to if self.misdeed is Misdeed.ELSEWHERE else self.address


def fault(code: str, reason: str) -> str:
    """A SOAP 1.2 fault with an ONVIF code."""
    return (
        '<s:Fault xmlns:ter="http://www.onvif.org/ver10/error"><s:Code><s:Value>s:Sender</s:Value><s:Subcode>'
        f"<s:Value>ter:{code}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{escape(reason)}</s:Text></s:Reason></s:Fault>'
    )


def _namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0].lstrip("{")


def _prefix(element: Element) -> str:
    return next((prefix for prefix, name in _NAMES.items() if name == _namespace(element)), "x")


def _prefixed(element: Element) -> str:
    return f"{_prefix(element)}:{local(element)}"


def _get_time(camera: OnvifDouble, _: Element) -> str:
    at = datetime.fromtimestamp(camera.now() // SECOND, UTC)
    return (
        f"<d:SystemDateAndTime><tt:DateTimeType>{camera.clock_source}</tt:DateTimeType>"
        "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>UTC-7</tt:TZ></tt:TimeZone>"
        f"<tt:UTCDateTime><tt:Time><tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute>"
        f"<tt:Second>{at.second}</tt:Second></tt:Time><tt:Date><tt:Year>{at.year}</tt:Year>"
        f"<tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day></tt:Date></tt:UTCDateTime></d:SystemDateAndTime>"
    )


def _set_time(camera: OnvifDouble, asked: Element) -> str:
    utc = first(asked, "UTCDateTime")
    parts = [number(utc, "Date", name) for name in ("Year", "Month", "Day")]
    parts += [number(utc, "Time", name) for name in ("Hour", "Minute", "Second")]
    told = datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # six whole numbers
    camera.clock_offset_us = int(told.timestamp() * SECOND) - camera.clock.now()
    camera.clock_source = text(asked, "DateTimeType")
    return ""


def _information(camera: OnvifDouble, _: Element) -> str:
    return (
        f"<d:Manufacturer>{escape(camera.maker)}</d:Manufacturer><d:Model>Double 1</d:Model>"
        "<d:FirmwareVersion>1.0</d:FirmwareVersion><d:SerialNumber>0001</d:SerialNumber>"
        "<d:HardwareId>1</d:HardwareId>"
    )


def _services(camera: OnvifDouble, _: Element) -> str:
    offered = {"d": "device_service", "m": "media_service"} | ({"m2": "media2_service"} if camera.media2 else {})
    return "".join(
        f"<d:Service><d:Namespace>{_NAMES[prefix]}</d:Namespace><d:XAddr>{camera.base()}/onvif/{path}</d:XAddr>"
        "<d:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></d:Version></d:Service>"
        for prefix, path in offered.items()
    )


def _capabilities(camera: OnvifDouble, _: Element) -> str:
    return (
        f"<d:Capabilities><tt:Media><tt:XAddr>{camera.base()}/onvif/media_service</tt:XAddr></tt:Media>"
        "</d:Capabilities>"
    )


def _users(camera: OnvifDouble, _: Element) -> str:
    return "".join(
        f"<d:User><tt:Username>{escape(user)}</tt:Username><tt:UserLevel>Administrator</tt:UserLevel></d:User>"
        for user in camera.accounts
    )


def _profiles(camera: OnvifDouble, asked: Element) -> str:
    second = _prefix(asked) == "m2"
    outer, inner = ("m2:Configurations", "m2:VideoEncoder") if second else ("", "tt:VideoEncoderConfiguration")
    opening, closing = (f"<{outer}>", f"</{outer}>") if outer else ("", "")
    return "".join(
        f'<{_prefix(asked)}:Profiles token={quoteattr(one.token)} fixed="true"><tt:Name>{escape(one.name)}</tt:Name>'
        f'{opening}<{inner} token="v"><tt:Name>v</tt:Name><tt:UseCount>1</tt:UseCount>'
        f"<tt:Encoding>{one.codec}</tt:Encoding><tt:Resolution><tt:Width>{one.width}</tt:Width>"
        f"<tt:Height>{one.height}</tt:Height></tt:Resolution><tt:RateControl>"
        f"<tt:FrameRateLimit>{one.frames_per_second}</tt:FrameRateLimit>"
        f"<tt:BitrateLimit>{one.kilobits_per_second}</tt:BitrateLimit></tt:RateControl></{inner}>{closing}"
        f"</{_prefix(asked)}:Profiles>"
        for one in camera.offered
    )


def _stream(camera: OnvifDouble, asked: Element) -> str:
    wanted = text(asked, "ProfileToken")
    url = next((one.stream_url for one in camera.offered if one.token == wanted), "")
    return _uri(asked, url)


def _still(camera: OnvifDouble, asked: Element) -> str:
    return _uri(asked, f"{camera.base()}/picture?profile={text(asked, 'ProfileToken')}")


def _uri(asked: Element, url: str) -> str:
    uri = f"{escape(url)}"
    if _prefix(asked) == "m2":
        return f"<m2:Uri>{uri}</m2:Uri>"
    return f"<m:MediaUri><tt:Uri>{uri}</tt:Uri><tt:Timeout>PT60S</tt:Timeout></m:MediaUri>"


_OPERATIONS: dict[str, Callable[[OnvifDouble, Element], str]] = {
    "GetSystemDateAndTime": _get_time, "SetSystemDateAndTime": _set_time, "GetDeviceInformation": _information,
    "GetServices": _services, "GetCapabilities": _capabilities, "GetUsers": _users, "GetProfiles": _profiles,
    "GetStreamUri": _stream, "GetSnapshotUri": _still,
}  # fmt: skip
NAMESPACES = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _NAMES.items())
