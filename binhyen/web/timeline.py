"""A camera's timeline from the node to a browser, cut to what the person may know."""

from typing import Any

import aiohttp

from binhyen.modules.cameras.public import Window
from binhyen.web import gateway
from binhyen.web.gateway import Send

ANSWER_S = 15.0


async def send_timeline(send: Send, *, node_url: str, token: str, window: Window, with_holds: bool) -> None:
    """Answer with segments, gaps and holds inside `window`. An owner is told no holds: they would tell of a case."""
    timeout = aiohttp.ClientTimeout(total=ANSWER_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers={"Authorization": f"Bearer {token}"}) as session,
            session.get(node_url) as response,
        ):
            status, told = response.status, await response.json()
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        await gateway.answer_json(send, 503, {"code": "node_away", "reason": gateway.NODE_AWAY})
        return
    if status == 200:
        written = _cut([told["being_written"]] if told.get("being_written") else [], window)
        told = {name: _cut(told.get(name, []), window) for name in ("segments", "gaps", "holds")}
        told |= {"being_written": written[0] if written else None, "from": window.start, "to": window.end}
        told |= {} if with_holds else {"holds": []}
    await gateway.answer_json(send, status, told)


def _cut(spans: list[dict[str, Any]], window: Window) -> list[dict[str, Any]]:
    inside = [span for span in spans if span["start"] < window.end and span["end"] > window.start]
    return [span | {"start": max(span["start"], window.start), "end": min(span["end"], window.end)} for span in inside]
