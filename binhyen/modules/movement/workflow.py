"""What becomes of a task from a meeting, and of a nomination."""

from typing import Any

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.kernel.workflow.table import Step, Workflow, escalate, held_by, in_words, working_days

WRITERS = frozenset({Role.CHIEF, Role.COMMUNE_OFFICER, Role.GROUP_LEADER})
"""Those who write what a group did: a leader what the own group did."""
KEEPERS = frozenset({Role.CHIEF, Role.COMMUNE_OFFICER})
"""Those who keep the registers of the movement."""


@in_words("Người được giao việc, hoặc Trưởng công an, cán bộ phụ trách")
def does_it(authority: Authority, task: Any) -> bool:
    """Whoever was given the task, and those who keep the register."""
    is_own = authority.user is not None and task.who_id == authority.user.pk
    return is_own or authority.holds(KEEPERS, task.unit)


TASK = Workflow(
    states={"open": "Đang làm", "done": "Đã xong", "dropped": "Thôi không làm"},
    start="open",
    steps=(
        Step("finish", "Báo xong", ("open",), "done", does_it, needs_note=True),
        Step("drop", "Thôi việc này", ("open",), "dropped", held_by(Role.CHIEF), needs_note=True),
        Step("reopen", "Làm lại", ("done", "dropped"), "open", held_by(*KEEPERS), working_days(5), needs_note=True),
    ),
    ended=("done", "dropped"),
    escalations=(escalate(Role.CHIEF),),
    readers=OFFICERS,
)


@in_words("Trưởng công an, cán bộ phụ trách; phải dẫn ít nhất một hồ sơ")
def cites(authority: Authority, nomination: Any) -> bool:
    """A nomination without a record behind it goes nowhere."""
    has_any = nomination.pk is None or nomination.citations.exists()
    return has_any and authority.holds(KEEPERS, nomination.unit)


NOMINATION = Workflow(
    states={"draft": "Đang lập", "proposed": "Đã trình", "approved": "Đã khen", "refused": "Không khen"},
    start="draft",
    steps=(
        Step("propose", "Trình", ("draft",), "proposed", cites),
        Step("return", "Trả lại để bổ sung", ("proposed",), "draft", held_by(Role.CHIEF), needs_note=True),
        Step("approve", "Khen", ("proposed",), "approved", held_by(Role.CHIEF)),
        Step("refuse", "Không khen", ("proposed",), "refused", held_by(Role.CHIEF), needs_note=True),
    ),
    ended=("approved", "refused"),
    readers=OFFICERS,
)
