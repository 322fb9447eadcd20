"""“Nhật ký”: who did what, for the auditor and for chiefs of the own units."""

import csv
import io
import time
from itertools import islice
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.views.decorators.http import require_POST, require_safe

from binhyen.kernel.audit import record as audit
from binhyen.kernel.audit.models import DayRoot, Line
from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.roles import Role
from binhyen.web.pages.actions import action_words
from binhyen.web.pages.activity_query import READERS, LinePage, Wanted, find_lines, page_of, readable_lines

EXPORT_LINES_MAX = 20_000
BREAKS_SHOWN = 50
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("Số dòng", "Lúc", "Tài khoản", "Người thực hiện", "Việc", "Mã việc", "Đối tượng", "Đơn vị", "Vụ việc",
           "Mục đích", "Chi tiết", "Mã băm dòng trước", "Mã băm")  # fmt: skip


DAY_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
"""A day is typed: browsers draw their own date field in the order of their own language, which misleads."""


class DayField(forms.DateField):
    """A day as 21/11/2026."""

    def __init__(self, label: str) -> None:
        widget = forms.DateInput(format="%d/%m/%Y")
        wrong = {"invalid": "Không đọc được ngày. Hãy nhập như 21/11/2026."}
        super().__init__(label=label, required=False, input_formats=DAY_FORMATS, widget=widget, error_messages=wrong)


class WantedForm(forms.Form):
    """What to look for in the log; names are those of the address."""

    tim = forms.CharField(label="Tìm", required=False, max_length=120)
    nguoi = forms.CharField(label="Người", required=False, max_length=120)
    doi_tuong = forms.CharField(label="Camera hoặc đối tượng", required=False, max_length=120)
    vu_viec = forms.CharField(label="Vụ việc", required=False, max_length=40)
    viec = forms.ChoiceField(label="Việc", required=False)
    tu = DayField("Từ ngày")
    den = DayField("Đến ngày")

    def __init__(self, *args: Any, actions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((action, action_words(action)) for action in actions), key=lambda pair: pair[1])
        self.fields["viec"].choices = [("", "Mọi việc"), *named]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("tu") and cleaned.get("den") and cleaned["tu"] > cleaned["den"]:
            self.add_error("den", "Ngày cuối phải từ ngày đầu trở đi.")
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """What is looked for; a field that could not be read looks for nothing."""
        self.full_clean()
        found = getattr(self, "cleaned_data", {})
        return Wanted(
            text=found.get("tim", ""),
            person=found.get("nguoi", ""),
            subject=found.get("doi_tuong", ""),
            case=found.get("vu_viec", ""),
            action=found.get("viec", ""),
            first_day=found.get("tu"),
            last_day=found.get("den"),
        )


@require_safe
@open_to(*READERS)
def activity(request: HttpRequest) -> HttpResponse:
    """Lines by the filter, newest first; pages by line number."""
    lines, form = _found(request)
    page: LinePage = page_of(lines, before=_number(request, "truoc"), after=_number(request, "sau"))
    rows = [{"line": line, "action": action_words(line.action)} for line in page.lines]
    facts = {"form": form, "page": page, "rows": rows, "is_auditor": _is_auditor(request)}
    return render(request, "web/activity.html", {**facts, "is_filtered": form.is_bound and form.wanted != Wanted()})


@require_safe
@open_to(*READERS)
def activity_csv(request: HttpRequest) -> HttpResponse:
    """The lines of the filter as a table that a spreadsheet opens and never runs."""
    lines, _ = _found(request)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    count = 0
    for line in islice(lines.iterator(chunk_size=2000), EXPORT_LINES_MAX):
        writer.writerow([spreadsheet_safe(value) for value in _cells(line)])
        count += 1
    user = request.authority.user  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    detail = {"lines": str(count), "filter": request.GET.urlencode()[:500]}
    audit.record("log.export", by=user, subject="nhật ký", detail=detail)
    response = HttpResponse("\N{BYTE ORDER MARK}" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="nhat-ky-{localtime(now()):%Y%m%d-%H%M}.csv"'
    return response


@require_POST
@open_to(Role.AUDITOR)
def verify_chain(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain and every published root, and say where they do not hold."""
    started = time.monotonic()
    breaks = list(islice(audit.verify(), BREAKS_SHOWN + 1))
    seconds = time.monotonic() - started
    newest = Line.objects.order_by("-number").values_list("number", flat=True).first() or 0
    user = request.authority.user  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    audit.record("log.verify", by=user, subject="nhật ký", detail={"lines": str(newest), "breaks": str(len(breaks))})
    facts = {
        "breaks": breaks[:BREAKS_SHOWN],
        "has_more": len(breaks) > BREAKS_SHOWN,
        "line_count": newest,
        "root_count": DayRoot.objects.count(),
        "seconds": seconds,
    }
    template = "web/_chain_result.html" if request.htmx else "web/chain_result.html"  # type: ignore[attr-defined]  # HtmxMiddleware
    return render(request, template, facts)


def spreadsheet_safe(value: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def _cells(line: Line) -> list[str]:
    detail = "; ".join(f"{name}: {value}" for name, value in sorted(line.detail.items()))
    at = localtime(line.at).isoformat(sep=" ", timespec="milliseconds")
    who = (line.actor, line.actor_name, action_words(line.action), line.action)
    what = (line.subject, line.unit, line.case, line.purpose, detail)
    return [str(line.number), at, *who, *what, line.previous, line.hash]


def _found(request: HttpRequest) -> tuple[Any, WantedForm]:
    readable = readable_lines(request.authority)  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    actions = list(readable.order_by().values_list("action", flat=True).distinct())
    form = WantedForm(request.GET or None, actions=actions)
    return find_lines(readable, form.wanted), form


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _is_auditor(request: HttpRequest) -> bool:
    return bool(request.authority.holds([Role.AUDITOR]))  # type: ignore[attr-defined]  # set by AuthorityMiddleware
