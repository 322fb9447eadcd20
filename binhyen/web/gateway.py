"""The way of pictures from the live node to a browser: proxies without a rule of their own.

Who may look is decided by `allowed`, which the caller brings; it is asked again and again while a look lasts, so
that taking a right away ends a running player. Pure ASGI: no framework, no database, nothing buffered whole.
The node's address and token never reach the browser.

Close codes of the WebSocket, each with a JSON reason `{"code": …, "reason": …}` (cut to the 123 bytes that
RFC 6455 §5.5 allows; the full one is sent as a text message before):
4401 the ticket is bad · 4403 the right is gone · 4404 the node refused · 4503 the node is away.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import aiohttp

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)

CLOSE_BAD_TICKET = 4401
CLOSE_REFUSED = 4403
CLOSE_NODE_REFUSED = 4404
CLOSE_NODE_AWAY = 4503
CLOSE_REASON_BYTES_MAX = 123
CHUNK_BYTES = 256 * 1024
CONNECT_S = 5.0
ANSWER_S = 30.0
PASSED_ON = ("content-type", "etag", "x-start", "x-end", "x-next", "x-at", "x-zero")
NODE_AWAY = "Máy phát hình đang không trả lời. Trang sẽ tự thử lại."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a look ends: a short code for the page and a whole sentence for the person."""

    code: str
    reason: str

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "reason": self.reason}


Allowed = Callable[[], Awaitable[Refusal | None]]


class _Ended(Exception):  # not an error: how a look ends
    def __init__(self, close_code: int, refusal: Refusal | None = None) -> None:
        super().__init__(close_code)
        self.close_code = close_code
        self.refusal = refusal


async def refuse_websocket(
    receive: Receive, send: Send, refusal: Refusal, *, close_code: int = CLOSE_BAD_TICKET
) -> None:
    """Accept and close at once: a browser shows the code and reason only of an accepted socket."""
    await receive()
    await send({"type": "websocket.accept"})
    await _close(send, close_code, refusal)


async def proxy_websocket(
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    node_url: str,
    token: str,
    allowed: Allowed,
    check_every_s: float = 2.0,
) -> None:
    """Carry the node's messages to the browser until one of them goes or the right is taken away.

    `scope` is taken as the ASGI triple is passed around; the address in it is the caller's to read.
    `node_url` is the whole address at the node ("http://127.0.0.1:8123/v1/live/CAM-1?stream=main").
    A slow browser slows the reading from the node down, and the node drops to the next key frame for it.
    """
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    try:
        refusal = await allowed()
        if refusal is not None:
            raise _Ended(CLOSE_REFUSED, refusal)
        await _carry(receive, send, node_url=node_url, token=token, allowed=allowed, check_every_s=check_every_s)
    except _Ended as end:
        await _close(send, end.close_code, end.refusal)


async def _carry(
    receive: Receive, send: Send, *, node_url: str, token: str, allowed: Allowed, check_every_s: float
) -> None:
    timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_S)
    async with aiohttp.ClientSession(timeout=timeout, headers=_bearer(token)) as session:
        try:
            node = await session.ws_connect(node_url, max_msg_size=0, heartbeat=20)
        except aiohttp.WSServerHandshakeError as error:
            refusal = Refusal("node_refused", f"Không mở được hình của camera này ({error.status}).")
            raise _Ended(CLOSE_NODE_REFUSED, refusal) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _Ended(CLOSE_NODE_AWAY, Refusal("node_away", NODE_AWAY)) from error
        try:
            await _first_to_end(_pour(node, send), _listen(receive), _watch_right(allowed, check_every_s))
        finally:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                await node.close()


async def _first_to_end(*works: Awaitable[None]) -> None:
    """Run all; the first that raises _Ended (or fails) ends the others."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pour(node: aiohttp.ClientWebSocketResponse, send: Send) -> None:
    async for message in node:
        if message.type is aiohttp.WSMsgType.BINARY:
            await send({"type": "websocket.send", "bytes": message.data})
        elif message.type is aiohttp.WSMsgType.TEXT:
            await send({"type": "websocket.send", "text": message.data})
    raise _Ended(CLOSE_NODE_AWAY, Refusal("node_away", NODE_AWAY))


async def _listen(receive: Receive) -> None:
    """Nothing a browser sends is passed on; only its going away counts."""
    while (await receive())["type"] != "websocket.disconnect":
        pass
    raise _Ended(0)


async def _watch_right(allowed: Allowed, check_every_s: float) -> None:
    while True:
        await asyncio.sleep(check_every_s)
        refusal = await allowed()
        if refusal is not None:
            raise _Ended(CLOSE_REFUSED, refusal)


async def _close(send: Send, close_code: int, refusal: Refusal | None) -> None:
    if close_code == 0:
        return  # the browser went first
    with contextlib.suppress(RuntimeError, OSError):  # it may go at this very moment
        if refusal is not None:
            text = json.dumps({"ended": refusal.as_dict()}, ensure_ascii=False)
            await send({"type": "websocket.send", "text": text})
        await send({"type": "websocket.close", "code": close_code, "reason": _close_reason(refusal)})


def _close_reason(refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    whole = json.dumps(refusal.as_dict(), ensure_ascii=False)
    return whole if len(whole.encode()) <= CLOSE_REASON_BYTES_MAX else json.dumps({"code": refusal.code})


async def proxy_http(send: Send, *, node_url: str, token: str, allowed: Allowed, check_every_s: float = 2.0) -> None:
    """Stream the node's answer to `node_url` with flat memory; ends early when the right is gone.

    Only the headers that a player needs are passed on, with `no-store`: footage stays in no cache. No length is
    told, so that an answer that ends early is still a well-formed one; the next request is refused with 403.
    """
    refusal = await allowed()
    if refusal is not None:
        await answer_json(send, 403, refusal.as_dict())
        return
    timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_S, sock_read=ANSWER_S)
    async with aiohttp.ClientSession(timeout=timeout, headers=_bearer(token), auto_decompress=False) as session:
        try:
            response = await session.get(node_url)
        except (aiohttp.ClientError, OSError, TimeoutError):
            await answer_json(send, 503, {"code": "node_away", "reason": NODE_AWAY})
            return
        async with response:
            await send({"type": "http.response.start", "status": response.status, "headers": _headers(response)})
            async for chunk in _while_allowed(response, allowed, check_every_s):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _while_allowed(
    response: aiohttp.ClientResponse, allowed: Allowed, check_every_s: float
) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    due = loop.time() + check_every_s
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        if loop.time() >= due:
            due = loop.time() + check_every_s
            if not await _still_allowed(allowed):
                return
        yield chunk


async def _still_allowed(allowed: Allowed) -> bool:
    """In the middle of an answer the only way to say no is to end it; so too when the rules cannot be asked."""
    try:
        return await allowed() is None
    except Exception:  # any failure of the caller's question means that there is no right
        log.warning("Không hỏi được quyền xem khi đang gửi hình; đã dừng gửi.", exc_info=True)
        return False


def _headers(response: aiohttp.ClientResponse) -> list[tuple[bytes, bytes]]:
    kept = [(name.encode(), response.headers[name].encode()) for name in PASSED_ON if name in response.headers]
    return [*kept, (b"cache-control", b"private, no-store"), (b"x-content-type-options", b"nosniff")]


async def answer_json(send: Send, status: int, content: dict[str, Any]) -> None:
    """A whole small answer."""
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
