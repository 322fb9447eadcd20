"""Menu entries of statistics, and what of its reports waits for whom."""

from collections.abc import Iterator

from django.db.models import Q

from binhyen.kernel.screens import MenuEntry, MenuGroup, WorkItem, add_menu_entry, add_work_source
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.statistics.models import Report, ReportQuestion

WAITING_SHOWN = 20

_GROUP = MenuGroup("Thống kê, báo cáo", "chart-bar")

for _label, _page, _icon, _position in (
    ("Thống kê", "statistics", "chart-bar", 91),
    ("Báo cáo", "reports", "report", 92),
    ("Kiểm tra số liệu", "figures-check", "list-check", 93),
):
    add_menu_entry(MenuEntry(_label, _page, _icon, _position, frozenset(OFFICERS), _GROUP))


@add_work_source
def waiting_reports(authority: Authority) -> Iterator[WorkItem]:
    """Reports that wait for a chief's signature, and drafts that made themselves."""
    if not authority.holds(OFFICERS):
        return
    signing = Q(state="checked", unit_id__in=authority.unit_ids({Role.CHIEF}))
    writing = Q(state="draft", plan__isnull=False, unit_id__in=authority.unit_ids(OFFICERS), made_by=authority.user)
    for report in Report.objects.filter(signing | writing).order_by("due_at", "pk")[:WAITING_SHOWN]:
        verb = "Ký báo cáo" if report.state == "checked" else "Kiểm tra báo cáo định kỳ"
        yield WorkItem(
            f"{verb}: {report.title}", report.get_absolute_url(), "report", report.due_at, report.state_label
        )


@add_work_source
def waiting_questions(authority: Authority) -> Iterator[WorkItem]:
    """Questions about figures that were put to the person's units."""
    if not authority.holds(OFFICERS):
        return
    mine = ReportQuestion.objects.filter(
        answered_at=None, asked_unit_id__in=authority.unit_ids(OFFICERS), report__state="draft"
    )
    for question in mine.order_by("asked_at")[:WAITING_SHOWN]:
        label = f"Trả lời về số liệu “{question.quoted[:60]}”"
        yield WorkItem(label, question.get_absolute_url(), "report-question", None, question.sentence)
