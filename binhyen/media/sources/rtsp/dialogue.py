"""The conversation that precedes the video: what is asked, in which order, and what each answer means.

No sockets here: bytes to send pile up in `outgoing`, answers come in as messages. States are a table (`_STEPS`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from binhyen.contracts import SECOND
from binhyen.media.sources.errors import (
    CameraClosed,
    RtspAuthenticationFailed,
    RtspRefused,
    RtspUnsupported,
    quoted,
)
from binhyen.media.sources.rtsp.auth import Credentials
from binhyen.media.sources.rtsp.message import Message, request, resolve_control
from binhyen.media.sources.rtsp.sdp import VideoTrack, find_video
from binhyen.media.sources.urls import CameraUrl

USER_AGENT = "BinhYen"
DEFAULT_SESSION_TIMEOUT_S = 60
LONGEST_KEEPALIVE_S = 25
_MOST_LOGIN_ATTEMPTS = 2
_REFUSALS = {
    403: "Camera không cho tài khoản này xem hình (403). Hãy cấp quyền xem cho tài khoản ở camera.",
    404: "Camera không có luồng ở đường dẫn này (404). Hãy kiểm tra phần sau địa chỉ camera.",
    453: "Camera hết băng thông cho người xem mới (453). Hãy bớt kết nối khác tới camera.",
    454: "Camera không còn nhớ phiên kết nối (454). Hệ thống sẽ tự nối lại.",
    503: "Camera đang quá tải (503). Hãy bớt kết nối khác tới camera hoặc thử lại sau.",
}


class Step(StrEnum):
    """Which question is waiting for its answer."""

    OPTIONS = "OPTIONS"
    DESCRIBE = "DESCRIBE"
    SETUP = "SETUP"
    PLAY = "PLAY"
    PLAYING = "PLAYING"


class Redirected(Exception):
    """The camera sends us to another address, in `location`."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


@dataclass(slots=True)
class _Question:
    number: int
    method: str
    url: str
    headers: dict[str, str]


