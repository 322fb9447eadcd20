"""The operations of a camera that the product needs: Device, Media and Media2 (ONVIF Core, profiles S and T)."""

import secrets
from calendar import timegm
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit, urlunsplit
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from yarl import URL

from binhyen.contracts import SECOND, Clock, Instant
from binhyen.contracts.devices import ClockReport, DeviceLogin, DeviceProfile, DeviceReport
from binhyen.media.onvif.errors import OnvifError, OnvifGarbage, OnvifNotAuthorised, OnvifUnsupported
from binhyen.media.onvif.soap import UsernameToken, each, envelope, first, number, read_answer, text
from binhyen.media.onvif.transport import CameraHttp, at_same_host, device_url
from binhyen.media.sources.address import AddressPolicy

PROFILES_MAX = 16
PICTURE_BYTES_MAX = 4_000_000
_DEVICE = "http://www.onvif.org/ver10/device/wsdl"
_MEDIA = "http://www.onvif.org/ver10/media/wsdl"
_MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"
_SCHEMA = "http://www.onvif.org/ver10/schema"
_HALF_A_SECOND = SECOND // 2


@dataclass(frozen=True, slots=True)
class _CameraTime:
    """`offset_us` is the camera's clock minus ours: cameras tell whole seconds, so it is good to about one."""

    offset_us: int
    source: str


class OnvifCamera:
    """One camera; `async with`. Every method raises `OnvifError`, AddressRefused or NameNotFound with a sentence."""

    def __init__(self, login: DeviceLogin, *, policy: AddressPolicy, clock: Clock) -> None:
        self._url = device_url(login.address)
        self._login = login
        self._clock = clock
        self._http = CameraHttp(self._url, login.user, login.password, policy=policy)
        self._time: _CameraTime | None = None
        self._services: dict[str, URL] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()

    async def time(self) -> _CameraTime:
        """The camera's clock; asked without a password, since a wrong clock makes every signed message invalid."""
        before = self._clock.now()
        body = f'<GetSystemDateAndTime xmlns="{_DEVICE}"/>'
        answer = await self._call(self._url, body, "GetSystemDateAndTimeResponse", signed=False)
        middle = (before + self._clock.now()) // 2
        self._time = _CameraTime(_moment(first(answer, "UTCDateTime")) + _HALF_A_SECOND - middle,
                                 text(answer, "DateTimeType"))  # fmt: skip
        return self._time

    async def describe(self) -> DeviceReport:
        """Who made it, its clock, its streams with their addresses. What one part refuses does not hide the others."""
        clock = await self.time_or_none()
        facts = await self.information()
        report = DeviceReport(
            maker=text(facts, "Manufacturer"),
            model=text(facts, "Model"),
            firmware=text(facts, "FirmwareVersion"),
            serial=text(facts, "SerialNumber"),
            clock_offset_us=clock.offset_us if clock else None,
            clock_source=clock.source if clock else "",
        )
        try:
            return replace(report, profiles=await self._profiles())
        except OnvifError as error:
            return replace(report, error=str(error))

    async def information(self) -> Element:
        """Who made the camera, as it says itself."""
        return await self._call(self._url, f'<GetDeviceInformation xmlns="{_DEVICE}"/>', "GetDeviceInformationResponse")

    async def picture(self, snapshot_url: str) -> bytes:
        """A JPEG from where a profile says that one is; the host is the camera's, whatever the address says."""
        answer = await self._http.get(at_same_host(snapshot_url, self._url), bytes_max=PICTURE_BYTES_MAX)
        if answer.status != 200 or not answer.body.startswith(b"\xff\xd8\xff"):
            raise OnvifGarbage("Camera không cho ảnh chụp.")
        return answer.body

    async def set_time(self) -> ClockReport:
        """Set the camera's clock to ours, in UTC; its time zone stays."""
        before = await self.time()
        now = datetime.fromtimestamp(self._clock.now() / SECOND, UTC)
        body = (
            f'<SetSystemDateAndTime xmlns="{_DEVICE}" xmlns:tt="{_SCHEMA}"><DateTimeType>Manual</DateTimeType>'
            f"<DaylightSavings>false</DaylightSavings><UTCDateTime><tt:Time><tt:Hour>{now.hour}</tt:Hour>"
            f"<tt:Minute>{now.minute}</tt:Minute><tt:Second>{now.second}</tt:Second></tt:Time><tt:Date>"
            f"<tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date>"
            "</UTCDateTime></SetSystemDateAndTime>"
        )
        await self._call(self._url, body, "SetSystemDateAndTimeResponse")
        after = await self.time()
        return ClockReport(before.offset_us, after.offset_us)

    async def list_users(self) -> int:
        """How many accounts the camera has: only an administrator is told (access class READ_SYSTEM_SECRET)."""
        answer = await self._call(self._url, f'<GetUsers xmlns="{_DEVICE}"/>', "GetUsersResponse")
        return sum(1 for _ in each(answer, "User"))

    async def time_or_none(self) -> _CameraTime | None:
        """The camera's clock, where it tells a stranger."""
        try:
            return await self.time()
        except (OnvifNotAuthorised, OnvifGarbage, OnvifUnsupported):
            return None  # some cameras keep even their clock to those who are known

    async def _profiles(self) -> tuple[DeviceProfile, ...]:
        services = await self._find_services()
        if _MEDIA2 in services:
            try:
                return await _Media2(self, services[_MEDIA2]).profiles()
            except OnvifUnsupported:
                pass
        if _MEDIA in services:
            return await _Media1(self, services[_MEDIA]).profiles()
        raise OnvifUnsupported("Camera không cho biết các luồng hình. Hãy nhập địa chỉ RTSP bằng tay.")

    async def _find_services(self) -> dict[str, URL]:
        body = f'<GetServices xmlns="{_DEVICE}"><IncludeCapability>false</IncludeCapability></GetServices>'
        try:
            answer = await self._call(self._url, body, "GetServicesResponse")
        except (OnvifUnsupported, OnvifGarbage):
            return await self._find_capabilities()
        return {
            text(service, "Namespace"): at_same_host(text(service, "XAddr"), self._url)
            for service in each(answer, "Service")
        }

    async def _find_capabilities(self) -> dict[str, URL]:
        body = f'<GetCapabilities xmlns="{_DEVICE}"><Category>All</Category></GetCapabilities>'
        answer = await self._call(self._url, body, "GetCapabilitiesResponse")
        address = text(answer, "Media", "XAddr")
        return {_MEDIA: at_same_host(address, self._url)} if address else {}

    async def _call(self, url: URL, body: str, wanted: str, *, signed: bool = True) -> Element:
        message = envelope(body, self._token() if signed and self._login.user else None)
        answer = await self._http.post(url, message)
        return read_answer(answer.body, wanted)

    def _token(self) -> UsernameToken:
        offset_us = self._time.offset_us if self._time else 0
        created = Instant(self._clock.now() + offset_us)
        return UsernameToken(self._login.user, self._login.password, secrets.token_bytes(16), created)

    def here(self, told: str) -> str:
        """A picture's address at the camera's own host; "" where the camera told none that can be read."""
        try:
            return str(at_same_host(told, self._url))
        except OnvifGarbage:
            return ""

    def stream_here(self, told: str) -> str:
        """A stream's address at the camera's own host, without the account that some cameras write into it."""
        try:
            parts = urlsplit(told)
            port = parts.port
        except ValueError:
            return ""
        if parts.scheme not in ("rtsp", "rtsps") or not parts.hostname:
            return ""
        host = self._url.host or ""
        place = f"[{host}]" if ":" in host else host
        return urlunsplit((parts.scheme, f"{place}:{port}" if port else place, parts.path, parts.query, ""))


