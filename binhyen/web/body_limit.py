"""How much anybody may send in one request, before anything is known of them (S06).

Django keeps a body in a file before it looks at it; without a bound a stranger could fill the disk. Pure ASGI, around
everything: what says itself how long it is, is refused unread; what does not is counted while it comes.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

BODY_BYTES_MAX = 12_000_000
"""A table of `sheets.limits.UPLOAD_BYTES_MAX` in a form, with room for the form's own words."""

SENTENCE = (
    f"Nội dung gửi lên lớn hơn {BODY_BYTES_MAX // 1_000_000} MB nên không được nhận; chưa có gì được ghi. "
    "Hãy chia thành nhiều tệp nhỏ hơn rồi gửi lại."
)
_PAGE = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    f"<title>Tệp quá lớn</title><h1>Tệp quá lớn</h1><p>{SENTENCE}</p>"
)


class _TooLarge(Exception):
    """More came than may."""


def limited(application: Application, *, most: int = BODY_BYTES_MAX) -> Application:
    """`application` that never sees more than `most` bytes of a body."""

    async def within_limit(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
        elif _declared(scope) > most:
            await _refuse(scope, send)
        else:
            await _counted(application, scope, receive, send, most)

    return within_limit


async def _counted(
    application: Application, scope: MutableMapping[str, Any], receive: Receive, send: Send, most: int
) -> None:
    taken, has_begun = 0, False

    async def count() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise _TooLarge
        return message

    async def begin(message: Message) -> None:
        nonlocal has_begun
        has_begun = True
        await send(message)

    try:
        await application(scope, count, begin)
    except _TooLarge:
        if not has_begun:
            await _refuse(scope, send)


def _declared(scope: MutableMapping[str, Any]) -> int:
    """What the request says of itself; the server has refused what is no number."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _refuse(scope: MutableMapping[str, Any], send: Send) -> None:
    wants_json = scope["path"].startswith("/api/") or b"application/json" in dict(scope["headers"]).get(b"accept", b"")
    body = json.dumps({"code": "too_large", "detail": SENTENCE}, ensure_ascii=False) if wants_json else _PAGE
    kind = b"application/json" if wants_json else b"text/html; charset=utf-8"
    # The rest of the body is not read: the connection cannot be used again.
    headers = [(b"content-type", kind), (b"connection", b"close"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
