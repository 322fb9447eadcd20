"""Who may read a case, who may work on it, who sees the people in it."""

from datetime import datetime

from django.utils.timezone import localtime

from binhyen.kernel.units.authority import Authority, Refusal
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.cases.models import Case
from binhyen.modules.cases.workflow import CASE_STAFF

ASK_THE_CHIEF = "Hãy đề nghị Trưởng công an đơn vị giao vai trò hoặc chuyển vụ việc."


def may_read(authority: Authority, case: Case) -> Refusal | None:
    """Officers of the case's unit or of one above it."""
    if authority.holds(OFFICERS, case.unit):
        return None
    return Refusal(
        f"Vụ việc {case.number} thuộc {case.unit.name}; anh/chị không công tác ở đơn vị này.",
        code="other_unit",
        remedy=ASK_THE_CHIEF,
    )


def may_see_people(authority: Authority, case: Case) -> Refusal | None:
    """Those who work on cases in the unit; a duty officer sees the case without the people."""
    if authority.holds(CASE_STAFF, case.unit):
        return None
    sentence = "Danh sách người trong vụ việc chỉ dành cho cán bộ thụ lý của đơn vị."
    return Refusal(sentence, code="people_sealed", remedy=ASK_THE_CHIEF)


def may_work_on(authority: Authority, case: Case) -> Refusal | None:
    """Case staff, while the case is open."""
    return may_see_people(authority, case) or must_be_open(case)


def must_be_open(case: Case) -> Refusal | None:
    """None while the case opens footage; afterwards the sentence that says since when it does not."""
    if case.is_open:
        return None
    ended = f" lúc {local(case.ended_at)}" if case.ended_at else ""
    verb = "đã đóng" if case.state == "closed" else "đã chuyển đơn vị khác"
    return Refusal(
        f"Không thực hiện được: vụ việc {case.number} {verb}{ended}.",
        code="case_closed",
        remedy=f"Trưởng công an của {case.unit.name} có thể mở lại vụ việc.",
    )


def may_open_case(authority: Authority, unit: Unit) -> Refusal | None:
    """Officers open cases in their own units and those below, while the unit exists."""
    if not authority.holds(OFFICERS, unit):
        sentence = f"Anh/Chị không thể lập vụ việc cho {unit.name}: không công tác ở đơn vị này."
        return Refusal(sentence, code="other_unit", remedy="Hãy chọn đơn vị của anh/chị.")
    if not unit.is_open_on():
        sentence = f"{unit.name} đã kết thúc hoạt động nên không lập vụ việc mới được."
        return Refusal(sentence, code="unit_closed", remedy="Hãy chọn đơn vị tiếp nhận địa bàn.")
    return None


def local(moment: datetime) -> str:
    """A moment as a person reads it, Vietnamese time."""
    return f"{localtime(moment):%H:%M ngày %d/%m/%Y}"
