"""Addresses of the survey."""

from django.urls import URLPattern, path

from binhyen.modules.siting import pages

urlpatterns: list[URLPattern] = [
    path("vi-tri-camera/", pages.survey_page, name="siting"),
    path("vi-tri-camera/nhap/", pages.bring_page, name="siting-bring"),
    path("vi-tri-camera/bo/<slug:kind>/<int:pk>/", pages.take_away_page, name="siting-take-away"),
    *(path(f"vi-tri-camera/khao-sat.{kind}", pages.export_as(kind), name=f"siting-{kind}") for kind in ("csv", "xlsx")),
]
