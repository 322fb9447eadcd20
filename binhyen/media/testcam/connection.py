"""One RTSP connection to the simulated cameras (RFC 2326)."""

import asyncio
import contextlib
import random
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from binhyen.contracts import Clock
from binhyen.media.testcam.authentication import Gate
from binhyen.media.testcam.camera import Delivery, SimulatedCamera, Track
from binhyen.media.testcam.channel import Channel, DatagramChannel, InterleavedChannel
from binhyen.media.testcam.faults import Fault

REASONS = {
    200: "OK",
    302: "Moved Temporarily",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
}
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER, SET_PARAMETER"
BODY_LIMIT_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came, header names in lower case."""

    method: str
    url: str
    headers: dict[str, str]

    @property
    def camera_and_track(self) -> tuple[str, str]:
        path = urlsplit(self.url).path.strip("/").removesuffix("/trackID=0")
        name, slash, track = path.rpartition("/")
        return (name, track) if slash and track == "sub" else (path, "main")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers in the order they are sent, body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class House:
    """What all connections share."""

    cameras: dict[str, SimulatedCamera]
    gate: Gate
    clock: Clock
    chance: random.Random
    session_timeout_s: float


class Connection:
    """Serves one reader until it leaves, is silent for too long, or its camera's fault cuts it off."""

    def __init__(self, house: House, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._house = house
        self._reader = reader
        self._writer = writer
        self._camera: SimulatedCamera | None = None
        self._delivery: Delivery | None = None
        self._session = ""
        self._leaving = False
        self._verbs: dict[str, Callable[[Request, SimulatedCamera, Track], Answer]] = {
            "DESCRIBE": self._describe,
            "SETUP": self._setup,
            "PLAY": self._play,
            "TEARDOWN": self._teardown,
            "GET_PARAMETER": self._keepalive,
            "SET_PARAMETER": self._keepalive,
        }

    @property
    def camera(self) -> SimulatedCamera | None:
        return self._camera

    async def serve(self) -> None:
        with contextlib.suppress(
            asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, TimeoutError, UnicodeDecodeError
        ):  # the reader left, talked nonsense or said nothing for too long: the connection ends, as on a real camera
            while not self._leaving:
                await asyncio.wait_for(self._step(), self._house.session_timeout_s)
        self.cut()

    def cut(self) -> None:
        """Hang up."""
        self._leaving = True
        if self._delivery is not None:
            self._delivery.end()
            self._delivery = None
        self._writer.close()

    async def _step(self) -> None:
        """Read one request, or one packet of the reader's; either keeps the session alive."""
        first = await self._reader.readexactly(1)
        if first == b"$":
            head = await self._reader.readexactly(3)
            await self._reader.readexactly(int.from_bytes(head[1:], "big"))
            return
        request = _parse(first + await self._reader.readuntil(b"\r\n\r\n"))
        await self._reader.readexactly(min(int(request.headers.get("content-length") or 0), BODY_LIMIT_BYTES))
        answer = self._answer(request)
        if answer is not None:
            self._write(request, answer)
            self._after(request, answer)

    def _answer(self, request: Request) -> Answer | None:
        name, track_name = request.camera_and_track
        camera = self._house.cameras.get(name)
        fault = camera.fault if camera else Fault.NONE
        if camera is not None:
            self._camera = camera
        if fault is Fault.DEAD:
            return None
        if fault is Fault.REFUSE:
            return Answer(503)
        if request.method == "OPTIONS":
            return Answer(200, (("Public", METHODS),))
        admitted = self._house.gate.admits(request.method, request.headers.get("authorization", ""))
        if fault is Fault.BAD_PASSWORD or not admitted:
            return Answer(401, (("WWW-Authenticate", self._house.gate.challenge()),))
        track = camera.tracks.get(track_name) if camera else None
        if camera is None or track is None:
            return Answer(404)
        verb = self._verbs.get(request.method)
        return verb(request, camera, track) if verb else Answer(501)

    def _after(self, request: Request, answer: Answer) -> None:
        if answer.status == 503 or request.method == "TEARDOWN":
            self._leaving = True
        if request.method == "PLAY" and answer.status == 200 and self._delivery is not None:
            self._delivery.begin()

    def _describe(self, request: Request, camera: SimulatedCamera, track: Track) -> Answer:
        if camera.redirect_to:
            host, port = self._writer.get_extra_info("sockname")[:2]
            target = camera.redirect_to
            return Answer(302, (("Location", target if "://" in target else f"rtsp://{host}:{port}/{target}"),))
        return Answer(200, (("Content-Base", f"{request.url}/"), ("Content-Type", "application/sdp")), track.sdp)

    def _setup(self, request: Request, camera: SimulatedCamera, track: Track) -> Answer:
        opened = self._open_channel(request.headers.get("transport", ""))
        if opened is None:
            return Answer(461)
        channel, transport = opened
        if self._delivery is not None:
            self._delivery.end()
        self._session = self._session or secrets.token_hex(4)
        self._delivery = Delivery(camera, track, channel, self._house.clock, self._house.chance)
        session = f"{self._session};timeout={max(1, round(self._house.session_timeout_s))}"
        return Answer(200, (("Transport", transport), ("Session", session)))

    def _open_channel(self, asked: str) -> tuple[Channel, str] | None:
        interleaved = re.search(r"interleaved=(\d{1,3})-(\d{1,3})", asked)
        if interleaved or "RTP/AVP/TCP" in asked:
            numbers = (int(interleaved[1]), int(interleaved[2])) if interleaved else (0, 1)
            ways = f"RTP/AVP/TCP;unicast;interleaved={numbers[0]}-{numbers[1]}"
            return (InterleavedChannel(self._writer, numbers), ways) if max(numbers) < 256 else None
        ports = re.search(r"client_port=(\d{1,5})-(\d{1,5})", asked)
        if not ports or "multicast" in asked:
            return None
        channel = DatagramChannel(self._writer.get_extra_info("peername")[0], (int(ports[1]), int(ports[2])))
        mine = "-".join(map(str, channel.server_ports))
        return channel, f"RTP/AVP;unicast;{ports[0]};server_port={mine}"

    def _play(self, request: Request, camera: SimulatedCamera, track: Track) -> Answer:
        if self._delivery is None:
            return Answer(455)
        return Answer(200, (("Session", self._session), ("Range", "npt=0.000-")))

    def _teardown(self, request: Request, camera: SimulatedCamera, track: Track) -> Answer:
        return Answer(200)

    def _keepalive(self, request: Request, camera: SimulatedCamera, track: Track) -> Answer:
        return Answer(200, (("Session", self._session),)) if self._session else Answer(454)

    def _write(self, request: Request, answer: Answer) -> None:
        lines = [f"RTSP/1.0 {answer.status} {REASONS[answer.status]}", f"CSeq: {request.headers.get('cseq', '0')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if answer.body:
            lines.append(f"Content-Length: {len(answer.body)}")
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + answer.body)


def _parse(head: bytes) -> Request:
    first, *lines = head.decode().strip().split("\r\n")
    method, url, *_ = [*first.split(" "), "", ""]
    pairs = (line.partition(":") for line in lines)
    return Request(method, url, {name.strip().lower(): value.strip() for name, _, value in pairs})
