"""URLs of footage."""

from django.urls import URLPattern, path

from binhyen.modules.footage import owner_pages, pages, submitted_pages, upload_pages, upload_protocol, verify_pages

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
    path("camera-cua-toi/yeu-cau/<uuid:pk>/nop/", upload_pages.owner_upload, name="owner-upload"),
    path("camera-cua-toi/yeu-cau/<uuid:pk>/nop/lien-ket/", upload_pages.owner_upload_link, name="owner-upload-link"),
    path("camera-cua-toi/yeu-cau/<uuid:pk>/nop/may-nay/", upload_pages.owner_upload_here, name="owner-upload-here"),
    path(
        "camera-cua-toi/yeu-cau/<uuid:pk>/nop/khung-dau.jpg", upload_pages.owner_upload_still, name="owner-upload-still"
    ),
    path("camera-cua-toi/yeu-cau/<uuid:pk>/nop/bo/", upload_pages.owner_upload_drop, name="owner-upload-drop"),
    path("camera-cua-toi/yeu-cau/<uuid:pk>/nop/chia-se/", upload_pages.owner_upload_share, name="owner-upload-share"),
    path("nop-hinh/", upload_pages.hand_in, name="hand-in"),
    path("nop-hinh/mo/", upload_protocol.upload_open, name="upload-open"),
    path("nop-hinh/tinh-trang/", upload_protocol.upload_state, name="upload-state"),
    path("nop-hinh/tep/", upload_protocol.upload_files, name="upload-files"),
    path("nop-hinh/tep/<uuid:pk>/", upload_protocol.upload_file, name="upload-file"),
    path("nop-hinh/tep/<uuid:pk>/xong/", upload_protocol.upload_finish, name="upload-finish"),
    path("doan-nop/<int:pk>/", submitted_pages.submitted_clip, name="submitted-clip"),
    path("doan-nop/<int:pk>/xem/", submitted_pages.submitted_look, name="submitted-look"),
    path("doan-nop/<int:pk>/tai/", submitted_pages.submitted_download, name="submitted-download"),
    path("doan-nop/<int:pk>/<uuid:look>/", submitted_pages.submitted_media, name="submitted-media"),
    path("kiem-chung/", verify_pages.how_to_verify, name="verify"),
    path("kiem-chung/xem-va-kiem.html", verify_pages.verifier_file, name="verify-file"),
    path("kiem-chung/minisign.pub", verify_pages.public_key, name="verify-key"),
]
