"""The page behind a QR: the terms first, then an account. For who holds the sheet; nobody else learns of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from binhyen.kernel.units.authority import public
from binhyen.modules.consents.forms import JoinForm
from binhyen.modules.consents.invitations import NameTaken, accept, find_invitation
from binhyen.modules.consents.terms import terms_on


@public
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Read, and make an account; then sign in with it. Unknown, used and expired invitations get one answer."""
    invitation = find_invitation(token)
    if invitation is None:
        return _private(render(request, "consents/join_closed.html", status=404))
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _accepted(token, form):
        messages.success(request, "Đã lập tài khoản. Hãy đăng nhập, rồi thêm camera ở trang “Camera của tôi”.")
        return redirect("account_login")
    context = {"form": form, "unit": invitation.unit, "terms": terms_on(localdate())}
    return _private(render(request, "consents/join.html", context, status=422 if form.errors else 200))


def _accepted(token: str, form: JoinForm) -> bool:
    """Whether the account was made; what stood in the way is said at its field."""
    try:
        user = accept(token, **form.cleaned_data)
    except NameTaken:
        form.add_error("username", "Đã có người dùng tên đăng nhập này. Hãy chọn tên khác.")
        return False
    except ValidationError as error:
        form.add_error("password", error)
        return False
    if user is None:
        form.add_error(None, "Lời mời này vừa được dùng. Hãy xin một tờ khác.")
    return user is not None


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"  # with none at all a form is sent as from nowhere, and refused
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
