"""Superiors hear of what is late: who, when, and once however many workers there are."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils.timezone import now
from procrastinate.contrib.django import app

from binhyen.kernel.audit.models import Line
from binhyen.kernel.testing.world import SINCE, make_person
from binhyen.kernel.units.models import Membership
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow import escalation
from binhyen.kernel.workflow.escalation import escalate_overdue, superiors
from binhyen.kernel.workflow.jobs import escalate_overdue as job
from binhyen.kernel.workflow.table import escalate
from binhyen.modules.cases.models import Case
from binhyen.modules.cases.public import CaseFacts, open_case, take_step
from tests.browser import _database_url

TWO_DAYS_AGO = now() - timedelta(days=2)
"""Cases must be received within a day."""


@pytest.fixture
def told(monkeypatch):
    """What the receivers heard: `(number, level, who)`."""
    heard = []
    monkeypatch.setattr(escalation, "escalation_receivers", [])

    @escalation.on_escalation
    def listen(each):
        heard.append((str(each.thing), each.level, [person.username for person in each.recipients]))

    return heard


def late_case(world, title="Mất xe máy", unit=None):
    officer = world.people[Role.INVESTIGATOR]
    return open_case(CaseFacts("trom-cap", title), unit=unit or world.commune_a, by=officer, at=TWO_DAYS_AGO)


def test_the_chief_is_told_once_when_a_deadline_passes(world, all_units, told):
    case = late_case(world)
    assert escalate_overdue() == 1
    assert told == [(case.number, 1, ["a.chief"])]
    assert (escalate_overdue(), len(told)) == (0, 1)
    line = Line.objects.filter(action="cases.case.escalate").get()
    assert (line.subject, line.unit, line.detail["to"], line.actor) == (case.number, "X99001", "a.chief", "he-thong")


def test_before_the_deadline_nobody_is_told(world, all_units, told):
    open_case(CaseFacts("trom-cap", "Mất xe"), unit=world.commune_a, by=world.people[Role.INVESTIGATOR])
    assert (escalate_overdue(), told) == (0, [])


def test_sixteen_working_hours_later_the_unit_above_is_told(world, all_units, told):
    case = late_case(world)
    above = make_person("t.chief", "Phạm Trưởng T", Role.CHIEF, world.province)
    escalate_overdue()
    case.refresh_from_db()
    second = case.escalate_at
    assert (escalate_overdue(at=second - timedelta(seconds=1)), escalate_overdue(at=second)) == (0, 1)
    assert told[1:] == [(case.number, 2, [above.username])]
    case.refresh_from_db()
    assert (case.escalations_done, case.escalate_at) == (2, None)


def test_who_moves_the_case_on_in_time_is_not_reported(world, all_units, told):
    case = late_case(world)
    take_step(case, "investigate", by=world.people[Role.INVESTIGATOR])
    assert (escalate_overdue(), told) == (0, [])


def test_a_closed_case_is_not_reported(world, all_units, told):
    take_step(late_case(world), "close", by=world.people[Role.CHIEF], note="Xong")
    assert (escalate_overdue(at=now() + timedelta(days=99)), told) == (0, [])


def test_where_nobody_holds_the_role_the_next_unit_above_hears_of_it(world):
    above = make_person("t.chief", "Phạm Trưởng T", Role.CHIEF, world.province)
    Membership.objects.filter(user=world.people[Role.CHIEF]).update(valid_until=SINCE)
    assert superiors(world.commune_a, escalate(Role.CHIEF)) == (above,)
    Membership.objects.filter(user=above).update(valid_until=SINCE)
    assert superiors(world.commune_a, escalate(Role.CHIEF)) == ()


def test_a_receiver_that_fails_leaves_its_row_to_the_next_run_and_keeps_no_other_from_its_turn(world, all_units, told):
    broken, whole = late_case(world, "Hỏng"), late_case(world, "Lành")

    @escalation.on_escalation
    def refuse(each):
        if each.thing.pk == broken.pk:
            raise OSError("away")

    with pytest.raises(RuntimeError, match=f"vu-viec {broken.pk}"):
        escalate_overdue()
    assert dict(Case.objects.values_list("pk", "escalations_done")) == {broken.pk: 0, whole.pk: 1}
    escalation.escalation_receivers.remove(refuse)
    assert escalate_overdue() == 1


def test_the_job_does_it(world, all_units, told):
    case = late_case(world)
    assert app.tasks[job.name] is job  # the worker that `binhyen up` starts knows it
    job(0)
    assert told == [(case.number, 1, ["a.chief"])]


def test_registering_a_receiver_twice_tells_once(told):
    listen = escalation.escalation_receivers[0]
    escalation.on_escalation(listen)
    assert escalation.escalation_receivers == [listen]


@pytest.mark.django_db(transaction=True)
def test_F13_two_workers_that_see_the_same_rows_tell_of_each_once(world, all_units, told, monkeypatch):
    cases = [late_case(world, f"Vụ {number}") for number in range(4)]
    both_have_looked = Barrier(2)
    look = escalation._due

    def look_together(registered, at):
        rows = look(registered, at)
        both_have_looked.wait(10)
        return rows

    monkeypatch.setattr(escalation, "_due", look_together)

    def work():
        try:
            return escalate_overdue()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        counts = [future.result(30) for future in [threads.submit(work), threads.submit(work)]]
    assert sum(counts) == len(cases)
    assert sorted(told) == [(case.number, 1, ["a.chief"]) for case in cases]
    assert Line.objects.filter(action="cases.case.escalate").count() == len(cases)


WORKER = """
import sys, time
import django
django.setup()
from binhyen.kernel.workflow.escalation import escalate_overdue, on_escalation

@on_escalation
def stall(told):
    print("telling", flush=True)
    time.sleep(60)

escalate_overdue()
"""


@pytest.mark.django_db(transaction=True)
def test_F13_a_worker_killed_while_it_tells_is_followed_by_one_that_tells_once(world, all_units, told):
    case = late_case(world)
    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(connection.settings_dict),
        "BINHYEN_DATA": str(settings.BINHYEN_DATA),
        "DJANGO_SETTINGS_MODULE": "binhyen.settings",
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True)
    with worker:
        assert worker.stdout.readline() == "telling\n"
        worker.kill()
    give_up_at = time.monotonic() + 10
    while not escalate_overdue():  # the killed worker's connection may take a moment to be noticed
        assert time.monotonic() < give_up_at
    assert told == [(case.number, 1, ["a.chief"])]
    assert Line.objects.filter(action="cases.case.escalate").count() == 1
