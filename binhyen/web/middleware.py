"""Refusals shown as sentences, the second factor that everyone who works for the station needs, and a clear page
while the database is away."""

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from binhyen.kernel.units.authority import Refused, SignInNeeded
from binhyen.kernel.units.roles import STAFF
from binhyen.web.pages.failures import database_away, is_database_away, is_fragment, wants_json

Handler = Callable[[HttpRequest], HttpResponse]

HEALTH = "/suc-khoe/"

AWAY_REMEMBERED_S = 2.0
"""How long one failure to reach the database answers for: a page that waits for a connection takes a thread."""


class DatabaseAwayMiddleware:
    """Turns a database that does not answer into status 503 with a sentence.

    Outermost: failures in the layers below reach it as `request.database_is_away`, set by the error page.
    What asks no database (static files, health) is answered as ever.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._away_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if time.monotonic() < self._away_until and not request.path.startswith((settings.STATIC_URL, HEALTH)):
            return database_away(request)
        response = self.get_response(request)
        if getattr(request, "database_is_away", False):
            self._away_until = time.monotonic() + AWAY_REMEMBERED_S
        elif request.path == HEALTH and response.status_code == 200:
            self._away_until = 0.0  # it was just asked, and answered
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return database_away(request) if is_database_away(exception) else None


class RefusalMiddleware:
    """Turns `Refused` into status 403 with its sentence, and a missing sign-in into the sign-in page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, SignInNeeded):
            return self._sign_in(request)
        if not isinstance(exception, Refused):
            return None
        refusal = exception.refusal
        if wants_json(request):
            body = {"code": refusal.code, "detail": refusal.sentence, "remedy": refusal.remedy}
            return JsonResponse(body, status=403)
        if is_fragment(request):
            response = render(request, "web/_refused_message.html", {"refusal": refusal}, status=403)
            response["HX-Retarget"] = "#messages"
            response["HX-Reswap"] = "beforeend"
            return response
        return render(request, "web/refused.html", {"refusal": refusal}, status=403)

    def _sign_in(self, request: HttpRequest) -> HttpResponse:
        if wants_json(request):
            return JsonResponse({"code": "sign_in", "detail": "Anh/Chị cần đăng nhập."}, status=401)
        address = f"{settings.LOGIN_URL}?{urlencode({'next': page_to_return_to(request)})}"
        if is_fragment(request):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = address
            return response
        return redirect(address)


def page_to_return_to(request: HttpRequest) -> str:
    """The page a person was on: the address itself, or for what was sent, the page that held the form."""
    if request.method in ("GET", "HEAD") and not is_fragment(request):
        return request.get_full_path()
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return settings.LOGIN_REDIRECT_URL
    return f"{page.path}?{page.query}" if page.query else page.path


class SecondFactorMiddleware:
    """Staff without a second factor can do one thing: set it up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
        if authority.holds(STAFF) and not self._may_pass(request):
            if wants_json(request):
                return JsonResponse(
                    {"code": "second_factor", "detail": "Anh/Chị cần bật xác thực hai lớp."}, status=403
                )
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def _may_pass(self, request: HttpRequest) -> bool:
        prefixes = ("/tai-khoan/", "/dang-xuat/", "/dang-nhap/", "/cong-bo/", HEALTH, settings.STATIC_URL)
        return request.path.startswith(prefixes) or is_mfa_enabled(request.user)
