from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import Refused
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.advance import advance, due_after, history
from binhyen.kernel.workflow.calendar import VIETNAM
from binhyen.kernel.workflow.models import Stateful, StepTaken
from binhyen.kernel.workflow.table import Step, Within, Workflow, clock_time, working_days

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=VIETNAM)


def is_chief(authority, thing):
    return authority.holds({Role.CHIEF})


LAMP = Workflow(
    {"off": "Tắt", "on": "Sáng", "broken": "Hỏng"},
    "off",
    (
        Step("switch_on", "Bật đèn", ("off",), "on", is_chief, within=working_days(1)),
        Step("break", "Báo hỏng", ("off", "on"), "broken", is_chief, needs_note=True),
    ),
)


with isolate_apps("binhyen.kernel.workflow"):  # no other test meets this table, which exists here only

    class Lamp(Stateful):
        workflow = LAMP
        name = models.CharField(max_length=20)

        class Meta:
            app_label = "workflow"

        def __str__(self):
            return self.name


@pytest.fixture
def lamp(transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(Lamp)
    yield Lamp.objects.create(name="đèn ngõ 3", state=LAMP.start)
    with connection.schema_editor() as editor:
        editor.delete_model(Lamp)


def test_a_step_changes_state_deadline_history_and_log(lamp, world):
    chief = world.people[Role.CHIEF]
    advance(lamp, "switch_on", by=chief, note="tối rồi", at=MONDAY)
    lamp.refresh_from_db()
    assert (lamp.state, lamp.state_label, lamp.due_at) == ("on", "Sáng", datetime(2026, 11, 17, 8, 0, tzinfo=VIETNAM))
    assert [str(step) for step in history(lamp)] == ["Bật đèn (off → on)"]
    line = Line.objects.get()
    assert (line.action, line.actor, line.subject) == ("workflow.lamp.switch_on", chief.username, "đèn ngõ 3")
    assert line.detail == {"from": "off", "to": "on", "note": "tối rồi"}


def test_a_step_is_refused_to_whom_it_is_not_for_and_leaves_no_trace(lamp, world):
    with pytest.raises(Refused, match="không có quyền “Bật đèn”"):
        advance(lamp, "switch_on", by=world.people[Role.AUDITOR])
    lamp.refresh_from_db()
    assert (lamp.state, StepTaken.objects.count(), Line.objects.count()) == ("off", 0, 0)


def test_a_step_from_another_state_is_refused(lamp, world):
    advance(lamp, "switch_on", by=None)
    with pytest.raises(Refused, match="đang ở trạng thái “Sáng”"):
        advance(lamp, "switch_on", by=world.people[Role.CHIEF])


def test_a_step_that_needs_a_reason_asks_for_it(lamp, world):
    with pytest.raises(Refused, match="cần ghi rõ lý do"):
        advance(lamp, "break", by=world.people[Role.CHIEF], note="  ")


def test_the_system_takes_a_step_without_being_asked_who_it_is(lamp):
    advance(lamp, "switch_on", by=None)
    assert Line.objects.get().actor == "he-thong"


def test_an_unknown_step_is_a_key_error(lamp):
    with pytest.raises(KeyError):
        advance(lamp, "fly", by=None)


def test_late_is_what_is_past_its_deadline(lamp):
    assert not lamp.is_overdue()
    lamp.due_at = MONDAY
    assert lamp.is_overdue(MONDAY + timedelta(seconds=1))
    assert not lamp.is_overdue(MONDAY)
    assert not lamp.is_final
    lamp.state = "broken"
    assert lamp.is_final


def test_a_workflow_knows_its_ends_and_what_is_open(world):
    assert LAMP.final == {"broken"}
    assert LAMP.choices == [("off", "Tắt"), ("on", "Sáng"), ("broken", "Hỏng")]
    chief = SimpleNamespace(holds=lambda roles: True)
    assert [step.name for step in LAMP.open_to(chief, SimpleNamespace(state="off"))] == ["switch_on", "break"]


def test_a_workflow_that_names_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="unknown state 'c'"):
        Workflow({"a": "A", "b": "B"}, "a", (Step("x", "X", ("a",), "c", is_chief),))
    with pytest.raises(ValueError, match="unknown start 'z'"):
        Workflow({"a": "A"}, "z", ())


def test_wall_clock_time_runs_through_the_night():
    assert due_after(clock_time(timedelta(hours=48)), MONDAY) == MONDAY + timedelta(hours=48)
    assert due_after(None, MONDAY) is None
    assert due_after(Within(1), MONDAY) == MONDAY + timedelta(hours=1)
