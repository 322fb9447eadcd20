"""“Báo cáo”: prepare one without reading anything, look at it, hand it in, sign it, correct it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from binhyen.kernel.figures.check import check_text
from binhyen.kernel.measures import Period, registered
from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.kernel.workflow.advance import history
from binhyen.modules.statistics import domain, planning, rules
from binhyen.modules.statistics.forms import PlanForm, ReportForm, default_title, initial_of
from binhyen.modules.statistics.models import Every, Report, ReportPlan
from binhyen.modules.statistics.pages.asking import authority_in
from binhyen.modules.statistics.pages.comparison import correction_of
from binhyen.modules.statistics.pages.taking import file_of, handed_out, lines_of
from binhyen.modules.statistics.printing import report_pdf
from binhyen.modules.statistics.sealing import digest_of, is_whole
from binhyen.modules.statistics.spans import ended_before, in_order
from binhyen.modules.statistics.tables import Table, table_of

REPORTS_SHOWN = 100


def reports_of(request: HttpRequest) -> Any:
    """The reports of the units where the person works as an officer."""
    units = authority_in(request).unit_ids(OFFICERS)
    return Report.objects.filter(unit_id__in=units).select_related("unit", "corrects", "plan", "made_by", "signed_by")


def plans_of(request: HttpRequest) -> Any:
    """What those units report regularly."""
    units = authority_in(request).unit_ids(OFFICERS)
    return ReportPlan.objects.filter(unit_id__in=units, ended_at=None).select_related("unit", "made_by")


def report_in(request: HttpRequest, pk: int) -> Report:
    """The report that the address names; 404 where the person may not see it."""
    return get_object_or_404(reports_of(request), pk=pk)


def period_words(code: str) -> str:
    """“Tháng 11/2026”."""
    return Period.parse(code).label


@require_safe
@open_to(*OFFICERS)
def report_list(request: HttpRequest) -> HttpResponse:
    """What is being written, what waits for a signature, what is signed; and what makes itself."""
    state = request.GET.get("trang-thai", "")
    found = reports_of(request)
    chosen = found.filter(state=state) if state in Report.workflow.states else found.filter(~Q(state="superseded"))
    context = {
        "reports": [(each, period_words(each.period)) for each in chosen[:REPORTS_SHOWN]],
        "states": Report.workflow.states,
        "state": state,
        "plans": plans_of(request),
        "any_report": found.exists(),
    }
    return render(request, "statistics/reports.html", context)


# --- preparing -------------------------------------------------------------------------------------------------------
def _form(request: HttpRequest, data: Any = None, *, initial: dict[str, Any] | None = None) -> ReportForm:
    measures, period = registered(), ended_before(Every.MONTH, localdate())
    if initial and initial.get("ky"):
        period = Period.parse(initial["ky"])
    return ReportForm(data, authority=authority_in(request), measures=measures, period=period, initial=initial)


@open_to(*OFFICERS)
def report_create(request: HttpRequest) -> HttpResponse:
    """The builder. “Xem trước” shows the table and keeps nothing; “Lưu bản thảo” makes the report."""
    form = _form(request, _sent(request))
    plan = PlanForm(request.POST if request.POST.get("viec") == "dinh-ky" else None)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("viec") == "xem":
            return _builder(request, form, plan, preview=_preview(request, form))
        if request.POST.get("viec") != "dinh-ky":
            report = domain.draft_report(form.wanted, by=_user(request), text=form.cleaned_data["loi_van"])
            messages.success(request, "Đã lưu bản thảo.")
            return redirect(report)
        if plan.is_valid():
            return _planned(request, form, plan)
    return _builder(request, form, plan)


def _planned(request: HttpRequest, form: ReportForm, plan: PlanForm) -> HttpResponse:
    chosen = plan.cleaned_data
    made = planning.plan_report(form.wanted, every=chosen["moi"], workday=chosen["ngay"], by=_user(request))
    sentence = (
        f"Từ nay “{made.title}” tự lập vào ngày làm việc thứ {made.workday} sau mỗi {made.get_every_display().lower()}."
    )
    messages.success(request, sentence)
    return redirect("reports")


@open_to(*OFFICERS)
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for a draft."""
    report = report_in(request, pk)
    domain.refuse(rules.may_change(authority_in(request), report))
    form = _form(request, _sent(request), initial=initial_of(report))
    form.fields["don_vi"].queryset = Unit.objects.filter(pk=report.unit_id)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("viec") == "xem":
            return _builder(request, form, None, report=report, preview=_preview(request, form))
        domain.change_draft(report, form.wanted, form.cleaned_data["loi_van"], by=_user(request))
        messages.success(request, "Đã lưu.")
        return redirect(report)
    return _builder(request, form, None, report=report)


def _as_last_time(request: HttpRequest) -> dict[str, Any]:
    """What the person chose for the report before: mostly the next one is like it."""
    last = reports_of(request).filter(made_by=_user(request)).first()
    return {"ten": last.title, "cot": last.layout, "chi_so": last.measures, "don_vi": last.unit.code} if last else {}


