"""URLs of contributions."""

from django.urls import URLPattern, path

from binhyen.modules.contributions import pages, public_pages

urlpatterns: list[URLPattern] = [
    path("so-dong-gop/<int:pk>/sua-sai/", pages.correct_page, name="contributions-correct"),
    path("so-dong-gop/<int:pk>/nguoi-gop/", pages.donor_page, name="contributions-donor"),
    path("dong-gop/", public_pages.campaigns, name="contributions"),
    path("dong-gop/<int:pk>/", public_pages.campaign, name="contributions-campaign"),
    path("dong-gop/<int:pk>/<int:number>.json", public_pages.publication_file, name="contributions-file"),
    path("bien-nhan/<str:code>/<str:token>/", public_pages.receipt, name="contributions-receipt"),
    path(
        "bien-nhan/<str:code>/<str:token>/bien-nhan.json", public_pages.receipt_file, name="contributions-receipt-file"
    ),
]
