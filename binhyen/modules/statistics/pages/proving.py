"""For anyone who was handed a signed report: is it whole, is it still in force? Shows no figure to who has none."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from binhyen.kernel.units.authority import across_units, public
from binhyen.modules.statistics.models import Report
from binhyen.modules.statistics.sealing import digest_of, is_whole, report_key

FILE_BYTES_MAX = 2_000_000


@public
def prove_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """What may be said of a signed report to who holds its code, and whether a file is that report."""
    with across_units():
        found = Report.objects.filter(public_id=public_id.upper(), signed_at__isnull=False)
        report = found.select_related("unit").first()
        if report is None or not report.is_signed:
            raise Http404
        correction = Report.objects.filter(corrects=report, signed_at__isnull=False).first()
    context = {
        "report": report,
        "digest": digest_of(report),
        "is_whole": is_whole(report.content.encode(), report.signature),
        "correction": correction if correction is not None and correction.is_signed else None,
        "key": report_key().public_key,
    }
    if request.method == "POST":
        context |= _compared(request, report)
    return render(request, "statistics/prove.html", context, status=422 if context.get("problem") else 200)


def _compared(request: HttpRequest, report: Report) -> dict[str, object]:
    """Whether the file that was sent is, to the byte, what was signed."""
    sent = request.FILES.get("tep")
    if sent is None:
        return {"was_sent": True, "problem": "Chưa chọn tệp. Hãy chọn tệp nội dung (.json) đã nhận."}
    if (sent.size or 0) > FILE_BYTES_MAX:
        return {"was_sent": True, "problem": "Tệp quá lớn, không phải tệp nội dung của báo cáo. Hãy chọn lại."}
    return {"was_sent": True, "same": sent.read() == report.content.encode()}


@require_safe
@public
def public_key(request: HttpRequest) -> HttpResponse:
    """The key that signs reports, as `minisign -p` reads it."""
    response = HttpResponse(report_key().public_key.text(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="bao-cao-minisign.pub"'
    return response
