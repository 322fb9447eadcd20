"""URLs of the shell's own pages."""

from django.urls import URLPattern, path

from binhyen.web.pages import today

urlpatterns: list[URLPattern] = [
    path("hom-nay/", today.today, name="today"),
]
