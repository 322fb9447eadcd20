"""The report as a page, as XLSX and as PDF: the same figures."""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now

from binhyen.kernel.audit.record import record
from binhyen.kernel.measures import Figure, Period
from binhyen.kernel.sheets import Cell, write_xlsx
from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.movement.report import Report, offered, report_for, units_of

UNIT, PERIOD, FIRST, LAST = "don_vi", "ky", "tu", "den"
TEMPLATE = Path(__file__).with_name("report.typ")


@open_to(*OFFICERS)
def report_page(request: HttpRequest) -> HttpResponse:
    """The newest full picture without a click; another unit or period with one."""
    units = units_of(_authority(request))
    problem = ""
    try:
        period = _period(request)
    except ValueError as error:
        problem, period = str(error), offered()[0]
    report = report_for(_unit(request, units), period, authority=_authority(request))
    choices = offered()
    if period not in choices:
        choices.insert(0, period)
    query = f"{UNIT}={report.unit.pk}&{PERIOD}={period.code}"
    context = {"report": report, "units": units, "periods": choices, "query": query, "problem": problem, "at": now()}
    return render(request, "movement/report.html", context, status=422 if problem else 200)


@open_to(*OFFICERS)
def report_xlsx(request: HttpRequest) -> HttpResponse:
    """One sheet: a line for each unit, the total at the end."""
    report = _asked(request)
    header = ["Đơn vị", *(measure.name for measure in report.measures)]
    rows: list[list[Cell]] = [[unit.name, *(_cell(figure) for figure in cells)] for unit, cells in report.lines]
    rows.append([f"Tổng cộng: {report.unit.name}", *(_cell(figure) for figure in report.total)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bao-cao.xlsx"
        write_xlsx(path, report.period.label.replace("/", "-"), header, rows)
        content = path.read_bytes()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(request, report, content, kind, "xlsx")


@open_to(*OFFICERS)
def report_pdf(request: HttpRequest) -> HttpResponse:
    """The report on A4."""
    report = _asked(request)
    return _file(request, report, _pdf(report, str(request.user)), "application/pdf", "pdf")


def _asked(request: HttpRequest) -> Report:
    try:
        period = _period(request)
    except ValueError as error:
        raise Http404 from error
    authority = _authority(request)
    return report_for(_unit(request, units_of(authority)), period, authority=authority)


def _period(request: HttpRequest) -> Period:
    """The asked period. Raises ValueError with a sentence."""
    first, last = request.GET.get(FIRST, "").strip(), request.GET.get(LAST, "").strip()
    if first or last:
        return Period.parse(f"{_iso(first)}..{_iso(last)}")
    return Period.parse(request.GET[PERIOD]) if request.GET.get(PERIOD) else offered()[0]


def _iso(text: str) -> str:
    """21/11/2026 as 2026-11-21; anything else as it is, to be refused by name."""
    parts = text.split("/")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        return f"{parts[2]:0>4}-{parts[1]:0>2}-{parts[0]:0>2}"
    return text


def _unit(request: HttpRequest, units: list[Any]) -> Any:
    asked = request.GET.get(UNIT, "")
    if not asked:
        return units[0]
    chosen = [unit for unit in units if str(unit.pk) == asked]
    if not chosen:
        raise Http404
    return chosen[0]


def _cell(figure: Figure) -> Cell:
    return figure.text if figure.value is None else int(figure.value)


def _file(request: HttpRequest, report: Report, content: bytes, kind: str, ending: str) -> HttpResponse:
    record(
        "movement.report.export",
        by=request.user,  # type: ignore[arg-type]  # open_to lets users in only
        subject=report.title[:120],
        unit=report.unit.code,
        detail={"period": report.period.code, "kind": ending},
    )
    response = HttpResponse(content, content_type=kind)
    name = f"bao-cao-phong-trao-{report.unit.code}-{report.period.code}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _pdf(report: Report, by: str) -> bytes:
    import typst

    facts = {
        "title": report.title, "unit": report.unit.name, "period": report.period.label, "by": by,
        "at": f"{localtime(now()):%d/%m/%Y %H:%M}", "hides": report.hides_some,
        "totals": [[measure.name, figure.text, words] for measure, figure, words in report.tiles],
        "header": ["Đơn vị", *(measure.name for measure in report.measures)],
        "rows": [[unit.name, *(figure.text for figure in cells)] for unit, cells in report.lines],
    }  # fmt: skip
    pdf = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no bytes")
    return pdf


@cache
def _fonts() -> Any:
    """The wheel's own fonts only, so that every machine prints the same page."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def _authority(request: HttpRequest) -> Authority:
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware
