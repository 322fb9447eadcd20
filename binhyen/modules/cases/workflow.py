"""The states of a case, as the regulation tells them.

Deadlines: receipt and classification within 24 hours; decision within 20 days; extended once, two months
(BLTTHS 2015 art. 147; cần pháp chế kiểm tra). They are wall-clock time: the Code counts days, not working days.
"""

from datetime import timedelta

from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.kernel.workflow.table import Step, Workflow, clock_time, escalate, held_by

OPEN_STATES = ("new", "investigating", "extended")
"""States in which a case opens footage."""

ENDED_STATES = ("closed", "transferred")

RECEIVE_WITHIN = clock_time(timedelta(hours=24))
DECIDE_WITHIN = clock_time(timedelta(days=20))
EXTEND_BY = clock_time(timedelta(days=60))

CASE_STAFF = frozenset({Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF})
"""Those who work on cases and see the people in them. A duty officer opens cases and hands them over."""


_OFFICER = held_by(*OFFICERS)
_STAFF = held_by(*CASE_STAFF)
_CHIEF = held_by(Role.CHIEF)

CASE = Workflow(
    states={
        "new": "Mới tiếp nhận",
        "investigating": "Đang xác minh",
        "extended": "Đã gia hạn",
        "transferred": "Đã chuyển đơn vị khác",
        "closed": "Đã đóng",
    },
    start="new",
    steps=(
        Step("investigate", "Bắt đầu xác minh", ("new",), "investigating", _OFFICER, DECIDE_WITHIN),
        Step("extend", "Gia hạn", ("investigating",), "extended", _CHIEF, EXTEND_BY, needs_note=True),
        Step("transfer", "Chuyển đơn vị khác", OPEN_STATES, "transferred", _CHIEF, needs_note=True),
        Step("close", "Đóng vụ việc", OPEN_STATES, "closed", _STAFF, needs_note=True),
        Step("reopen", "Mở lại", ENDED_STATES, "investigating", _CHIEF, DECIDE_WITHIN, needs_note=True),
    ),
    ended=ENDED_STATES,
    begin_within={"new": RECEIVE_WITHIN},
    escalations=(escalate(Role.CHIEF), escalate(Role.CHIEF, after_hours=16, above=1)),
    readers=OFFICERS,
)
