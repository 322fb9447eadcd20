"""“Các lần mất hình”: what is still out, the longest first; then what was, the newest first."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from binhyen.kernel.sheets import Cell
from binhyen.modules.network.models import Outage
from binhyen.modules.network.pages.shared import authority_in, for_readers, handed_out
from binhyen.modules.network.repairs import SPAN, open_outages, recent_outages, repairs_in
from binhyen.modules.network.rules import READERS

ROWS_PER_PAGE = 50
ROWS_EXPORTED_MAX = 2_000
HEADER = ("Camera", "Đơn vị", "Tình trạng", "Từ lúc", "Đến lúc", "Số phút")


@require_safe
@for_readers
def outages_page(request: HttpRequest) -> HttpResponse:
    """Time to repair, open outages, and those of the last three months."""
    unit_ids = authority_in(request).unit_ids(READERS)
    context = {
        "repairs": repairs_in(unit_ids),
        "open": open_outages(unit_ids),
        "page": Paginator(recent_outages(unit_ids), ROWS_PER_PAGE).get_page(request.GET.get("trang")),
        "span_days": SPAN.days,
    }
    return render(request, "network/outages.html", context)


def export_as(kind: str) -> Any:
    """The view that gives the same as a file, the newest first."""

    @require_safe
    @for_readers
    def export(request: HttpRequest) -> HttpResponse:
        rows = recent_outages(authority_in(request).unit_ids(READERS))[:ROWS_EXPORTED_MAX]
        return handed_out(
            request, kind, title=f"Các lần camera mất hình trong {SPAN.days} ngày", slug="mat-hinh", header=HEADER,
            lines=[_line(row) for row in rows],
        )  # fmt: skip

    return export


def _line(row: Outage) -> list[Cell]:
    ended = localtime(row.ended_at).replace(tzinfo=None) if row.ended_at else "chưa"
    began = localtime(row.began_at).replace(tzinfo=None)
    return [str(row.camera), row.camera.unit.name, row.get_state_display(), began, ended, row.minutes or ""]
