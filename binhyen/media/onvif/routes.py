"""What the centre may ask a node about cameras that are not recorded yet: `POST /v1/devices/…`, JSON of contract types.

The node alone talks to cameras, from the network where they are. It keeps nothing of what it is asked: a password
lives as long as the request. What a camera does wrong is a sentence in the answer, never a status.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aiohttp import web

from binhyen.contracts import Clock, ContractError, dump, load
from binhyen.contracts.devices import (
    ClockReport,
    DeviceLogin,
    DeviceReport,
    PasswordTrial,
    Search,
    SnapshotAsk,
    StreamAsk,
    StreamReport,
)
from binhyen.media.onvif import discovery
from binhyen.media.onvif.device import OnvifCamera
from binhyen.media.onvif.passwords import PasswordTrials
from binhyen.media.playback.problems import BadRequestError, problem
from binhyen.media.probe import probe
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import SourceError
from binhyen.media.sources.urls import parse_camera_url

STREAMS_AT_ONCE = 24
CAMERAS_AT_ONCE = 32
DEVICE_S_MAX = 40.0
STREAM_S_MAX = 12.0
TOO_SLOW = "Camera trả lời quá chậm. Hãy kiểm tra đường mạng rồi thử lại."

Kind = TypeVar("Kind")


def add(app: web.Application, *, clock: Clock, policy: AddressPolicy) -> None:
    """Put the routes into `app`."""
    devices = DeviceRoutes(clock, policy)
    for name in ("search", "describe", "snapshot", "set-time", "passwords", "stream"):
        app.router.add_post(f"/v1/devices/{name}", getattr(devices, name.replace("-", "_")))
    app.on_cleanup.append(devices.close)


class DeviceRoutes:
    """Handlers. So many cameras are asked at once; more wait."""

    def __init__(self, clock: Clock, policy: AddressPolicy) -> None:
        self._clock, self._policy = clock, policy
        self._threads = ThreadPoolExecutor(STREAMS_AT_ONCE, thread_name_prefix="probe")
        self._cameras = asyncio.Semaphore(CAMERAS_AT_ONCE)
        self._searching = asyncio.Lock()
        self._trials = PasswordTrials(policy=policy, clock=clock, open_stream=self._opens_to_nobody)

    async def search(self, request: web.Request) -> web.Response:
        """Cameras that answer a probe; one search at a time."""
        asked = await _asked(request, Search)
        async with self._searching:
            return web.json_response(dump(await discovery.search(asked, policy=self._policy)))

    async def describe(self, request: web.Request) -> web.Response:
        """What a camera says of itself and its streams."""
        login = await _asked(request, DeviceLogin)
        return await self._of_camera(login, lambda camera: camera.describe(), lambda e: DeviceReport(error=e))

    async def set_time(self, request: web.Request) -> web.Response:
        """Set a camera's clock to the node's."""
        login = await _asked(request, DeviceLogin)
        return await self._of_camera(login, lambda camera: camera.set_time(), lambda e: ClockReport(error=e))

    async def snapshot(self, request: web.Request) -> web.Response:
        """A JPEG, or 502 with a sentence."""
        asked = await _asked(request, SnapshotAsk)
        try:
            async with self._cameras, asyncio.timeout(DEVICE_S_MAX), self._camera(asked.login) as camera:
                picture = await camera.picture(asked.snapshot_url)
        except SourceError as error:
            return problem(502, "no_picture", str(error))
        except TimeoutError:
            return problem(502, "no_picture", TOO_SLOW)
        return web.Response(body=picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})

    async def passwords(self, request: web.Request) -> web.Response:
        """Whether a camera's defaults are refused, found out by trying; takes up to half a minute."""
        trial = await _asked(request, PasswordTrial)
        async with self._cameras:
            return web.json_response(dump(await self._trials.run(trial)))

    async def stream(self, request: web.Request) -> web.Response:
        """Codec, size and rate of a stream, or why not."""
        asked = await _asked(request, StreamAsk)
        return web.json_response(dump(await self._look_at(asked.url)))

    async def close(self, _: web.Application) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _of_camera(
        self,
        login: DeviceLogin,
        ask: Callable[[OnvifCamera], Awaitable[DeviceReport | ClockReport]],
        failed: Callable[[str], DeviceReport | ClockReport],
    ) -> web.Response:
        try:
            async with self._cameras, asyncio.timeout(DEVICE_S_MAX), self._camera(login) as camera:
                report = await ask(camera)
        except SourceError as error:
            report = failed(str(error))
        except TimeoutError:
            report = failed(TOO_SLOW)
        return web.json_response(dump(report))

    def _camera(self, login: DeviceLogin) -> OnvifCamera:
        return OnvifCamera(login, policy=self._policy, clock=self._clock)

    async def _look_at(self, url: str) -> StreamReport:
        loop = asyncio.get_running_loop()
        told = await loop.run_in_executor(
            self._threads, lambda: probe(url, timeout_s=STREAM_S_MAX, address_policy=self._policy, clock=self._clock)
        )
        return StreamReport(told.codec, told.mime, told.width, told.height, told.fps, told.bits_per_second, told.error)

    async def _opens_to_nobody(self, url: str) -> bool:
        try:
            bare = parse_camera_url(url).request_url
        except SourceError:
            return False
        return not (await self._look_at(bare)).error


async def _asked(request: web.Request, kind: type[Kind]) -> Kind:
    try:
        return load(kind, await request.json())
    except (json.JSONDecodeError, UnicodeDecodeError, ContractError) as error:
        raise BadRequestError("Yêu cầu không đúng dạng.") from error  # its words may hold a password
