"""What a person sees when something went wrong: a sentence and a way on, never a traceback.

These pages ask no database and know no user: they must stand when everything else is down.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from binhyen.web.middleware import wants_json

SENTENCES = {
    400: ("Yêu cầu không hợp lệ", "Địa chỉ hoặc nội dung gửi lên không đọc được. Anh/Chị hãy quay lại trang trước và thử lại."),
    403: ("Không thực hiện được", "Anh/Chị không có quyền xem trang này. Nếu cần, hãy đề nghị Trưởng công an đơn vị giao quyền."),
    404: ("Không tìm thấy", "Không có trang này, hoặc nó nằm ngoài phạm vi anh/chị được xem. Hãy kiểm tra lại địa chỉ."),
    500: ("Hệ thống gặp lỗi", "Lỗi đã được ghi lại. Anh/Chị hãy thử lại sau ít phút; nếu vẫn lỗi, hãy báo người quản trị kỹ thuật."),
}
CSRF = ("Trang đã cũ", "Trang này mở đã lâu, hoặc anh/chị đã đăng nhập lại ở tab khác. Chưa có gì được ghi. Hãy quay lại, tải lại trang rồi gửi lần nữa.")
DATABASE_AWAY = ("Đang chờ cơ sở dữ liệu", "Hình vẫn đang được ghi. Trang này tự thử lại sau 10 giây; nếu chờ quá 5 phút, hãy báo người quản trị kỹ thuật.")
RETRY_AFTER_S = 10


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


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return failure(request, 500, *SENTENCES[500])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or one that another site sent."""
    return failure(request, 403, *CSRF)


def database_away(request: HttpRequest) -> HttpResponse:
    """503 while the database is away; the page asks again by itself."""
    if wants_json(request):
        response: HttpResponse = JsonResponse({"code": "database_away", "detail": DATABASE_AWAY[1]}, status=503)
    else:
        title, sentence = DATABASE_AWAY
        facts = {"status": 503, "title": title, "sentence": sentence, "reload_after_s": RETRY_AFTER_S}
        response = HttpResponse(render_to_string("web/failure.html", facts), status=503)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response
