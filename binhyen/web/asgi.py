"""The ASGI application: Django for pages, the gateway for live pictures and footage."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhyen.settings")

from django.core.asgi import get_asgi_application  # Django reads the environment at import

_pages = get_asgi_application()

from binhyen.web import looks  # noqa: E402  # models can be imported only after the line above
from binhyen.web.body_limit import limited  # noqa: E402  # as above

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def _everything(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Pictures go through the gateway, everything else through Django."""
    if scope["type"] == "websocket":
        await looks.serve_websocket(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith(looks.PREFIX):
        await looks.serve_http(scope, receive, send)
    else:
        await _pages(scope, receive, send)


application = limited(_everything)
