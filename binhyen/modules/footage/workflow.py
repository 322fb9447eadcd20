"""The states of a footage request.

A window of more than twelve hours waits for the co-signature of a chief who did not ask for it. Households have seven
days to answer; that deadline is the same for every request, whether anybody was asked or not.
"""

from datetime import timedelta

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.kernel.workflow.table import Step, Workflow, clock_time, escalate, held_by, in_words, working_days
from binhyen.modules.cases.public import CASE_STAFF

WINDOW_MAX = timedelta(hours=12)
COSIGNED_WINDOW_MAX = timedelta(hours=72)
OWNERS_ANSWER_WITHIN = timedelta(days=7)
COSIGN_WITHIN = working_days(1)


@in_words("Trưởng công an, không phải người lập yêu cầu")
def _another_chief(authority: Authority, request: object) -> bool:
    asked_by = request.created_by_id  # type: ignore[attr-defined]  # a FootageRequest; models import this file
    same_person = authority.user is not None and authority.user.pk == asked_by
    return not same_person and authority.holds({Role.CHIEF}, request.unit)  # type: ignore[attr-defined]  # as above


REQUEST = Workflow(
    states={
        "cosign": "Chờ lãnh đạo ký duyệt",
        "open": "Đang mở",
        "declined": "Lãnh đạo không duyệt",
        "ended": "Đã kết thúc",
    },
    start="open",
    steps=(
        Step("cosign", "Ký duyệt", ("cosign",), "open", _another_chief, clock_time(OWNERS_ANSWER_WITHIN)),
        Step("decline", "Không duyệt", ("cosign",), "declined", _another_chief, needs_note=True),
        Step("end", "Kết thúc yêu cầu", ("cosign", "open"), "ended", held_by(*CASE_STAFF), needs_note=True),
    ),
    other_starts=("cosign",),
    begin_within={"open": clock_time(OWNERS_ANSWER_WITHIN), "cosign": COSIGN_WITHIN},
    lapsing=("open",),
    escalations=(escalate(Role.CHIEF), escalate(Role.CHIEF, after_hours=8, above=1)),
    readers=OFFICERS,
)
