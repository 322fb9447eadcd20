"""A stand-in for the live node: speaks its HTTP on a real socket and remembers what it was asked."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from aiohttp import web

TICK_S = 0.1
PARAMETERS = '{"mime": "video/mp4; codecs=\\"avc1.64001f\\"", "width": 16, "height": 16}'


def run_apart(coroutine):
    """The result of `coroutine`, run in a thread: Playwright keeps a loop going in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@dataclass
class FakeNode:
    """`asked` holds "/v1/…" with the query of each request that brought the right token."""

    token: str
    url: str = ""
    asked: list[str] = field(default_factory=list)
    live_now: int = 0

    async def live(self, request):
        self._note(request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(PARAMETERS)
        self.live_now += 1
        try:
            while not socket.closed:
                await socket.send_bytes(b"\0" * 16 + b"picture")
                await asyncio.sleep(TICK_S)
        except ConnectionError:
            pass
        finally:
            self.live_now -= 1
        return socket

    async def media(self, request):
        self._note(request)
        return web.Response(body=b"film", content_type="video/mp4", headers={"X-Start": request.query["from"]})

    async def endless(self, request):
        """A file that takes for ever to come."""
        self._note(request)
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"film")
            await asyncio.sleep(TICK_S)

    async def timeline(self, request):
        self._note(request)
        start, end = int(request.query["from"]), int(request.query["to"])
        span = {"start": start - 10, "end": end + 10}
        return web.json_response(
            {"segments": [span], "gaps": [span | {"reason": "silent"}], "holds": [span], "being_written": span}
        )

    async def still(self, request):
        self._note(request)
        return web.Response(body=b"jpeg", content_type="image/jpeg", headers={"X-At": request.query["at"]})

    def _note(self, request):
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise web.HTTPUnauthorized
        self.asked.append(request.path_qs)

    def application(self):
        app = web.Application()
        app.router.add_get("/v1/live/{code}", self.live)
        app.router.add_get("/v1/media/{code}", self.media)
        app.router.add_get("/v1/timeline/{code}", self.timeline)
        app.router.add_get("/v1/snapshot/{code}", self.still)
        app.router.add_get("/v1/hls/{code}/{stream}/endless.mp4", self.endless)
        app.router.add_get("/v1/hls/{code}/{stream}/{file}", self._hls)
        return app

    async def _hls(self, request):
        self._note(request)
        return web.Response(text="#EXTM3U", content_type="application/vnd.apple.mpegurl")


class RunningNode:
    """The node in a thread with a loop of its own."""

    def __init__(self, token):
        self.node = FakeNode(token)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self.node

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        runner = web.AppRunner(self.node.application(), shutdown_timeout=0.1)
        self._loop.run_until_complete(self._start(runner))
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _start(self, runner):
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.node.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
