"""URLs of the module."""

from django.urls import URLPattern, path

from binhyen.modules.consents import joining, pages

urlpatterns: list[URLPattern] = [
    path("camera-cua-toi/<str:code>/dong-y/", pages.own_consent, name="own_consent"),
    path("camera-cua-toi/<str:code>/dong-y/buoc/", pages.own_consent_step, name="own_consent_step"),
    path(
        "camera-cua-toi/<str:code>/bien-nhan/<str:number>.txt", pages.own_receipt, {"kind": "txt"}, name="own_receipt"
    ),
    path(
        "camera-cua-toi/<str:code>/bien-nhan/<str:number>.txt.minisig",
        pages.own_receipt,
        {"kind": "minisig"},
        name="own_receipt_signature",
    ),
    path("bien-nhan-dong-y/minisign.pub", pages.receipt_key, name="consent_key"),
    path("loi-moi/", pages.invitations, name="invitations"),
    path("tham-gia/<str:token>/", joining.join, name="join"),
]