@dataclass(slots=True)
class Dialogue:
    """One RTSP session. `track` is known after DESCRIBE, `rtp_channel` after SETUP, video flows when PLAYING."""

    url: CameraUrl
    credentials: Credentials
    step: Step = Step.OPTIONS
    outgoing: bytearray = field(default_factory=bytearray)
    track: VideoTrack | None = None
    rtp_channel: int = 0
    rtcp_channel: int = 1
    keepalive_us: int = LONGEST_KEEPALIVE_S * SECOND
    _base: str = ""
    _session: str = ""
    _keepalive_method: str = "OPTIONS"
    _count: int = 0
    _logins: int = 0
    _question: _Question | None = None

    def begin(self) -> None:
        """Ask the first question."""
        self._ask("OPTIONS", self.url.request_url)

    def keep_alive(self) -> None:
        """Remind the camera that somebody watches."""
        self._ask(self._keepalive_method, self._base)

    def end(self) -> None:
        """Say goodbye, where there is a session to end."""
        if self._session:
            self._ask("TEARDOWN", self._base)

    def take(self, message: Message) -> None:
        """An answer, or a request of the camera's own. Raises SourceError or Redirected."""
        if message.method:
            self._serve(message)
            return
        asked = self._question
        number = message.header("cseq")
        if asked is None or message.status < 200 or (number.isdecimal() and int(number) != asked.number):
            return  # provisional, late, or unasked; cameras that leave out CSeq answer in order
        self._question = None
        if message.status == 401:
            self._log_in(asked, message)
        elif self.step is Step.PLAYING:
            self._kept_alive(asked, message)
        elif 300 <= message.status < 400 and message.header("location"):
            raise Redirected(message.header("location"))
        elif message.status >= 300 and self.step is not Step.OPTIONS:
            raise _refusal(asked.method, message)
        else:
            self._logins = 0
            _STEPS[self.step](self, message)

    def _ask(self, method: str, url: str, headers: dict[str, str] | None = None) -> None:
        self._count += 1
        self._question = _Question(self._count, method, url, headers or {})
        common = {"CSeq": str(self._count), "User-Agent": USER_AGENT}
        if self._session:
            common["Session"] = self._session
        authorization = self.credentials.header(method, url)
        if authorization is not None:
            common["Authorization"] = authorization
        self.outgoing += request(method, url, common | self._question.headers)

    def _log_in(self, asked: _Question, message: Message) -> None:
        if not self.credentials.known:
            raise RtspAuthenticationFailed("Camera đòi tên và mật khẩu. Hãy nhập tên và mật khẩu của camera.")
        before = self.credentials.nonce
        challenges = message.headers.get("www-authenticate", [])
        if not self.credentials.take(challenges):
            raise RtspAuthenticationFailed("Camera đòi cách đăng nhập không hỗ trợ. Hãy chọn Basic hoặc Digest.")
        stale = any("stale=true" in each.replace(" ", "").replace('"', "").lower() for each in challenges)
        self._logins += 1
        first = not before and self._logins == 1
        if (not first and not (stale or self.step is Step.PLAYING)) or self._logins > _MOST_LOGIN_ATTEMPTS:
            raise RtspAuthenticationFailed("Camera không nhận tên hoặc mật khẩu. Hãy kiểm tra lại cả hai.")
        self._ask(asked.method, asked.url, asked.headers)

    def _optioned(self, message: Message) -> None:
        public = message.header("public").upper() or message.header("allow").upper()
        self._keepalive_method = "GET_PARAMETER" if "GET_PARAMETER" in public else "OPTIONS"
        self.step = Step.DESCRIBE
        self._ask("DESCRIBE", self.url.request_url, {"Accept": "application/sdp"})

    def _described(self, message: Message) -> None:
        self.track = find_video(message.body.decode("utf-8", "replace"))
        described = message.header("content-base") or message.header("content-location") or self.url.request_url
        described = resolve_control("", described) if "://" in described else self.url.request_url
        self._base = resolve_control(described, self.track.session_control)
        track_url = resolve_control(described, self.track.control)
        self.step = Step.SETUP
        self._ask("SETUP", track_url, {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"})

    def _set_up(self, message: Message) -> None:
        session, _, rest = message.header("session").partition(";")
        self._session = session.strip()
        self.keepalive_us = _keepalive_us(rest)
        transport = message.header("transport").lower()
        if transport and "tcp" not in transport and "interleaved" not in transport:
            raise RtspUnsupported("Camera không chịu gửi hình qua TCP. Hãy bật RTP qua TCP hoặc thêm camera dạng UDP.")
        channels = transport.partition("interleaved=")[2].partition(";")[0].partition("-")
        if channels[0].isdecimal() and int(channels[0]) < 255:
            self.rtp_channel = int(channels[0])
            self.rtcp_channel = self.rtp_channel + 1
        self.step = Step.PLAY
        self._ask("PLAY", self._base, {"Range": "npt=0.000-"})

    def _played(self, message: Message) -> None:
        self.step = Step.PLAYING

    def _kept_alive(self, asked: _Question, message: Message) -> None:
        self._logins = 0
        if message.status == 454:
            raise CameraClosed(_REFUSALS[454])
        if message.status >= 400:
            self._keepalive_method = "OPTIONS"

    def _serve(self, message: Message) -> None:
        """Cameras may ask whether we live, or tell that they end the stream (RFC 2326 section 10)."""
        if message.method == "TEARDOWN":
            raise CameraClosed("Camera tự kết thúc luồng hình. Hệ thống sẽ tự nối lại.")
        known = message.method in ("OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE")
        status = "200 OK" if known else "501 Not Implemented"
        number = quoted(message.header("cseq"))
        self.outgoing += f"RTSP/1.0 {status}\r\nCSeq: {number}\r\n\r\n".encode()


_STEPS: dict[Step, Callable[[Dialogue, Message], None]] = {
    Step.OPTIONS: Dialogue._optioned,
    Step.DESCRIBE: Dialogue._described,
    Step.SETUP: Dialogue._set_up,
    Step.PLAY: Dialogue._played,
}


def _refusal(method: str, message: Message) -> RtspRefused | RtspUnsupported:
    if message.status == 461:
        return RtspUnsupported("Camera không chịu gửi hình qua TCP (461). Hãy bật RTP qua TCP ở camera.")
    told = f"Camera trả lời {message.status} {quoted(message.reason)} cho {method}. Hãy kiểm tra cài đặt camera."
    return RtspRefused(_REFUSALS.get(message.status, told))


def _keepalive_us(session_parameters: str) -> int:
    """Well before the session's timeout, which counts from the last request on."""
    seconds = session_parameters.lower().partition("timeout=")[2].partition(";")[0].strip()
    timeout_s = int(seconds) if seconds.isdecimal() and len(seconds) < 7 else DEFAULT_SESSION_TIMEOUT_S
    return max(SECOND, min(timeout_s * SECOND * 2 // 5, LONGEST_KEEPALIVE_S * SECOND))
