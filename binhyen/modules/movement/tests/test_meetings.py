"""Lines of minutes become tasks."""

from datetime import UTC, date, datetime

import pytest

from binhyen.kernel.notify.models import Message
from binhyen.kernel.units.authority import Refused, authority_of
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.advance import advance
from binhyen.modules.movement.models import Task
from binhyen.modules.movement.tasks import Wanted, give_tasks

pytestmark = pytest.mark.usefixtures("all_units")


@pytest.fixture
def officer(world):
    return world.people[Role.COMMUNE_OFFICER]


def test_minutes_are_read_line_by_line(meeting):
    assert meeting.lines == ["Đèn xóm Đông hỏng", "Lắp camera ngõ 12", "Khen tổ xóm Đông"]


def test_chosen_lines_become_tasks_of_people_with_deadlines(chief, meeting, officer):
    page = chief.get(f"/hop/{meeting.pk}/viec/").content.decode()
    assert page.count("<fieldset") == 3
    sent = {"dong0-chosen": "on", "dong0-who": officer.pk, "dong0-due_on": "28/11/2026",
            "dong1-chosen": "on", "dong1-due_on": "30/11/2026", "dong2-due_on": "28/11/2026"}  # fmt: skip
    assert chief.post(f"/hop/{meeting.pk}/viec/", sent).status_code == 302
    found = [(task.text, task.who, task.due_on, task.state) for task in Task.objects.order_by("pk")]
    assert found == [
        ("Đèn xóm Đông hỏng", officer, date(2026, 11, 28), "open"),
        ("Lắp camera ngõ 12", None, date(2026, 11, 30), "open"),
    ]
    assert Task.objects.first().due_at == datetime(2026, 11, 28, 17, tzinfo=UTC)  # when that day ends here
    assert "Đang làm" in chief.get(f"/hop/{meeting.pk}/").content.decode()
    assert chief.get(f"/hop/{meeting.pk}/viec/").content.decode().count("<fieldset") == 1


def test_a_deadline_that_is_missing_or_no_day_is_told_and_nothing_is_lost(chief, meeting):
    sent = {"dong0-chosen": "on", "dong0-due_on": "", "dong1-chosen": "on", "dong1-due_on": "31/02/2027"}
    answer = chief.post(f"/hop/{meeting.pk}/viec/", sent)
    page = answer.content.decode()
    assert (answer.status_code, Task.objects.count()) == (422, 0)
    assert "Chưa nhập hạn của “Đèn xóm Đông hỏng”" in page
    assert "Hạn của “Lắp camera ngõ 12” không đúng" in page
    assert 'value="31/02/2027"' in page


def test_nothing_chosen_makes_nothing_and_says_so(chief, meeting):
    answer = chief.post(f"/hop/{meeting.pk}/viec/", {}, follow=True)
    assert "Chưa chọn dòng nào" in answer.content.decode()
    assert Task.objects.count() == 0


def test_a_line_becomes_one_task_and_who_is_to_do_it_is_told_once(meeting, world, officer):
    wanted = [Wanted("Đèn xóm Đông hỏng", date(2026, 11, 28), officer)]
    chief = world.people[Role.CHIEF]
    assert [len(give_tasks(meeting, wanted, by=chief)) for _ in range(2)] == [1, 0]
    assert [message.topic for message in Message.objects.all()] == ["movement.task-given"]


def test_the_one_who_was_given_it_says_what_was_done(meeting, world, officer):
    (task,) = give_tasks(meeting, [Wanted("Đèn", date(2026, 11, 28), officer)], by=world.people[Role.CHIEF])
    with pytest.raises(Refused, match="quyền"):
        advance(task, "finish", by=world.people[Role.INVESTIGATOR], note="x")
    with pytest.raises(Refused, match="lý do"):
        advance(task, "finish", by=officer)
    assert advance(task, "finish", by=officer, note="Điện lực đã thay bóng.").state == "done"
    assert Task.workflow.open_to(authority_of(world.people[Role.DUTY_OFFICER]), task) == []


def test_a_task_of_another_commune_cannot_be_made_from_here(chief, world, meeting):
    from binhyen.kernel.screens import screens_of
    from binhyen.kernel.testing.registers import make_example
    from binhyen.modules.movement.models import Meeting

    theirs = make_example(screens_of(Meeting), world.commune_b)
    assert chief.post(f"/hop/{theirs.pk}/viec/", {"dong0-chosen": "on"}).status_code == 404


def test_a_meeting_without_minutes_says_what_to_do(chief, make):
    from binhyen.modules.movement.models import Meeting

    meeting = make(Meeting, minutes="")
    assert "Chưa có biên bản" in chief.get(f"/hop/{meeting.pk}/").content.decode()
    assert "Không còn dòng nào" in chief.get(f"/hop/{meeting.pk}/viec/").content.decode()


def test_what_has_not_happened_is_no_record(chief, world):
    sent = {"unit": world.commune_a.pk, "title": "Giao ban", "kind": "monthly", "held_on": "01/01/2099", "minutes": ""}
    assert "Ngày này chưa đến" in chief.post("/hop/them/", sent).content.decode()
