"""What a person sees when something went wrong: a sentence and a way on, never a traceback.

These pages ask no database and know no user: they must stand when everything else is down.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

SENTENCES = {
    400: (
        "Yêu cầu không hợp lệ",
        "Địa chỉ hoặc nội dung gửi lên không đọc được. Anh/Chị hãy quay lại trang trước và thử lại.",
    ),
    403: (
        "Không thực hiện được",
        "Anh/Chị không có quyền xem trang này. Nếu cần, hãy đề nghị Trưởng công an đơn vị giao quyền.",
    ),
    404: (
        "Không tìm thấy",
        "Không có trang này, hoặc nó nằm ngoài phạm vi anh/chị được xem. Hãy kiểm tra lại địa chỉ.",
    ),
    429: ("Xin đợi một chút", "Đã có quá nhiều lần thử từ máy này. Anh/Chị hãy đợi 1 phút rồi thử lại."),
    500: (
        "Hệ thống gặp lỗi",
        "Lỗi đã được ghi lại. Anh/Chị hãy thử lại sau ít phút; nếu vẫn lỗi, hãy báo người quản trị kỹ thuật.",
    ),
}
CSRF = (
    "Trang đã cũ",
    "Trang này mở đã lâu, hoặc anh/chị đã đăng nhập lại ở tab khác. Chưa có gì được ghi. "
    "Hãy quay lại, tải lại trang rồi gửi lần nữa.",
)
DATABASE_AWAY = (
    "Đang chờ cơ sở dữ liệu",
    "Hình vẫn đang được ghi. Trang này tự thử lại sau 10 giây; nếu chờ quá 5 phút, hãy báo người quản trị kỹ thuật.",
)
RETRY_AFTER_S = 10


_LOST_CLASSES = ("08", "57P")  # SQLSTATE: connection exception, operator intervention (PostgreSQL appendix A)


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks, not a person: scripts of our pages and API clients say so in Accept."""
    return request.headers.get("Accept", "").startswith("application/json") or request.path.startswith("/api/")


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def is_database_away(exception: BaseException | None) -> bool:
    """Whether the connection itself failed: a deadlock or a slow query is another matter."""
    if not isinstance(exception, OperationalError | InterfaceError):
        return False
    sqlstate = getattr(exception.__cause__, "sqlstate", None)
    return sqlstate is None or sqlstate.startswith(_LOST_CLASSES)


def failure(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """The failure as a page, or as JSON for a program."""
    if wants_json(request):
        return JsonResponse({"code": f"http_{status}", "detail": sentence}, status=status)
    facts = {"status": status, "title": title, "sentence": sentence, "reload_after_s": 0}
    return HttpResponse(render_to_string("web/failure.html", facts), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return failure(request, 400, *SENTENCES[400])


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 without a rule of its own (Django's PermissionDenied); rules say more through `Refused`."""
    return failure(request, 403, *SENTENCES[403])


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words for what is not there and for what is not yours."""
    return failure(request, 404, *SENTENCES[404])


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: guessing is slowed."""
    response = failure(request, 429, *SENTENCES[429])
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database went away in a layer that no view guards. Called while the exception is handled."""
    if is_database_away(sys.exc_info()[1]):
        return database_away(request)
    return failure(request, 500, *SENTENCES[500])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or one that another site sent."""
    return failure(request, 403, *CSRF)


def database_away(request: HttpRequest) -> HttpResponse:
    """503 while the database is away; the page asks again by itself."""
    request.database_is_away = True  # type: ignore[attr-defined]  # read by DatabaseAwayMiddleware
    if wants_json(request):
        response: HttpResponse = JsonResponse({"code": "database_away", "detail": DATABASE_AWAY[1]}, status=503)
    else:
        title, sentence = DATABASE_AWAY
        facts = {"status": 503, "title": title, "sentence": sentence, "reload_after_s": RETRY_AFTER_S}
        response = HttpResponse(render_to_string("web/failure.html", facts), status=503)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response
