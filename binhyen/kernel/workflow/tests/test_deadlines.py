"""The clock of a thing: begun, paused while the citizen is asked, gone on with, extended."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from binhyen.kernel.units.authority import Refused
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.advance import advance
from binhyen.kernel.workflow.calendar import VIETNAM
from binhyen.kernel.workflow.deadlines import begin, next_escalation, turn_clock
from binhyen.kernel.workflow.models import Stateful
from binhyen.kernel.workflow.table import (
    Step,
    Workflow,
    clock_time,
    escalate,
    held_by,
    system_only,
    whole_working_days,
    working_days,
    working_hours,
)
from binhyen.kernel.workflow.working_time import vietnam, working_time_between

MONDAY = datetime(2026, 10, 5, 8, 0, tzinfo=VIETNAM)
ANYONE = held_by(*Role)

DOSSIER = Workflow(
    {"new": "Mới", "work": "Đang làm", "ask": "Chờ công dân", "ask_again": "Chờ lần hai", "done": "Xong"},
    "new",
    (
        Step("take", "Nhận", ("new",), "work", ANYONE, working_days(2)),
        Step("ask", "Hỏi công dân", ("work",), "ask", ANYONE),
        Step("ask_again", "Hỏi thêm", ("ask",), "ask_again", ANYONE),
        Step("answer", "Có trả lời", ("ask", "ask_again"), "work", ANYONE),
        Step("restart", "Làm lại từ đầu", ("ask",), "work", ANYONE, working_days(5)),
        Step("extend", "Gia hạn", ("work",), "work", ANYONE, working_days(1), extends=True, at_most=1),
        Step("extend_asked", "Gia hạn khi chờ", ("ask",), "ask", ANYONE, whole_working_days(1), extends=True),
        Step("end", "Kết thúc", ("work", "ask"), "done", ANYONE),
        Step("lapse", "Hết hạn", ("new",), "done", system_only),
    ),
    begin_within={"new": clock_time(timedelta(hours=24))},
    paused=("ask", "ask_again"),
    escalations=(escalate(Role.CHIEF), escalate(Role.CHIEF, after_hours=8, above=1)),
)


with isolate_apps("binhyen.kernel.workflow"):  # no other test meets this table, which exists here only

    class Dossier(Stateful):
        workflow = DOSSIER
        name = models.CharField(max_length=20)

        class Meta:
            app_label = "workflow"

        def __str__(self):
            return self.name


def taken(at=MONDAY):
    dossier = Dossier(name="hồ sơ")
    begin(dossier, at=at)
    return go(dossier, "take", at)


def go(dossier, step, at):
    dossier.state = DOSSIER[step].target
    turn_clock(dossier, DOSSIER[step], at=at)
    return dossier


def test_a_thing_begins_with_the_time_of_its_first_state():
    dossier = Dossier(name="hồ sơ")
    begin(dossier, at=MONDAY)
    assert (dossier.state, dossier.due_at) == ("new", MONDAY + timedelta(hours=24))
    assert dossier.escalate_at == dossier.due_at


def test_the_clock_stands_still_while_the_citizen_is_asked_and_goes_on_with_what_was_left():
    dossier = taken()
    assert dossier.due_at == MONDAY + timedelta(days=2)
    go(dossier, "ask", MONDAY + timedelta(hours=2))
    assert (dossier.due_at, dossier.escalate_at, dossier.is_paused) == (None, None, True)
    assert dossier.paused_at == MONDAY + timedelta(hours=2)
    assert not dossier.is_overdue(MONDAY + timedelta(days=30))
    go(dossier, "answer", MONDAY + timedelta(days=7))  # the Monday after, 8:00, with 14 working hours left
    assert dossier.due_at == MONDAY + timedelta(days=8, hours=8)
    assert (dossier.paused_at, dossier.left_us) == (None, None)


def test_a_second_question_does_not_start_the_clock():
    dossier = go(go(taken(), "ask", MONDAY + timedelta(hours=2)), "ask_again", MONDAY + timedelta(days=3))
    assert go(dossier, "answer", MONDAY + timedelta(days=7)).due_at == MONDAY + timedelta(days=8, hours=8)


def test_what_was_late_when_it_was_paused_is_as_late_afterwards():
    dossier = go(taken(), "ask", MONDAY + timedelta(days=3))  # one working day late
    go(dossier, "answer", MONDAY + timedelta(days=9))
    assert dossier.due_at == MONDAY + timedelta(days=8)
    assert dossier.is_overdue(MONDAY + timedelta(days=9))


def test_wall_clock_time_is_paused_as_wall_clock_time():
    dossier = Dossier(name="hồ sơ")
    begin(dossier, at=MONDAY)
    go(dossier, "ask", MONDAY + timedelta(hours=20))
    assert go(dossier, "answer", MONDAY + timedelta(hours=50)).due_at == MONDAY + timedelta(hours=54)


def test_a_step_with_a_time_of_its_own_starts_anew():
    dossier = go(taken(), "ask", MONDAY + timedelta(hours=2))
    go(dossier, "restart", MONDAY + timedelta(days=7))
    assert (dossier.due_at, dossier.left_us) == (MONDAY + timedelta(days=14), None)


def test_ending_while_paused_leaves_no_clock_behind():
    dossier = go(go(taken(), "ask", MONDAY + timedelta(hours=2)), "end", MONDAY + timedelta(hours=3))
    assert (dossier.due_at, dossier.paused_at, dossier.left_us, dossier.escalate_at) == (None, None, None, None)


def test_an_extension_is_added_to_the_deadline_that_stands():
    dossier = taken()
    go(dossier, "extend", MONDAY + timedelta(hours=5))
    assert dossier.due_at == MONDAY + timedelta(days=3)


def test_an_extension_while_the_clock_stands_is_there_afterwards():
    dossier = go(taken(), "ask", MONDAY + timedelta(hours=2))
    go(dossier, "extend_asked", MONDAY + timedelta(hours=3))
    assert go(dossier, "answer", MONDAY + timedelta(days=7)).due_at == MONDAY + timedelta(days=9, hours=8)


@given(
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_pausing_shifts_the_deadline_by_the_worked_time_of_the_pause(until_asked, until_answered):
    asked = MONDAY + until_asked
    answered = asked + until_answered
    dossier = go(go(taken(), "ask", asked), "answer", answered)
    assert working_time_between(MONDAY + timedelta(days=2), dossier.due_at) == vietnam().between(asked, answered)


def test_the_superior_hears_first_at_once_then_after_a_working_day():
    dossier = taken()
    assert dossier.escalate_at == dossier.due_at
    dossier.escalations_done = 1
    assert next_escalation(dossier) == dossier.due_at + timedelta(days=1)
    dossier.escalations_done = 2
    assert next_escalation(dossier) is None


def test_a_new_step_begins_to_count_escalations_anew():
    dossier = taken()
    dossier.escalations_done = 2
    go(dossier, "extend", MONDAY)
    assert (dossier.escalations_done, dossier.escalate_at) == (0, dossier.due_at)


@pytest.mark.parametrize(
    ("within", "words"),
    [
        (working_days(1), "1 ngày làm việc"),
        (working_days(2.5), "20 giờ làm việc"),
        (working_hours(0.5), "0,5 giờ làm việc"),
        (whole_working_days(3), "hết 3 ngày làm việc"),
        (clock_time(timedelta(hours=24)), "24 giờ"),
        (clock_time(timedelta(days=20)), "20 ngày"),
        (clock_time(timedelta(hours=36)), "36 giờ"),
    ],
)
def test_time_allowed_in_words(within, words):
    assert within.words == words


def test_escalations_in_words():
    assert [each.words for each in DOSSIER.escalations] == [
        "ngay khi trễ hạn: báo Trưởng công an của đơn vị",
        "sau 8 giờ làm việc: báo Trưởng công an của đơn vị cấp trên",
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"paused": ("x",)}, "unknown state 'x'"),
        ({"begin_within": {"x": working_days(1)}}, "unknown state 'x'"),
        ({"escalations": (escalate(Role.CHIEF, after_hours=8), escalate(Role.CHIEF))}, "in the order"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(wrong, says):
    with pytest.raises(ValueError, match=says):
        Workflow({"a": "A"}, "a", (), **wrong)


@pytest.fixture
def dossiers(transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(Dossier)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Dossier)


def test_the_clock_is_kept_in_the_database(dossiers):
    dossier = Dossier(name="hồ sơ")
    begin(dossier, at=MONDAY)
    dossier.save()
    advance(dossier, "take", by=None, at=MONDAY)
    advance(dossier, "ask", by=None, at=MONDAY + timedelta(hours=2))
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.left_us) == (None, 14 * 3600 * 1_000_000)
    advance(dossier, "answer", by=None, at=MONDAY + timedelta(days=7))
    dossier.refresh_from_db()
    assert dossier.due_at == MONDAY + timedelta(days=8, hours=8)


def test_what_may_be_done_once_is_refused_the_second_time(dossiers):
    dossier = Dossier(name="hồ sơ")
    begin(dossier, at=MONDAY)
    dossier.save()
    advance(dossier, "take", by=None, at=MONDAY)
    advance(dossier, "extend", by=None, at=MONDAY)
    with pytest.raises(Refused, match="đã thực hiện 1 lần"):
        advance(dossier, "extend", by=None, at=MONDAY)
