"""Refusals shown as sentences, and the second factor that everyone who works for the station needs."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from binhyen.kernel.units.authority import Refused, SignInNeeded
from binhyen.kernel.units.roles import STAFF

Handler = Callable[[HttpRequest], HttpResponse]


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks, not a person: scripts of our pages and API clients say so in Accept."""
    return request.headers.get("Accept", "").startswith("application/json") or request.path.startswith("/api/")


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
        return render(request, "web/refused.html", {"refusal": refusal}, status=403)

    def _sign_in(self, request: HttpRequest) -> HttpResponse:
        if wants_json(request):
            return JsonResponse({"code": "sign_in", "detail": "Anh/Chị cần đăng nhập."}, status=401)
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")


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
        prefixes = ("/tai-khoan/", "/dang-xuat/", "/dang-nhap/", settings.STATIC_URL)
        return request.path.startswith(prefixes) or is_mfa_enabled(request.user)
