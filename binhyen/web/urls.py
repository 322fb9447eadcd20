"""Every URL of the product. Modules bring their own; words in paths are Vietnamese without diacritics."""

from importlib.util import find_spec

from allauth.account import views as account
from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from binhyen.web import signin
from binhyen.web.pages import failures

MODULES = [config.name for config in apps.get_app_configs() if config.name.startswith("binhyen.modules.")]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler429 = failures.too_many_requests
handler500 = failures.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="today"), name="home"),
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path(
        "tai-khoan/mat-khau/",
        login_required(signin.StationPasswordChangeView.as_view()),
        name="account_change_password",
    ),
    path("tai-khoan/xac-nhan/", account.reauthenticate, name="account_reauthenticate"),
    # Before allauth's own, so that the demo can help a newcomer along.
    path("tai-khoan/hai-lop/authenticate/", signin.SecondFactorView.as_view(), name="mfa_authenticate"),
    path(
        "tai-khoan/hai-lop/reauthenticate/",
        login_required(signin.SecondFactorAgainView.as_view()),
        name="mfa_reauthenticate",
    ),
    path("tai-khoan/hai-lop/", include("allauth.mfa.urls")),
    path("tai-khoan/phien/", include("allauth.usersessions.urls")),
    path("", include("binhyen.web.pages.urls")),
    path("", include("binhyen.kernel.screens.urls")),
    path("", include("binhyen.kernel.measures.urls")),
    path("api/", include("binhyen.api.urls")),
]
urlpatterns += [path("", include(f"{name}.urls")) for name in MODULES if find_spec(f"{name}.urls")]
