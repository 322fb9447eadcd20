"""What becomes of a report: it is prepared, handed in, signed, and once signed only ever replaced."""

from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.kernel.workflow.table import Step, Workflow, escalate, held_by, system_only, working_days

REPORT = Workflow(
    states={
        "draft": "Đang soạn",
        "checked": "Đã kiểm tra, chờ ký",
        "signed": "Đã ký",
        "superseded": "Đã có bản thay thế",
    },
    start="draft",
    steps=(
        Step("check", "Trình ký", ("draft",), "checked", held_by(*OFFICERS), within=working_days(1)),
        Step("return", "Trả lại để sửa", ("checked",), "draft", held_by(*OFFICERS), needs_note=True),
        Step("sign", "Ký báo cáo", ("checked",), "signed", held_by(Role.CHIEF)),
        Step("supersede", "Thay bằng bản mới", ("signed",), "superseded", system_only),
    ),
    ended=("signed",),
    escalations=(escalate(Role.CHIEF),),
    readers=OFFICERS,
)
NEVER_CHANGES = ("signed", "superseded")
"""States in which the database itself refuses any change but the one from the first to the second."""