def _preview(request: HttpRequest, form: ReportForm) -> dict[str, Any]:
    wanted = form.wanted
    measures = in_order(registered(), wanted.measures)
    table = table_of(measures, wanted.layout, wanted.unit, wanted.period, authority=authority_in(request))
    return {"table": table, "wanted": wanted, "findings": check_text(form.cleaned_data["loi_van"])}


def _builder(
    request: HttpRequest, form: ReportForm, plan: PlanForm | None, *, report: Report | None = None, preview: Any = None
) -> HttpResponse:
    unit = form.fields["don_vi"].queryset.first()
    if not form.is_bound and report is None:
        form.initial |= {"ten": default_title(unit, localdate())} | _as_last_time(request)
    context = {"form": form, "plan": plan, "report": report, "preview": preview}
    has_errors = form.errors or (plan is not None and plan.errors)
    return render(request, "statistics/builder.html", context, status=422 if has_errors else 200)


# --- one report ------------------------------------------------------------------------------------------------------
def table_in(report: Report, request: HttpRequest) -> Table:
    """What stands in the report: the figures of now in a draft, those that stand still afterwards."""
    return Table.of_json(report.figures) if report.state != "draft" else domain.live_table(report, by=_user(request))


@require_safe
@open_to(*OFFICERS)
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it reads, what the checker asks, and the next step."""
    report, authority = report_in(request, pk), authority_in(request)
    table = table_in(report, request)
    may_change = rules.may_change(authority, report) is None
    context = {
        "report": report,
        "period": Period.parse(report.period),
        "table": table,
        "missing": [code for code in report.measures if code not in {row.code for row in table.rows}],
        "questions": list(report.questions.select_related("asked_unit", "answered_by")),
        "open_questions": domain.open_questions(report),
        "steps": report.workflow.open_to(authority, report),
        "history": history(report),
        "may_change": may_change,
        "may_correct": report.state == "signed" and rules.may_report_for(authority, report.unit) is None,
        "correction": Report.objects.filter(corrects=report).first(),
        "comparison": correction_of(report, table) if report.corrects else None,
        "is_whole": report.is_signed and is_whole(report.content.encode(), report.signature),
        "digest": digest_of(report) if report.is_signed else "",
    }
    return render(request, "statistics/report.html", context)


_STEPS: dict[str, Callable[..., Report]] = {
    "check": lambda report, by, note: domain.check_report(report, by=by),
    "return": lambda report, by, note: domain.return_report(report, by=by, note=note),
    "sign": lambda report, by, note: domain.sign_report(report, by=by),
}


@require_POST
@open_to(*OFFICERS)
def report_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in, give back, sign."""
    report, take = report_in(request, pk), _STEPS.get(request.POST.get("buoc", ""))
    if take is None:
        raise BadRequest("no such step")
    moved = take(report, by=_user(request), note=request.POST.get("ghi_chu", ""))
    messages.success(request, f"{moved.title}: {moved.state_label.lower()}.")
    return redirect(moved)


@require_POST
@open_to(*OFFICERS)
def report_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new version."""
    made = domain.correct_report(report_in(request, pk), by=_user(request))
    return redirect("report-edit", pk=made.pk) if made.state == "draft" else redirect(made)


@require_POST
@open_to(*OFFICERS)
def report_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft away."""
    report = report_in(request, pk)
    domain.drop_draft(report, by=_user(request))
    messages.success(request, f"Đã bỏ bản thảo “{report.title}”.")
    return redirect("reports")


@require_POST
@open_to(*OFFICERS)
def plan_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Make no more of these."""
    plan = get_object_or_404(plans_of(request), pk=pk)
    planning.end_plan(plan, by=_user(request))
    messages.success(request, f"“{plan.title}” không tự lập nữa. Các báo cáo đã lập vẫn còn.")
    return redirect("reports")


def export_as(kind: str) -> Any:
    """The view that gives the report's table as a file."""

    @require_safe
    @open_to(*OFFICERS)
    def export(request: HttpRequest, pk: int) -> HttpResponse:
        report = report_in(request, pk)
        table = table_in(report, request)
        title = f"{report.title}, {period_words(report.period)}"
        if kind == "pdf":
            content = report_pdf(report, table, by=str(_user(request)))
        else:
            content = file_of(kind, title, *lines_of(table), by=str(_user(request)))
        return handed_out(request, kind, content, title=title, slug="bao-cao", rows=len(table.rows))

    return export


@require_safe
@open_to(*OFFICERS)
def signed_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What was signed, to the byte."""
    report = report_in(request, pk)
    return _download(report, report.content, f"{report.public_id}.json", "application/json")


@require_safe
@open_to(*OFFICERS)
def signature_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The signature over it, for `minisign -V`."""
    report = report_in(request, pk)
    return _download(report, report.signature, f"{report.public_id}.json.minisig", "text/plain")


def _download(report: Report, text: str, name: str, content_type: str) -> HttpResponse:
    if not report.is_signed:
        domain.refuse(domain.NOT_SIGNED)
    response = HttpResponse(text.encode(), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _user(request: HttpRequest) -> Any:
    return authority_in(request).user
