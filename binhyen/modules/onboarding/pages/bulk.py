"""“Thêm nhiều camera”: a file in, every stream tried, a report, and what passed added."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from binhyen.kernel.sheets import UnreadableSheet, write_xlsx
from binhyen.kernel.sheets.limits import UPLOAD_BYTES_MAX
from binhyen.modules.onboarding import batches
from binhyen.modules.onboarding.jobs import go_on
from binhyen.modules.onboarding.models import Batch, BatchRow
from binhyen.modules.onboarding.pages.shared import for_registrars, user_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BATCHES_SHOWN = 10
ROWS_SHOWN = 300


@for_registrars
def bulk_page(request: HttpRequest) -> HttpResponse:
    """Send a file, and see those of before."""
    problem = ""
    sent = request.FILES.get("tep")
    if request.method == "POST":
        if sent is None or not sent.name:
            problem = "Chưa chọn tệp. Hãy chọn tệp CSV hoặc XLSX rồi gửi lại."
        elif (sent.size or 0) > UPLOAD_BYTES_MAX:
            problem = f"Tệp lớn hơn {UPLOAD_BYTES_MAX // 1_000_000} MB. Hãy chia thành nhiều tệp nhỏ hơn."
        else:
            try:
                batch = batches.begin(Path(sent.name).name, sent.read(), by=user_in(request))
            except UnreadableSheet as error:
                problem = str(error)
            else:
                go_on(batch)
                return redirect("camera_batch", batch=batch.pk)
    before = Batch.objects.filter(by=user_in(request))[:BATCHES_SHOWN]
    context = {"problem": problem, "columns": batches.COLUMNS, "before": before}
    return render(request, "onboarding/bulk.html", context, status=422 if problem else 200)


@require_GET
@for_registrars
def sample(request: HttpRequest) -> HttpResponse:
    """A file with the right columns and one row."""
    header = [title for _, title, _ in batches.COLUMNS]
    return _xlsx("camera-mau.xlsx", header, [[example for _, _, example in batches.COLUMNS]])


@require_GET
@for_registrars
def batch_page(request: HttpRequest, batch: Any) -> HttpResponse:
    """How far it is; what failed and why."""
    found = _own(request, batch)
    counts = batches.counts(found)
    total = sum(counts.values())
    done = total - counts["waiting"]
    rows = found.rows.exclude(state=BatchRow.State.WAITING)
    bad = rows.filter(state=BatchRow.State.BAD)[:ROWS_SHOWN]
    context = {
        "batch": found, "counts": counts, "total": total, "done": done, "bad": bad,
        "percent": 100 * done // total if total else 100,
        "good": rows.filter(state__in=(BatchRow.State.GOOD, BatchRow.State.ADDED))[:ROWS_SHOWN],
        "is_working": found.state == Batch.State.CHECKING,
    }  # fmt: skip
    return render(request, "onboarding/batch.html", context)


@require_POST
@for_registrars
def batch_add(request: HttpRequest, batch: Any) -> HttpResponse:
    """Add what passed."""
    found = _own(request, batch)
    if found.state == Batch.State.CHECKING:
        messages.error(request, "Tệp còn đang kiểm tra. Hãy đợi kiểm tra xong rồi thêm.")
    else:
        added = batches.add_good(found, by=user_in(request))
        messages.success(request, f"Đã thêm {added} camera. Máy ghi kết nối trong vài giây.")
    return redirect("camera_batch", batch=found.pk)


@require_POST
@for_registrars
def batch_go_on(request: HttpRequest, batch: Any) -> HttpResponse:
    """Go on with the rows that wait, where the work was cut off."""
    found = _own(request, batch)
    if found.state == Batch.State.CHECKING:
        go_on(found)
    return redirect("camera_batch", batch=found.pk)


@require_GET
@for_registrars
def batch_report(request: HttpRequest, batch: Any) -> HttpResponse:
    """What came of every row, without accounts and passwords."""
    return _xlsx("ket-qua-kiem-tra.xlsx", batches.REPORT_HEADER, batches.report_rows(_own(request, batch)))


def _own(request: HttpRequest, batch: Any) -> Batch:
    return get_object_or_404(Batch, pk=batch, by=user_in(request))


def _xlsx(name: str, header: Any, rows: Any) -> HttpResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.xlsx"
        write_xlsx(path, "Camera", header, rows)
        return HttpResponse(path.read_bytes(), XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
