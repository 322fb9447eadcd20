"""Everything between a camera and a browser in one thread: feed server, live node, gateway behind uvicorn."""

import asyncio
import contextlib
import json
import secrets
import threading
import urllib.parse
from pathlib import Path

import uvicorn
from aiohttp import web

from binhyen.media.feed import FeedServer
from binhyen.media.live.node import application
from binhyen.media.playback.tests.pictures import Camera, LoopReactor, parameter_sets
from binhyen.web.gateway import Refusal, answer_json, proxy_http, proxy_websocket, refuse_websocket

ROOT = Path(__file__).resolve().parents[2]
PAGES = Path(__file__).parent / "pages"
STATIC = {
    "/static/islands/": ROOT / "binhyen/web/static/islands",
    "/static/hls.js/": ROOT / "node_modules/hls.js/dist",
    "/pages/": PAGES,
    "/static/fonts/": ROOT / "node_modules/@fontsource/be-vietnam-pro",
}
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8"}
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; " \
      "img-src 'self' blob:; font-src 'self'; worker-src 'self' blob:; base-uri 'none'"  # fmt: skip


class Rig:
    """`with Rig(folder, {"CAM-001": clip}) as rig: rig.url(...)`. `refusals[code]` takes the right away."""

    def __init__(self, folder: Path, clips: dict) -> None:
        self.folder = folder
        self.clips = clips
        self.cameras: dict[str, Camera] = {}
        self.refusals: dict[str, Refusal] = {}
        self.unknown: set[str] = set()  # cameras whose looks are answered as if there were none
        self.looks: list[dict] = []
        self.token = secrets.token_hex(16)
        self._tickets: dict[str, str] = {}
        self._ready = threading.Event()
        (folder / "run").mkdir(parents=True, exist_ok=True)

    def __enter__(self):
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(20)

    def url(self, page: str) -> str:
        return f"http://127.0.0.1:{self.port}{page}"

    def interrupt(self, code: str, reason: str) -> None:
        """The recorder loses the camera and finds it again a second later."""
        camera = self.cameras[code]

        def lose() -> None:
            camera.silent = True
            self._feed.ended(code, reason)
            self._loop.call_later(1.5, find)

        def find() -> None:
            self._feed.parameters(code, camera.sets)
            camera.silent = False

        self._loop.call_soon_threadsafe(lose)

    def change(self, code: str, clip) -> None:
        """The camera goes over to another resolution in the middle of the stream."""

        def go_over() -> None:
            camera = self.cameras[code]
            camera.clip, camera.sets = clip, parameter_sets(clip)
            self._feed.parameters(code, camera.sets)

        self._loop.call_soon_threadsafe(go_over)

    def watching(self) -> int:
        return sum(camera.watched for camera in self.cameras.values())

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self._feed = feed = FeedServer(
            self.folder / "run" / "feed-0.sock", LoopReactor(self._loop), lambda code: self.cameras.get(code)
        )
        tasks = []
        for code, clip in self.clips.items():
            camera = self.cameras[code] = Camera(clip, lambda unit, code=code: feed.unit(code, unit))
            tasks.append(asyncio.create_task(camera.play()))
        runner = web.AppRunner(application(self.folder, self.token), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.node = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await self._serve_front()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await runner.cleanup()
        feed.close()

    async def _serve_front(self) -> None:
        config = uvicorn.Config(
            self._front,
            interface="asgi3",
            port=0,
            log_level="error",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        self.port = server.servers[0].sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    async def _front(self, scope, receive, send) -> None:
        path, query = scope["path"], dict(urllib.parse.parse_qsl(scope["query_string"].decode()))
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, path.rsplit("/", 1)[1], query)
        elif path.startswith("/xem/"):
            await self._open_look(receive, send, path.split("/")[2])
        elif path.startswith("/look/"):
            await self._look(send, path, scope["query_string"].decode())
        else:
            await self._file(send, path)

    async def _open_look(self, receive, send, code) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.looks.append({"camera": code, **dict(urllib.parse.parse_qsl(body.decode()))})
        if code in self.refusals:
            await answer_json(send, 403, self.refusals[code].as_dict())
            return
        ticket = secrets.token_urlsafe(8)
        self._tickets[ticket] = code
        await answer_json(send, 200, {"look": f"L-{code}", "ticket": ticket, "expires_in": 60})

    async def _socket(self, scope, receive, send, code, query) -> None:
        if self._tickets.pop(query.get("ticket", ""), "") != code:
            await refuse_websocket(receive, send, Refusal("bad_ticket", "Vé xem đã hết hạn."))
            return
        node_url = f"{self.node}/v1/live/{code}?stream={query.get('stream', 'main')}"
        await proxy_websocket(
            scope, receive, send, node_url=node_url, token=self.token, allowed=self._allowed(code), check_every_s=0.2
        )

    async def _look(self, send, path, query) -> None:
        _, _, look, rest = path.split("/", 3)
        code = look.removeprefix("L-")
        if code in self.unknown:
            await answer_json(send, 404, {"code": "not_found", "reason": "Không có lượt xem này."})
            return
        kind, _, tail = rest.partition("/")
        node_url = f"{self.node}/v1/{kind}/{code}{'/' + tail if tail else ''}{'?' + query if query else ''}"
        await proxy_http(send, node_url=node_url, token=self.token, allowed=self._allowed(code))

    def _allowed(self, code):
        async def allowed():
            return self.refusals.get(code)

        return allowed

    async def _file(self, send, path) -> None:
        for prefix, folder in STATIC.items():
            file = folder / path.removeprefix(prefix)
            if path.startswith(prefix) and file.is_file():
                headers = [
                    (b"content-type", TYPES.get(file.suffix, "application/octet-stream").encode()),
                    (b"content-security-policy", CSP.encode()),
                ]
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                await send({"type": "http.response.body", "body": file.read_bytes()})
                return
        await answer_json(send, 404, {"code": "not_found", "reason": json.dumps(path)})
