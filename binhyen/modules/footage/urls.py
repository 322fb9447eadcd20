"""URLs of footage."""

from django.urls import URLPattern, path

from binhyen.modules.footage import owner_pages, pages, verify_pages

urlpatterns: list[URLPattern] = [
    path("yeu-cau/", pages.request_list, name="footage-requests"),
    path("yeu-cau/ban-do.json", pages.map_features, name="footage-map"),
    path("vu-viec/<int:case>/yeu-cau/lap/", pages.request_ask, name="footage-ask"),
    path("yeu-cau/<int:pk>/", pages.request_detail, name="footage-request"),
    path("yeu-cau/<int:pk>/buoc/", pages.request_step, name="footage-step"),
    path("yeu-cau/<int:pk>/goi/", pages.package_ask, name="footage-package-ask"),
    path("goi-chung-cu/<str:package_id>/", pages.package_page, name="footage-package"),
    path("goi-chung-cu/<str:package_id>/tai/", pages.package_download, name="footage-package-download"),
    path("camera-cua-toi/yeu-cau/", owner_pages.ask_list, name="owner-asks"),
    path("camera-cua-toi/yeu-cau/<uuid:pk>/", owner_pages.ask_page, name="owner-ask"),
    path("camera-cua-toi/yeu-cau/<uuid:pk>/tra-loi/", owner_pages.ask_answer, name="owner-answer"),
    path("camera-cua-toi/yeu-cau/<uuid:pk>/bien-nhan/", owner_pages.receipt, name="owner-receipt"),
    path("kiem-chung/", verify_pages.how_to_verify, name="verify"),
    path("kiem-chung/xem-va-kiem.html", verify_pages.verifier_file, name="verify-file"),
    path("kiem-chung/minisign.pub", verify_pages.public_key, name="verify-key"),
]
