"""Addresses of the definitions."""

from django.urls import URLPattern, path

from binhyen.kernel.measures import pages

urlpatterns: list[URLPattern] = [
    path("chi-so/", pages.measure_list, name="measures"),
    path("chi-so/<slug:code>/", pages.measure_page, name="measure"),
]
