"""The page that `binhyen bench live` opens: one tile, through the gateway, with nobody to refuse."""

import asyncio
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from binhyen.web.gateway import Receive, Refusal, Scope, Send, answer_json, proxy_websocket

ISLANDS = Path(__file__).resolve().parents[1] / "web" / "static" / "islands"
PAGE = b"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>bench</title>
<link rel="stylesheet" href="/islands/islands.css"><script type="module" src="/islands/live-tile.js"></script></head>
<body><by-live-tile camera="%s" measure></by-live-tile></body></html>"""
TYPES = {".js": b"text/javascript", ".css": b"text/css"}
START_LIMIT_S = 20.0


@contextmanager
def serve_page(node_url: str, token: str) -> Iterator[str]:
    """Serve on a free port in a thread; yields the address."""
    front = _Front(node_url, token)
    config = uvicorn.Config(
        front.answer, interface="asgi3", port=0, log_level="error", ws_per_message_deflate=False, lifespan="off",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(server, ready)), daemon=True)
    thread.start()
    if not ready.wait(START_LIMIT_S):
        raise TimeoutError("the page was not served")
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(START_LIMIT_S)


async def _serve(server: uvicorn.Server, ready: threading.Event) -> None:
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    ready.set()
    await serving


class _Front:
    def __init__(self, node_url: str, token: str) -> None:
        self._node_url = node_url
        self._token = token

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        query = dict(urllib.parse.parse_qsl(scope["query_string"].decode()))
        if scope["type"] == "websocket":
            url = f"{self._node_url}/v1/live/{path.rsplit('/', 1)[1]}"
            await proxy_websocket(scope, receive, send, node_url=url, token=self._token, allowed=_always)
        elif path.startswith("/xem/"):
            await answer_json(send, 200, {"look": "L", "ticket": "T", "expires_in": 60})
        elif path.startswith("/islands/"):
            file = ISLANDS / Path(path).name
            await _send(send, file.read_bytes(), TYPES[file.suffix])
        else:
            await _send(send, PAGE % query.get("camera", "").encode(), b"text/html; charset=utf-8")


async def _always() -> Refusal | None:
    return None


async def _send(send: Send, body: bytes, kind: bytes) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": body})
