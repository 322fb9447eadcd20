"""The states of a case, as the regulation tells them.

Deadlines: receipt and classification within 24 hours; decision within 20 days; extended once, two months
(BLTTHS 2015 art. 147; cần pháp chế kiểm tra). They are wall-clock time: the Code counts days, not working days.
"""

from datetime import timedelta

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.kernel.workflow.table import Step, Workflow, clock_time

OPEN_STATES = ("new", "investigating", "extended")
"""States in which a case opens footage."""

RECEIVE_WITHIN = clock_time(timedelta(hours=24))
DECIDE_WITHIN = clock_time(timedelta(days=20))
EXTEND_BY = clock_time(timedelta(days=60))

CASE_STAFF = frozenset({Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF})
"""Those who work on cases and see the people in them. A duty officer opens cases and hands them over."""


def _officer_of_the_unit(authority: Authority, case: object) -> bool:
    return authority.holds(OFFICERS, case.unit)  # type: ignore[attr-defined]  # a Case; models import this file


def _staff_of_the_unit(authority: Authority, case: object) -> bool:
    return authority.holds(CASE_STAFF, case.unit)  # type: ignore[attr-defined]  # as above


def _chief_of_the_unit(authority: Authority, case: object) -> bool:
    return authority.holds({Role.CHIEF}, case.unit)  # type: ignore[attr-defined]  # as above


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
        Step("investigate", "Bắt đầu xác minh", ("new",), "investigating", _officer_of_the_unit, DECIDE_WITHIN),
        Step("extend", "Gia hạn", ("investigating",), "extended", _chief_of_the_unit, EXTEND_BY, needs_note=True),
        Step("transfer", "Chuyển đơn vị khác", OPEN_STATES, "transferred", _chief_of_the_unit, needs_note=True),
        Step("close", "Đóng vụ việc", OPEN_STATES, "closed", _staff_of_the_unit, needs_note=True),
        Step(
            "reopen",
            "Mở lại",
            ("closed", "transferred"),
            "investigating",
            _chief_of_the_unit,
            DECIDE_WITHIN,
            needs_note=True,
        ),
    ),
)
