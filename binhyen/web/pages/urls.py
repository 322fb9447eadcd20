"""URLs of the shell's own pages."""

from django.urls import URLPattern, path

from binhyen.web.pages import activity, health, published, today, workflows

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
    path("suc-khoe/", health.health, name="health"),
]
