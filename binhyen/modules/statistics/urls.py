"""URLs of statistics."""

from django.urls import URLPattern, path

from binhyen.modules.statistics.pages import checker

urlpatterns: list[URLPattern] = [
    path("thong-ke/kiem-tra-so-lieu/", checker.check_figures, name="figures-check"),
]
