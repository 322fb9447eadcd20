"""Live pictures over WebSocket and LL-HLS, and the state of the cameras."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from binhyen.media.live.channel import Channel
from binhyen.media.live.feeds import STREAMS, Channels
from binhyen.media.live.hls import NotThere, Packager
from binhyen.media.live.viewer import Viewer
from binhyen.media.playback.problems import BadRequestError, camera_of, problem

SEND_S = 20.0
HLS_IDLE_S = 20.0
PLAYLIST = "application/vnd.apple.mpegurl"


def add(app: web.Application, channels: Channels, run_folder: Path) -> None:
    """Put the routes into `app`."""
    live = LiveRoutes(channels, run_folder)
    app.router.add_get("/v1/status", live.status)
    app.router.add_get("/v1/live/{code}", live.socket)
    app.router.add_get("/v1/hls/{code}/{stream}/live.m3u8", live.playlist)
    app.router.add_get("/v1/hls/{code}/{stream}/{piece:(?:init|part|segment)}-{rest}", live.piece)
    app.on_shutdown.append(live.shut_down)


class LiveRoutes:
    """Handlers; each is one look of one browser, passed on by the centre."""

    def __init__(self, channels: Channels, run_folder: Path) -> None:
        self._channels = channels
        self._run_folder = run_folder
        self._hls = _Packagers(channels)
        self._sockets: set[web.WebSocketResponse] = set()

    async def status(self, _: web.Request) -> web.Response:
        """What the recorders say of their cameras; a recorder that has said nothing yet is left out."""
        statuses = [status for path in sorted(self._run_folder.glob("status-*.json")) for status in _read_status(path)]
        return web.json_response({"cameras": statuses})

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """Frames as they come, until the browser goes."""
        channel = self._channels.acquire(camera_of(request), _stream(request.query.get("stream", "main")))
        viewer = channel.join()
        socket = web.WebSocketResponse(compress=False, heartbeat=20, max_msg_size=1024)
        try:
            await socket.prepare(request)
            self._sockets.add(socket)
            await _until_either_ends(_send_all(socket, viewer), _until_gone(socket))
        finally:
            self._sockets.discard(socket)
            channel.leave(viewer)
            self._channels.release(channel)
        return socket

    async def playlist(self, request: web.Request) -> web.Response:
        """The LL-HLS playlist, held back until the wanted part exists."""
        packager = self._hls.use(camera_of(request), _stream(request.match_info["stream"]))
        number, part = _whole(request, "_HLS_msn"), _whole(request, "_HLS_part")
        try:
            text = await packager.playlist(number, part)
        except NotThere:
            return problem(503, "no_picture", "Camera chưa có hình.")
        return web.Response(text=text, content_type=PLAYLIST, headers={"Cache-Control": "no-store"})

    async def piece(self, request: web.Request) -> web.Response:
        """An init segment, a part or a whole segment."""
        packager = self._hls.use(camera_of(request), _stream(request.match_info["stream"]))
        numbers = [int(n) for n in request.match_info["rest"].split(".")[0].split("-") if n.isdigit()]
        finders: dict[tuple[str, int], Callable[..., Any]] = {
            ("init", 1): packager.init, ("segment", 1): packager.segment, ("part", 2): packager.part,
        }  # fmt: skip
        find = finders.get((request.match_info["piece"], len(numbers)))
        if find is None:
            return problem(404, "not_there", "Không có đoạn hình này.")
        try:
            return web.Response(body=await find(*numbers), content_type="video/mp4")
        except NotThere:
            return problem(404, "not_there", "Không có đoạn hình này.")

    async def shut_down(self, _: web.Application) -> None:
        """End every look at once."""
        for socket in tuple(self._sockets):
            await socket.close(code=1001)
        self._hls.close()


class _Packagers:
    """HLS packagers by channel, closed when nobody has asked for a while."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels
        self._open: dict[tuple[str, str], tuple[Packager, Channel]] = {}
        self._used_at: dict[tuple[str, str], float] = {}
        self._timers: dict[tuple[str, str], asyncio.TimerHandle] = {}

    def use(self, code: str, stream: str) -> Packager:
        key = (code, stream)
        self._used_at[key] = time.monotonic()
        if key not in self._open:
            channel = self._channels.acquire(code, stream)
            self._open[key] = (Packager(channel), channel)
            self._look_later(key)
        return self._open[key][0]

    def close(self) -> None:
        for key in tuple(self._open):
            self._close(key)

    def _look_later(self, key: tuple[str, str]) -> None:
        self._timers[key] = asyncio.get_running_loop().call_later(HLS_IDLE_S, self._close_if_idle, key)

    def _close_if_idle(self, key: tuple[str, str]) -> None:
        if time.monotonic() - self._used_at[key] >= HLS_IDLE_S:
            self._close(key)
        else:
            self._look_later(key)

    def _close(self, key: tuple[str, str]) -> None:
        packager, channel = self._open.pop(key)
        self._timers.pop(key).cancel()
        packager.close()
        self._channels.release(channel)


async def _send_all(socket: web.WebSocketResponse, viewer: Viewer) -> None:
    """Send what the viewer has; a browser that takes nothing for a while is let go."""
    while True:
        message = await viewer.next()
        async with asyncio.timeout(SEND_S):
            if isinstance(message.payload, str):
                await socket.send_str(message.payload)
            else:
                await socket.send_bytes(message.payload)


async def _until_gone(socket: web.WebSocketResponse) -> None:
    async for _ in socket:
        continue  # a viewer has nothing to say


async def _until_either_ends(*works: Any) -> None:
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # a lost connection ends a look; it is no error


def _read_status(path: Path) -> list[Any]:
    """The cameras in one recorder's state file, or nothing while it is being made."""
    try:
        told = json.loads(path.read_text())
    except (OSError, ValueError):
        return []
    found = told.get("cameras", told.get("statuses", [])) if isinstance(told, dict) else told
    return found if isinstance(found, list) else []


def _stream(name: str) -> str:
    if name not in STREAMS:
        raise BadRequestError(f"Không có luồng {name[:40]!r}; chỉ có main và sub.")
    return name


def _whole(request: web.Request, name: str) -> int | None:
    text = request.query.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequestError(f"Tham số {name} phải là số nguyên.")
    return int(text)
