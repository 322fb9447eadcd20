"""An officer is told of a near and of a passed deadline, once for each."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from binhyen.kernel.notify.models import Message
from binhyen.kernel.notify.reading import messages_of, shown
from binhyen.kernel.units.models import Membership
from binhyen.modules.cases.domain import CaseFacts, open_case, take_step
from binhyen.modules.cases.models import CasePerson
from binhyen.modules.cases.notices import tell_of_deadlines


@pytest.fixture
def case(world, all_units):
    opened = open_case(
        CaseFacts("trom-cap", "Mất xe của bà Sen"), unit=world.commune_a, by=world.people["investigator"]
    )
    CasePerson.objects.create(case=opened, part="victim", name="Phạm Thị Sen", added_by=opened.opened_by)
    return opened


def told(case, at):
    return [each.content.subject for each in shown(messages_of(case.assigned_to, at=at))]


@pytest.mark.parametrize(
    ("hours", "words"), [(19, []), (21, ["sắp đến hạn"]), (25, ["đã quá hạn"]), (24 + 7 * 24 + 1, [])]
)
def test_a_new_case_is_near_its_deadline_four_hours_before(case, hours, words):
    at = case.opened_at + timedelta(hours=hours)
    tell_of_deadlines(at)
    assert told(case, at) == [f"Vụ việc {case.number} {word}" for word in words]


def test_each_deadline_is_told_once_and_a_new_one_again(case):
    at = case.due_at - timedelta(hours=1)
    assert [tell_of_deadlines(at), tell_of_deadlines(at + timedelta(minutes=5))] == [1, 0]
    take_step(case, "investigate", by=case.assigned_to, at=at)
    assert tell_of_deadlines(at + timedelta(minutes=5)) == 0
    assert tell_of_deadlines(case.due_at - timedelta(hours=23)) == 1
    assert tell_of_deadlines(case.due_at + timedelta(hours=1)) == 1


def test_a_closed_case_tells_nobody(case):
    take_step(case, "close", by=case.assigned_to, note="Xong")
    assert tell_of_deadlines(now() + timedelta(days=1, hours=1)) == 0


def test_an_officer_who_left_the_unit_is_not_told(case):
    Membership.objects.filter(user=case.assigned_to).delete()
    assert tell_of_deadlines(case.due_at) == 0


def test_a_message_names_the_case_by_its_number_and_nobody_in_it(case):
    tell_of_deadlines(case.due_at + timedelta(hours=1))
    [each] = shown(Message.objects.all())
    assert each.content.body.startswith("Trạng thái: Mới tiếp nhận. Hạn: ")
    assert [name in f"{each.content.subject} {each.content.body}" for name in ("Sen", "Mất xe")] == [False, False]
    assert each.content.url == f"/vu-viec/{case.pk}/"
