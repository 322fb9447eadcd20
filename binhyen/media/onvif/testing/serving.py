"""Many simulated cameras, each on a port of its own, in one thread."""

import asyncio
import contextlib
import threading
from typing import Self

from aiohttp import web

from binhyen.media.onvif.soap import ANSWER_BYTES_MAX, read_xml
from binhyen.media.onvif.testing.device import NAMESPACES, Misdeed, OnvifDouble

START_LIMIT_S = 10.0
SLOW_S = 60.0
_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><s>&i;</s>"
)


class OnvifCameras:
    """Serves cameras from a thread of its own: `with OnvifCameras(first, second):`; each then has its `address`."""

    def __init__(self, *cameras: OnvifDouble, host: str = "127.0.0.1") -> None:
        self._cameras, self._host = cameras, host
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="onvif-doubles", daemon=True)
        self._runners: list[web.AppRunner] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(START_LIMIT_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_LIMIT_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._close())
        self._loop.close()

    async def _open(self) -> None:
        for camera in self._cameras:
            runner = web.AppRunner(_application(camera), access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, self._host, 0, backlog=256).start()
            camera.address = f"http://{self._host}:{runner.addresses[0][1]}"
            self._runners.append(runner)

    async def _close(self) -> None:
        for runner in self._runners:
            await runner.cleanup()


def _application(camera: OnvifDouble) -> web.Application:
    app = web.Application(client_max_size=ANSWER_BYTES_MAX)

    async def soap(request: web.Request) -> web.StreamResponse:
        wrong = await _misdeed(camera, request)
        if wrong is not None:
            return wrong
        status, body = camera.answer(read_xml(await request.read()), request.headers.get("Authorization", ""))
        headers = dict(camera.guard.challenge()) if status == 401 else {}
        return web.Response(
            status=status,
            headers=headers,
            text='<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
            f"{NAMESPACES}><s:Body>{body}</s:Body></s:Envelope>",
            content_type="application/soap+xml",
        )

    async def picture(request: web.Request) -> web.StreamResponse:
        camera.asked.append("picture")
        wrong = await _misdeed(camera, request)
        if wrong is not None:
            return wrong
        authorization = request.headers.get("Authorization", "")
        if camera.accounts and not (authorization and camera.guard.admits_digest(authorization, "GET")):
            return web.Response(status=401, headers=dict(camera.guard.challenge()))
        return web.Response(body=camera.picture, content_type="image/jpeg")

    app.router.add_post("/onvif/{service}", soap)
    app.router.add_get("/picture", picture)
    return app


async def _misdeed(camera: OnvifDouble, request: web.Request) -> web.StreamResponse | None:
    match camera.misdeed:
        case Misdeed.GARBAGE:
            return web.Response(body=bytes(range(256)) * 40)
        case Misdeed.BOMB:
            return web.Response(text=_BOMB, content_type="application/soap+xml")
        case Misdeed.HUGE:
            return await _without_end(request, b"<a/>" * 16_384, 0.0)
        case Misdeed.DEEP:
            return web.Response(text="<a>" * 200_000, content_type="application/soap+xml")
        case Misdeed.SLOW:
            await asyncio.sleep(SLOW_S)
        case Misdeed.DRIP:
            return await _without_end(request, b" ", 0.2)
        case Misdeed.REDIRECT:
            return web.Response(status=307, headers={"Location": f"{camera.points_to}/latest/meta-data/"})
        case Misdeed.BASIC if "Authorization" not in request.headers:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="camera"'})
        case Misdeed.HANG_UP if request.transport is not None:
            request.transport.close()
    return None


async def _without_end(request: web.Request, part: bytes, pause_s: float) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        while True:
            await response.write(part)
            await asyncio.sleep(pause_s)
    return response
