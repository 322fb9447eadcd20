"""What goes wrong, as the JSON that the centre passes on: a code for programs, a sentence for people."""

from aiohttp import web
from aiohttp.typedefs import Handler

from binhyen.contracts import Instant
from binhyen.contracts.node import CAMERA_CODE
from binhyen.media.playback.piece import NothingRecorded
from binhyen.sandbox import SandboxError


class BadRequestError(ValueError):
    """A parameter is missing or wrong; the message is for a person."""


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Named errors become answers; everything else stays an error and is logged by the server."""
    try:
        return await handler(request)
    except BadRequestError as error:
        return problem(400, "bad_request", str(error))
    except NothingRecorded as nothing:
        return problem(404, "not_recorded", "Không có hình được ghi vào lúc này.", next=nothing.next_at)
    except SandboxError as error:
        return problem(502, "undecodable", str(error))


def problem(status: int, code: str, reason: str, **more: object) -> web.Response:
    """A refusal as JSON."""
    return web.json_response({"code": code, "reason": reason, **more}, status=status)


def camera_of(request: web.Request) -> str:
    """The camera code in the address."""
    code = request.match_info["code"]
    if not CAMERA_CODE.fullmatch(code):
        raise BadRequestError(f"Mã camera {code[:40]!r} không hợp lệ.")
    return code


def instant_of(request: web.Request, name: str) -> Instant:
    """An instant in the query, in whole microseconds."""
    text = request.query.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadRequestError(f"Tham số {name} phải là số micro giây, không phải {text[:40]!r}.")
    return Instant(int(text))


def window_of(request: web.Request, *, longest_us: int) -> tuple[Instant, Instant]:
    """[from, to) in the query."""
    start, end = instant_of(request, "from"), instant_of(request, "to")
    if not start < end <= start + longest_us:
        raise BadRequestError(f"Khoảng thời gian không hợp lệ: từ {start} đến {end}.")
    return start, end
