"""What an officer is told of the own cases: that a deadline is near, that it has passed. Numbers only, no names."""

from datetime import datetime, timedelta

from django.utils.timezone import now

from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.authority import across_units, authority_of
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.cases.models import Case
from binhyen.modules.cases.rules import local, may_read
from binhyen.modules.cases.workflow import OPEN_STATES

NEAR = timedelta(hours=24)
NEAR_WHEN_NEW = timedelta(hours=4)
"""A new case has 24 hours in all: told a day ahead it would be near at once."""
LATE_TOLD_FOR = timedelta(days=7)

DEADLINE_NEAR = add_topic(
    Topic(
        "cases.deadline-near",
        "Vụ việc sắp đến hạn",
        "vì anh/chị đang thụ lý vụ việc",
        channels=("inapp", "email"),
        roles=frozenset(OFFICERS),
    )
)
DEADLINE_LATE = add_topic(
    Topic(
        "cases.deadline-late",
        "Vụ việc quá hạn",
        "vì anh/chị đang thụ lý vụ việc",
        channels=("inapp", "email"),
        may_switch_off=False,
        why_not="Người thụ lý phải biết vụ việc của mình đã quá hạn, nên tin này không tắt được.",
        roles=frozenset(OFFICERS),
    )
)


def tell_of_deadlines(at: datetime | None = None) -> int:
    """Tell who works on a case that its deadline is near or has passed, once for each deadline; how many messages."""
    at = at or now()
    with across_units():
        waiting = Case.objects.filter(
            state__in=OPEN_STATES, assigned_to__is_active=True, due_at__gt=at - LATE_TOLD_FOR, due_at__lt=at + NEAR
        )
        cases = list(waiting.select_related("assigned_to", "unit"))
    return sum(_tell(case, at) for case in cases)


def _tell(case: Case, at: datetime) -> int:
    officer, due_at = case.assigned_to, case.due_at
    is_late = due_at < at
    is_near = due_at - at <= (NEAR_WHEN_NEW if case.state == "new" else NEAR)
    if not (is_late or is_near) or may_read(authority_of(officer), case) is not None:
        return 0
    topic, words = (DEADLINE_LATE, "đã quá hạn") if is_late else (DEADLINE_NEAR, "sắp đến hạn")
    told = send(
        topic,
        to=officer,
        subject=f"Vụ việc {case.number} {words}",
        body=f"Trạng thái: {case.state_label}. Hạn: {local(due_at)}.",
        url=case.get_absolute_url(),
        dedupe_key=f"{case.number}:{due_at.isoformat()}",
        at=at,
    )
    return len(told)