class _Media1:
    """The first media service: profile S."""

    namespace = _MEDIA

    def __init__(self, camera: OnvifCamera, url: URL) -> None:
        self._camera, self._url = camera, url

    async def profiles(self) -> tuple[DeviceProfile, ...]:
        """Every stream, with where it and its still picture are."""
        answer = await self.call(self.ask_profiles(), "GetProfilesResponse")
        found = [profile for profile in each(answer, "Profiles") if first(profile, *self.encoder) is not None]
        return tuple([await self._profile(each_found) for each_found in found[:PROFILES_MAX]])

    encoder: tuple[str, ...] = ("VideoEncoderConfiguration",)

    def ask_profiles(self) -> str:
        return f'<GetProfiles xmlns="{_MEDIA}"/>'

    def ask_stream(self, token: str) -> str:
        return (
            f'<GetStreamUri xmlns="{_MEDIA}" xmlns:tt="{_SCHEMA}"><StreamSetup><tt:Stream>RTP-Unicast</tt:Stream>'
            "<tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></StreamSetup>"
            f"<ProfileToken>{escape(token)}</ProfileToken></GetStreamUri>"
        )

    def ask_picture(self, token: str) -> str:
        return f'<GetSnapshotUri xmlns="{self.namespace}"><ProfileToken>{escape(token)}</ProfileToken></GetSnapshotUri>'

    async def call(self, body: str, wanted: str) -> Element:
        return await self._camera._call(self._url, body, wanted)

    async def _profile(self, profile: Element) -> DeviceProfile:
        encoder = first(profile, *self.encoder)
        token = profile.get("token", "")[:100]
        stream = text(await self.call(self.ask_stream(token), "GetStreamUriResponse"), "Uri")
        return DeviceProfile(
            token=token,
            name=text(profile, "Name") or token,
            codec=text(encoder, "Encoding").upper(),
            width=number(encoder, "Resolution", "Width"),
            height=number(encoder, "Resolution", "Height"),
            frames_per_second=float(number(encoder, "RateControl", "FrameRateLimit")),
            kilobits_per_second=number(encoder, "RateControl", "BitrateLimit"),
            stream_url=self._camera.stream_here(stream),
            snapshot_url=await self._picture(token),
        )

    async def _picture(self, token: str) -> str:
        try:
            told = text(await self.call(self.ask_picture(token), "GetSnapshotUriResponse"), "Uri")
        except OnvifError:
            return ""  # many cameras offer no picture; the stream matters
        return self._camera.here(told)


class _Media2(_Media1):
    """The second media service: profile T."""

    namespace = _MEDIA2
    encoder = ("Configurations", "VideoEncoder")

    def ask_profiles(self) -> str:
        return f'<GetProfiles xmlns="{_MEDIA2}"><Type>VideoEncoder</Type></GetProfiles>'

    def ask_stream(self, token: str) -> str:
        return (
            f'<GetStreamUri xmlns="{_MEDIA2}"><Protocol>RTSP</Protocol>'
            f"<ProfileToken>{escape(token)}</ProfileToken></GetStreamUri>"
        )


def _moment(utc: Element | None) -> int:
    fields = [number(utc, *path) for path in (("Date", "Year"), ("Date", "Month"), ("Date", "Day"),
                                              ("Time", "Hour"), ("Time", "Minute"), ("Time", "Second"))]  # fmt: skip
    try:
        return timegm(datetime(*fields, tzinfo=UTC).utctimetuple()) * SECOND  # type: ignore[misc,arg-type]  # six whole numbers
    except ValueError as error:
        raise OnvifGarbage("Camera cho giờ không đọc được. Hãy đặt giờ trên trang cấu hình của camera.") from error
