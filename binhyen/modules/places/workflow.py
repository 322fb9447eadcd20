"""What becomes of a plan: written, handed in, approved by the chief and by one more person, applied on its day."""

from typing import Any

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.kernel.workflow.table import Step, Workflow, escalate, held_by, in_words, system_only, working_days

SECONDS = OFFICERS | {Role.AUDITOR}
"""Who may be the second person: anyone of the unit who answers for more than its machines."""

_WRITERS = held_by(*OFFICERS)


@in_words("Người thứ hai của đơn vị, không phải Trưởng công an đã duyệt")
def is_somebody_else(authority: Authority, plan: Any) -> bool:
    """Approval takes two people."""
    is_the_first = plan.approved_by is not None and plan.approved_by == authority.user
    return authority.holds(SECONDS, plan.unit) and not is_the_first


PLAN = Workflow(
    states={
        "draft": "Đang soạn",
        "handed_in": "Chờ Trưởng công an duyệt",
        "approved": "Chờ người thứ hai đồng ý",
        "scheduled": "Đã duyệt, chờ đến ngày",
        "applied": "Đã áp dụng",
        "withdrawn": "Đã rút lại",
    },
    start="draft",
    steps=(
        Step("hand_in", "Trình duyệt", ("draft",), "handed_in", _WRITERS, within=working_days(3)),
        Step("return", "Trả lại để sửa", ("handed_in", "approved"), "draft", _WRITERS, needs_note=True),
        Step("approve", "Duyệt", ("handed_in",), "approved", held_by(Role.CHIEF), within=working_days(3)),
        Step("second", "Đồng ý (người thứ hai)", ("approved",), "scheduled", is_somebody_else),
        Step("withdraw", "Rút lại", ("draft", "handed_in", "approved", "scheduled"), "withdrawn", _WRITERS,
             needs_note=True),
        Step("apply", "Áp dụng", ("scheduled",), "applied", system_only),
        Step("fail", "Không áp dụng được", ("scheduled",), "draft", system_only, needs_note=True),
    ),
    ended=("applied", "withdrawn"),
    escalations=(escalate(Role.CHIEF),),
    readers=OFFICERS,
)  # fmt: skip
