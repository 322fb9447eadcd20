"""Every URL of the product. Modules bring their own; words in paths are Vietnamese without diacritics."""

from importlib.util import find_spec

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

MODULES = ("cameras", "cases", "footage")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="today"), name="home"),
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("tai-khoan/mat-khau/", account.password_change, name="account_change_password"),
    path("tai-khoan/xac-nhan/", account.reauthenticate, name="account_reauthenticate"),
    path("tai-khoan/hai-lop/", include("allauth.mfa.urls")),
    path("tai-khoan/phien/", include("allauth.usersessions.urls")),
    path("", include("binhyen.web.pages.urls")),
    path("api/", include("binhyen.api.urls")),
]
urlpatterns += [
    path("", include(f"binhyen.modules.{name}.urls")) for name in MODULES if find_spec(f"binhyen.modules.{name}.urls")
]
