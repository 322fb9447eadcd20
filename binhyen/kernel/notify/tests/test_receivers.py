"""What happens below reaches the people whom it concerns."""

from datetime import timedelta

from django.utils.timezone import now

from binhyen.kernel.notify.reading import messages_of, shown
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.escalation import escalate_overdue
from binhyen.modules.cases.public import CaseFacts, open_case


def test_a_deadline_that_passed_reaches_the_chief_once_with_the_way_to_the_case(world, all_units):
    officer, chief = world.people[Role.INVESTIGATOR], world.people[Role.CHIEF]
    case = open_case(
        CaseFacts("trom-cap", "Mất xe máy"), unit=world.commune_a, by=officer, at=now() - timedelta(days=2)
    )
    escalate_overdue()
    escalate_overdue()
    contents = [each.content for each in shown(messages_of(chief))]
    assert [(each.subject, each.url) for each in contents] == [
        (f"Cần xử lý: Vụ việc {case.number}", case.get_absolute_url())
    ]
    assert list(messages_of(officer)) == []
