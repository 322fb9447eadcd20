"""Who may do what with reports. None means yes."""

from binhyen.kernel.units.authority import Authority, Refusal
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.statistics.models import Report, ReportQuestion


def may_report_for(authority: Authority, unit: Unit) -> Refusal | None:
    """Prepare reports of `unit`, and say which it makes regularly."""
    if authority.holds(OFFICERS, unit):
        return None
    return Refusal(
        f"Anh/Chị không lập báo cáo của {unit.name}.",
        code="wrong_unit",
        remedy="Hãy chọn đơn vị mà anh/chị đang công tác.",
    )


def may_change(authority: Authority, report: Report) -> Refusal | None:
    """Write in a report: while it is a draft, by officers of its unit."""
    if report.state != "draft":
        return Refusal(
            f"Báo cáo này không sửa được nữa: {report.state_label.lower()}.",
            code="not_a_draft",
            remedy="Nếu cần sửa, hãy lập bản đính chính: bản đã ký vẫn giữ nguyên."
            if report.is_signed
            else "Nếu cần sửa, hãy trả báo cáo về “Đang soạn”.",
        )
    return may_report_for(authority, report.unit)


def may_answer(authority: Authority, question: ReportQuestion) -> Refusal | None:
    """Say what is true: the unit that was asked, or who writes the report."""
    if question.report.state != "draft":
        return Refusal("Báo cáo này không còn chờ trả lời.", code="not_a_draft", remedy="Không cần làm gì thêm.")
    asked = question.asked_unit is not None and authority.holds(OFFICERS, question.asked_unit)
    return None if asked else may_report_for(authority, question.report.unit)
