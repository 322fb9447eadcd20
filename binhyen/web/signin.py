"""How allauth is narrowed to a police station: accounts are given out, guessing is slow, words are Vietnamese.

Guessing is answered with delay, not denial: failures are counted per address and per account. A browser in
which the account's owner has signed in before has a count of its own, so that a stranger who guesses from
elsewhere cannot keep the owner out ("device cookies", OWASP).
"""

import base64
import hashlib
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.views import PasswordChangeView
from allauth.core import context
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Refusal, Refused
from binhyen.kernel.vault import open_sealed, seal
from binhyen.web.pages.failures import failure

KNOWN_BROWSER_COOKIE = "trinh_duyet_quen"
KNOWN_BROWSER_DAYS = 180
FRESH_SIGN_IN_S = 300  # as long as allauth lets a repeated proof count
LOOPBACK = ("127.0.0.1", "::1")
ASK_IT = "Nếu quên, hãy liên hệ người quản trị kỹ thuật của đơn vị để được cấp lại."

_signer = TimestampSigner(salt="binhyen.web.signin.known-browser")


class StationAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No self-registration, Vietnamese sentences, and a count of failures per known browser."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Tài khoản này đã ngừng sử dụng.",
        "enter_current_password": "Mật khẩu hiện tại chưa đúng. Hãy nhập lại.",
        "incorrect_code": "Mã chưa đúng hoặc đã dùng. Hãy đợi ứng dụng hiện mã mới rồi nhập lại.",
        "incorrect_password": "Mật khẩu chưa đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi nhập lại.",
        "too_many_login_attempts": "Đã thử sai nhiều lần. Anh/Chị hãy đợi 2 phút rồi thử lại.",
        "username_password_mismatch": (
            f"Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt. {ASK_IT}"
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago has just proved who they are."""
        request = context.request
        records = get_authentication_records(request, request.user)
        return not records or time.time() - records[-1]["at"] > FRESH_SIGN_IN_S

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        sentence = "Tài khoản này đã ngừng sử dụng. Nếu cần mở lại, hãy đề nghị Trưởng công an đơn vị."
        return failure(request, 403, "Không đăng nhập được", sentence)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        shared = str(super()._get_login_attempts_cache_key(request, **credentials))
        known = known_browser_of(request, credentials.get("username", ""))
        return f"{shared}:{known}" if known else shared

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        response.set_cookie(
            KNOWN_BROWSER_COOKIE,
            _signer.sign(_account_mark(user.username)),
            max_age=KNOWN_BROWSER_DAYS * 86_400,
            path=settings.LOGIN_URL,
            secure=settings.SECURE,
            httponly=True,
            samesite="Strict",
        )
        return response  # type: ignore[no-any-return]  # allauth ships no types


def known_browser_of(request: HttpRequest, username: str) -> str:
    """What tells this browser from others where `username` has signed in on it before; empty where not."""
    cookie = request.COOKIES.get(KNOWN_BROWSER_COOKIE, "")
    try:
        mark = _signer.unsign(cookie, max_age=KNOWN_BROWSER_DAYS * 86_400)
    except BadSignature:
        return ""
    return cookie if mark == _account_mark(username) else ""


def _account_mark(username: str) -> str:
    return hashlib.sha256(username.strip().lower().encode()).hexdigest()[:24]


class StationMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Second-factor secrets lie sealed in the database; Vietnamese sentences."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Không tắt được xác thực hai lớp.",
        "cannot_generate_recovery_codes": "Hãy bật xác thực hai lớp trước khi lấy mã dự phòng.",
        "incorrect_code": StationAccountAdapter.error_messages["incorrect_code"],
    }
    _context = "mfa.authenticator"

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text.encode(), context=self._context)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(base64.b64decode(encrypted_text), context=self._context).decode()


def demo_code(request: HttpRequest, user: User) -> dict[str, Any] | None:
    """In the made-up commune, for a browser on this very machine: the code that `user` would read from a phone.

    None everywhere else: a request through a proxy counts as coming from elsewhere.
    """
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    if not settings.BINHYEN_DEMO or forwarded or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        return None
    authenticator = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if authenticator is None:
        return None
    period = mfa_settings.TOTP_PERIOD
    seconds = time.time()
    code = format_hotp_value(hotp_value(decrypt(authenticator.data["secret"]), int(seconds) // period))
    return {"code": code, "seconds_left": period - int(seconds) % period}


class SecondFactorView(AuthenticateView):  # type: ignore[misc]  # allauth ships no types
    """The second step of signing in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = super().get_context_data(**kwargs)
        return {**facts, "demo": demo_code(self.request, self.stage.login.user)}


class SecondFactorAgainView(ReauthenticateView):  # type: ignore[misc]  # allauth ships no types
    """The second factor asked again before something that matters."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = super().get_context_data(**kwargs)
        return {**facts, "demo": demo_code(self.request, self.request.user)}


class StationPasswordChangeView(PasswordChangeView):  # type: ignore[misc]  # allauth ships no types
    """Changing one's own password; an account without one got it from nobody and asks."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_usable_password():
            sentence = "Tài khoản này chưa có mật khẩu."
            raise Refused(Refusal(sentence, code="no_password", remedy=ASK_IT))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]  # allauth ships no types
