"""From a look to its pictures: who asks is established here, the rules are the cameras module's, the carrying is the
gateway's.

`/ws/live/<code>?ticket=…&stream=main|sub` · `/look/<id>/hls/<stream>/<file>` · `/look/<id>/media?from&to` ·
`/look/<id>/timeline?from&to` · `/look/<id>/snapshot?at`. Instants are microseconds UTC. Every request establishes the
session, asks the rules anew, and is clipped to the look's own window before the node hears of it.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.db import Error as DatabaseError
from django.db import connections
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host

from binhyen.contracts import Instant
from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Refusal, Refused
from binhyen.modules.cameras import public as cameras
from binhyen.web import gateway
from binhyen.web.gateway import Receive, Scope, Send
from binhyen.web.timeline import send_timeline

log = logging.getLogger(__name__)
T = TypeVar("T")

PREFIX = "/look/"
CHECK_EVERY_S = 2.0
CHECK_TAKES_S_MAX = 2.5  # with the time above less than the five seconds in which a right taken away must count
_LIVE = re.compile(r"/ws/live/([A-Z0-9-]{3,32})")
_LOOK = re.compile(r"/look/([0-9a-f-]{36})/(media|timeline|snapshot|hls/(?:main|sub)/[A-Za-z0-9._-]{1,80})")
_HLS_QUERY = frozenset({"_HLS_msn", "_HLS_part", "_HLS_skip"})
_KINDS = {"media": {"playback"}, "timeline": {"playback"}, "snapshot": {"playback", "snapshot"}, "hls": {"live"}}
# Rules are asked in threads of their own, so that a slow page never delays the end of a right.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="looks")

NO_SUCH_LOOK = Refusal("Không có lượt xem này.", code="not_found")
RIGHT_ENDED = Refusal(
    "Quyền xem đoạn hình này đã hết.", code="right_ended", remedy="Hãy xem lại vụ việc hoặc yêu cầu hình ảnh."
)
SIGNED_OUT = Refusal("Anh/Chị đã đăng xuất. Hãy đăng nhập lại.", code="signed_out")
FOREIGN_PAGE = Refusal("Trang này không thuộc hệ thống Bình Yên.", code="foreign_origin")
CENTRE_AWAY = gateway.Refusal("centre_away", "Cơ sở dữ liệu đang không trả lời. Trang sẽ tự thử lại.")
OUTSIDE = Refusal("Khoảng thời gian này nằm ngoài phần được phép xem.", code="outside_window")


class CentreAway(Exception):
    """The rules could not be asked in time; without an answer nothing is shown."""


@dataclass(frozen=True)
class Viewer:
    """Who asks, by the session cookie. Read anew for each check, so that signing out ends a player."""

    session_key: str

    def user(self) -> User | None:
        """The person signed in with this session, now."""
        if not self.session_key:
            return None
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(self.session_key)
        user = get_user(request)
        return user if isinstance(user, User) and user.is_active else None


async def serve_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """One live picture."""
    headers, query = _headers_of(scope), dict(parse_qsl(scope["query_string"].decode("latin-1")))
    matched = _LIVE.fullmatch(scope["path"])
    if matched is None or not _is_own_page(headers):
        refusal = NO_SUCH_LOOK if matched is None else FOREIGN_PAGE
        await gateway.refuse_websocket(receive, send, _told(refusal), close_code=gateway.CLOSE_REFUSED)
        return
    scope["query_string"] = b""  # the server writes the address of an accepted socket to its log: not the ticket
    code, viewer, stream = matched[1], _viewer(headers), "sub" if query.get("stream") == "sub" else "main"
    try:
        look = await _asked(lambda: _open(viewer, query.get("ticket", ""), code))
    except CentreAway:
        await gateway.refuse_websocket(receive, send, CENTRE_AWAY, close_code=gateway.CLOSE_NODE_AWAY)
        return
    if isinstance(look, Refusal):
        await gateway.refuse_websocket(receive, send, _told(look))
        return
    try:
        await _play(scope, receive, send, code=code, stream=stream, viewer=viewer, look_id=look)
    except CentreAway:
        await _close_away(send)


async def _play(
    scope: Scope, receive: Receive, send: Send, *, code: str, stream: str, viewer: Viewer, look_id: UUID
) -> None:
    last: list[gateway.Refusal] = []

    async def allowed() -> gateway.Refusal | None:
        refusal = await _asked(lambda: _refusal(viewer, look_id))
        last.extend([_told(refusal)] if refusal else [])
        return _told(refusal) if refusal else None

    try:
        await gateway.proxy_websocket(
            scope, receive, send, node_url=_node_url(f"live/{code}", {"stream": stream}),
            token=settings.BINHYEN_NODE_TOKEN, allowed=allowed, check_every_s=CHECK_EVERY_S,
        )  # fmt: skip
    finally:
        reason = last[0].reason if last else ""
        await asyncio.shield(_noted_end(look_id, reason))


async def _noted_end(look_id: UUID, reason: str) -> None:
    try:
        await _asked(lambda: cameras.end_look(look_id, reason=reason))
    except CentreAway:
        log.warning("Chưa ghi được lúc kết thúc của lượt xem %s: cơ sở dữ liệu không trả lời.", look_id)


async def serve_http(scope: Scope, receive: Receive, send: Send) -> None:
    """Footage, timeline, still or HLS file of one look."""
    headers, query = _headers_of(scope), dict(parse_qsl(scope["query_string"].decode("latin-1")))
    matched = _LOOK.fullmatch(scope["path"])
    if matched is None or scope["method"] != "GET" or not _is_own_page(headers):
        await gateway.answer_json(send, 404, _told(NO_SUCH_LOOK).as_dict())
        return
    viewer, what = _viewer(headers), matched[2]
    try:
        found = await _asked(lambda: _prepare(viewer, matched[1], what, query))
        if isinstance(found, Refusal):
            await gateway.answer_json(send, _status(found), _told(found).as_dict())
            return
        await _carry(send, found, viewer)
    except CentreAway:
        await gateway.answer_json(send, 503, CENTRE_AWAY.as_dict())


@dataclass(frozen=True)
class Prepared:
    """What to ask the node for one request, and how to go on asking the rules."""

    look_id: UUID
    node_url: str
    what: str
    window: cameras.Window
    is_own: bool


async def _carry(send: Send, asked: Prepared, viewer: Viewer) -> None:
    if asked.what == "timeline":
        await send_timeline(
            send, node_url=asked.node_url, token=settings.BINHYEN_NODE_TOKEN, window=asked.window,
            with_holds=not asked.is_own,
        )  # fmt: skip
        return

    async def allowed() -> gateway.Refusal | None:
        refusal = await _asked(lambda: _refusal(viewer, asked.look_id))
        return _told(refusal) if refusal else None

    await gateway.proxy_http(
        send, node_url=asked.node_url, token=settings.BINHYEN_NODE_TOKEN, allowed=allowed, check_every_s=CHECK_EVERY_S
    )


# -- asked in a thread, with the database


def _open(viewer: Viewer, ticket: str, code: str) -> UUID | Refusal:
    try:
        return cameras.use_ticket(ticket, by=viewer.user(), camera_code=code).pk
    except cameras.TicketRefused as error:
        return error.refusal


def _refusal(viewer: Viewer, look_id: UUID) -> Refusal | None:
    user = viewer.user()
    return SIGNED_OUT if user is None else cameras.look_refusal(look_id, by=user)


def _prepare(viewer: Viewer, look_text: str, what: str, query: Mapping[str, str]) -> Prepared | Refusal:
    user = viewer.user()
    if user is None:
        return SIGNED_OUT
    look_id = _uuid(look_text)
    look = cameras.look_of(look_id, by=user) if look_id else None
    if look_id is None or look is None or look.kind not in _KINDS[what.split("/")[0]]:
        return NO_SUCH_LOOK
    refusal = cameras.look_refusal(look_id, by=user)
    if refusal:  # who had a picture open is told that the right is gone, not that there is no such camera
        return RIGHT_ENDED if refusal.code == NO_SUCH_LOOK.code else refusal
    window = cameras.window_of(look)
    code, own = look.camera.code, look.user_id is None
    if what.startswith("hls/"):
        passed = {name: value for name, value in query.items() if name in _HLS_QUERY and value.isalnum()}
        _, stream, file = what.split("/")
        return Prepared(look_id, _node_url(f"hls/{code}/{stream}/{file}", passed), "hls", window, own)
    if what == "snapshot":
        return _prepare_still(look, window, query, user)
    part = window.within(cameras.Window(_instant(query, "from", window.start), _instant(query, "to", window.end)))
    if part.is_empty:
        return OUTSIDE
    asked = {"from": str(part.start), "to": str(part.end)}
    if what == "media" and query.get("length", "").isdecimal():
        asked["length"] = query["length"][:3]
    return Prepared(look_id, _node_url(f"{what}/{code}", asked), what, part, own)


def _prepare_still(
    look: cameras.Look, window: cameras.Window, query: Mapping[str, str], user: User
) -> Prepared | Refusal:
    at = _instant(query, "at", window.start)
    if not window.start <= at < window.end:
        return OUTSIDE
    look_id = look.pk
    if look.kind != cameras.LookKind.SNAPSHOT:
        try:
            look_id = cameras.open_snapshot(look, at, by=user).look.pk
        except Refused as error:
            return error.refusal
    url = _node_url(f"snapshot/{look.camera.code}", {"at": str(at)})
    return Prepared(look_id, url, "snapshot", window, look.user_id is None)


async def _asked(question: Callable[[], T]) -> T:
    """`question` answered in a thread with a database connection of its own; raises CentreAway when that takes long."""

    def answer() -> T:
        try:
            return question()
        finally:
            connections.close_all()  # back to the pool

    loop = asyncio.get_running_loop()
    try:
        return await asyncio.wait_for(loop.run_in_executor(_threads, answer), CHECK_TAKES_S_MAX)
    except (DatabaseError, TimeoutError) as error:
        raise CentreAway from error


# -- small things


def _headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _viewer(headers: Mapping[str, str]) -> Viewer:
    return Viewer(parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, ""))


def _is_own_page(headers: Mapping[str, str]) -> bool:
    """Whether the host is ours, and the page that asks is from it: a foreign page may not open our pictures."""
    host = headers.get("host", "")
    domain, _ = split_domain_port(host)
    origin = headers.get("origin", "")
    return validate_host(domain, settings.ALLOWED_HOSTS) and (not origin or urlsplit(origin).netloc == host)


def _node_url(path: str, query: Mapping[str, str]) -> str:
    return f"{settings.BINHYEN_NODE_URL}/v1/{quote(path)}" + (f"?{urlencode(query)}" if query else "")


def _told(refusal: Refusal) -> gateway.Refusal:
    return gateway.Refusal(refusal.code, " ".join(filter(None, (refusal.sentence, refusal.remedy))))


def _status(refusal: Refusal) -> int:
    return {"not_found": 404, "signed_out": 401}.get(refusal.code, 403)


def _instant(query: Mapping[str, str], name: str, default: Instant) -> Instant:
    text = query.get(name, "")
    return Instant(int(text)) if text.isascii() and text.isdigit() and len(text) <= 18 else default


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _close_away(send: Send) -> None:
    """End an accepted socket in a way that lets the page try again."""
    try:
        await send({"type": "websocket.close", "code": gateway.CLOSE_NODE_AWAY, "reason": ""})
    except (RuntimeError, OSError):
        log.debug("the browser went first")
