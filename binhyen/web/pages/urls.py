"""URLs of the shell's own pages."""

from django.urls import URLPattern, path

from binhyen.web.pages import activity, backups, health, notice_settings, notices, promises, published, today, workflows

urlpatterns: list[URLPattern] = [
    path("hom-nay/", today.today, name="today"),
    path("nhat-ky/", activity.activity, name="activity"),
    path("nhat-ky/tai-ve.csv", activity.activity_csv, name="activity_csv"),
    path("nhat-ky/kiem-tra/", activity.verify_chain, name="activity_verify"),
    path("cong-bo/nhat-ky/", published.roots, name="published_roots"),
    path("cong-bo/nhat-ky.json", published.roots_json, name="published_roots_json"),
    path("quy-trinh/", workflows.workflow_list, name="workflows"),
    path("quy-trinh/lich-lam-viec/", workflows.working_calendar, name="working_calendar"),
    path("quy-trinh/<slug:name>/", workflows.workflow_detail, name="workflow"),
    path("thong-bao/", notices.notices, name="notices"),
    path("thong-bao/da-doc/", notices.all_read, name="notices_all_read"),
    path("thong-bao/so.json", notices.count, name="notices_count"),
    path("thong-bao/cai-dat/", notice_settings.notice_settings, name="notice_settings"),
    path("thong-bao/dia-chi/", notice_settings.address_give, name="notice_address"),
    path("thong-bao/dia-chi/xac-nhan/", notice_settings.address_confirm, name="notice_address_confirm"),
    path("thong-bao/dia-chi/bo/", notice_settings.address_remove, name="notice_address_remove"),
    path("thong-bao/thiet-bi/", notice_settings.device_add, name="notice_device"),
    path("thong-bao/thiet-bi/<int:pk>/bo/", notice_settings.device_remove, name="notice_device_remove"),
    path("thong-bao/thiet-bi/<int:pk>/thu/", notice_settings.device_try, name="notice_device_try"),
    path("thong-bao/ngung/<str:token>/", notices.one_click_off, name="notice_off"),
    path("thong-bao/<uuid:pk>/", notices.notice, name="notice"),
    path("thong-bao/<uuid:pk>/da-doc/", notices.notice_read, name="notice_read"),
    path("thong-bao/<slug:name>.js", notice_settings.browser_file, name="notice_browser_file"),
    path("cam-ket/", promises.promise_list, name="promises"),
    path("sao-luu/", backups.backups, name="backups"),
    path("suc-khoe/", health.health, name="health"),
]
