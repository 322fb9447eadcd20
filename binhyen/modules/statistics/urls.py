"""URLs of statistics and reports."""

from django.urls import URLPattern, path

from binhyen.modules.statistics.pages import checker, measure, overview, proving, questions, reports
from binhyen.modules.statistics.pages.taking import KINDS

urlpatterns: list[URLPattern] = [
    path("thong-ke/", overview.overview, name="statistics"),
    path("thong-ke/kiem-tra-so-lieu/", checker.check_figures, name="figures-check"),
    *(path(f"thong-ke/bang.{kind}", overview.export_as(kind), name=f"statistics-{kind}") for kind in KINDS),
    path("thong-ke/<slug:code>/", measure.measure_page, name="statistics-measure"),
    *(
        path(f"thong-ke/<slug:code>/bang.{kind}", measure.export_as(kind), name=f"statistics-measure-{kind}")
        for kind in KINDS
    ),
    path("bao-cao/", reports.report_list, name="reports"),
    path("bao-cao/lap/", reports.report_create, name="report-create"),
    path("bao-cao/dinh-ky/<int:pk>/ngung/", reports.plan_end, name="report-plan-end"),
    path("bao-cao/cau-hoi/<int:pk>/", questions.question_page, name="report-question"),
    path("bao-cao/cau-hoi/<int:pk>/hoi/", questions.question_ask, name="report-question-ask"),
    path("bao-cao/<int:pk>/", reports.report_page, name="report"),
    path("bao-cao/<int:pk>/sua/", reports.report_edit, name="report-edit"),
    path("bao-cao/<int:pk>/buoc/", reports.report_step, name="report-step"),
    path("bao-cao/<int:pk>/dinh-chinh/", reports.report_correct, name="report-correct"),
    path("bao-cao/<int:pk>/bo/", reports.report_drop, name="report-drop"),
    *(path(f"bao-cao/<int:pk>/bang.{kind}", reports.export_as(kind), name=f"report-{kind}") for kind in KINDS),
    path("bao-cao/<int:pk>/noi-dung.json", reports.signed_file, name="report-content"),
    path("bao-cao/<int:pk>/chu-ky.minisig", reports.signature_file, name="report-signature"),
    path("kiem-chung/bao-cao/minisign.pub", proving.public_key, name="report-key"),
    path("kiem-chung/bao-cao/<str:public_id>/", proving.prove_report, name="report-prove"),
]
