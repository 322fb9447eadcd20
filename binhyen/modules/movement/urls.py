"""URLs of the movement."""

from django.urls import URLPattern, path

from binhyen.modules.movement import pages, report_pages

urlpatterns: list[URLPattern] = [
    path("hop/<int:pk>/viec/", pages.tasks_page, name="movement-tasks"),
    path("de-nghi-khen/<int:pk>/dan-chung/", pages.citations_page, name="movement-citations"),
    path("bai-hoc-chung/", pages.lessons_page, name="movement-lessons"),
    path("bai-hoc-chung/<int:pk>/lam-theo/", pages.adopt_page, name="movement-adopt"),
    path("phong-trao/bao-cao/", report_pages.report_page, name="movement-report"),
    path("phong-trao/bao-cao/bao-cao.xlsx", report_pages.report_xlsx, name="movement-report-xlsx"),
    path("phong-trao/bao-cao/bao-cao.pdf", report_pages.report_pdf, name="movement-report-pdf"),
]
