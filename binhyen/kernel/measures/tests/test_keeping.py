"""How triggers come, go and are renewed, and that folding beside writers loses nothing and counts nothing twice."""

import threading
import time
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q

from binhyen.kernel.measures import Count, Measure, Period, figure, jobs, measure_of, triggers
from binhyen.kernel.measures.declaration import forget
from binhyen.kernel.measures.folding import LOCK, after_migrating, before_migrating, bring_up_to_date, fold
from binhyen.kernel.measures.models import Cell, Change
from binhyen.kernel.measures.tests.teams import Guest, Team, counted_teams, on
from binhyen.kernel.units.authority import NOBODY
from binhyen.kernel.units.models import Unit

YEAR = Period.parse("2026")


@pytest.fixture
def measures(world):
    with counted_teams() as made:
        yield made


def add_team(unit):
    return Team.objects.create(unit=unit, founded_on=on("2026-02-01"))


def value(measure, unit):
    return figure(measure, unit, YEAR, authority=NOBODY).value


def test_nothing_is_done_where_all_is_as_declared(measures):
    assert bring_up_to_date() == []


def test_while_migrations_run_triggers_are_away_and_then_everything_is_counted_again(measures, world):
    kept = triggers.installed()
    assert {"measures_team", "measures_guest", "units_unit"} <= set(kept)
    before_migrating(plan=[])
    assert triggers.installed() == kept
    before_migrating(plan=["something"])
    assert triggers.installed() == {}
    add_team(world.commune_a)
    assert value(measures["thu-to"], world.province) == 0
    after_migrating()
    assert triggers.installed() == kept
    assert value(measures["thu-to"], world.province) == 1


def test_before_the_first_migration_there_is_nothing_to_do(db, monkeypatch):
    monkeypatch.setattr(triggers, "complete_tables", set)
    monkeypatch.setattr(triggers, "wanted", None)  # asked nothing
    after_migrating()
    assert triggers.installed()


def test_another_condition_is_another_trigger_and_its_cells_are_made_anew(measures, world):
    add_team(world.commune_a)
    forget(measure_of("thu-to"))

    class Teams(Measure):
        code, name, definition, owner = "thu-to", "Tổ phố", "Số tổ phố ở cuối kỳ.", "Đội thử"
        what, since = Count(Team, where=Q(kind="pho")), "founded_on"

    assert "thu-to" in {each.measure.code for each in bring_up_to_date()}
    assert value(Teams, world.province) == 0
    Team.objects.update(kind="pho")
    assert value(Teams, world.province) == 1


def test_what_is_declared_no_more_leaves_nothing_behind(measures, world):
    add_team(world.commune_a)
    assert fold()
    add_team(world.commune_a)
    forget(measures["thu-to"])
    try:
        bring_up_to_date()
        assert not Cell.objects.filter(measure="thu-to").exists()
        assert not Change.objects.filter(measure="thu-to").exists()
    finally:
        from binhyen.kernel.measures.declaration import register

        register(measures["thu-to"])  # the fixture takes it out


@pytest.mark.parametrize("change", ["RENAME TO measures_away", "RENAME kind TO sort"])
def test_a_table_that_is_not_complete_yet_waits(measures, change):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE measures_guest {change}")
    bring_up_to_date()
    assert "measures_guest" not in triggers.installed()
    assert "measures_team" in triggers.installed()


@pytest.mark.django_db(transaction=True)
def test_the_job_folds_and_leaves_it_to_whoever_is_at_it(world, django_db_blocker):
    Change.objects.create(measure="khong-co", unit=world.commune_a, day=on("2026-01-01"), kind="", count=1, total=0)
    held, done = threading.Event(), threading.Event()

    def hold():
        with django_db_blocker.unblock(), transaction.atomic():
            connection.cursor().execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            held.set()
            done.wait(20)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(20)
    jobs.fold(timestamp=0)
    assert (fold(), Change.objects.count()) == (False, 1)
    done.set()
    other.join()
    jobs.fold(timestamp=0)
    assert (Change.objects.count(), Cell.objects.filter(unit=world.province).count()) == (0, 3)
    Cell.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_folding_beside_writers_loses_nothing_and_counts_nothing_twice(world, django_db_blocker):
    cases = measure_of("vu-viec-tiep-nhan")
    rows, seen, stop = 150, [], threading.Event()

    def write():
        with django_db_blocker.unblock():
            for _ in range(rows):
                Change.objects.create(measure=cases.code, unit=world.commune_a, day=date(2026, 5, 5), kind="",
                                      count=1, total=0)  # fmt: skip
        connection.close()

    def folding():
        with django_db_blocker.unblock():
            while not stop.is_set():
                fold()
        connection.close()

    workers = [threading.Thread(target=each) for each in (write, write, folding)]
    for worker in workers:
        worker.start()
    province = Unit.objects.get(pk=world.province.pk)
    while any(worker.is_alive() for worker in workers[:2]):
        seen.append(int(value(cases, province)))
    stop.set()
    for worker in workers:
        worker.join()
    assert value(cases, province) == 2 * rows
    assert seen == sorted(seen)
    assert fold()
    assert value(cases, province) == 2 * rows
    call_command("flush", verbosity=0, interactive=False)
    assert value(cases, province) == 0


@pytest.fixture
def committed(world, transactional_db):
    """The tables and a team of commune A, for others to see."""
    with counted_teams() as made:
        yield made, add_team(world.commune_a)
        with connection.schema_editor() as editor:
            editor.delete_model(Guest)
            editor.delete_model(Team)


def beside(work):
    """Another person at the same time: begun, and waiting for something."""
    pid, ready = [], threading.Event()

    def run():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid.append(cursor.fetchone()[0])
        ready.set()
        work()
        connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    assert ready.wait(20)
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", pid)
            if cursor.fetchone()[0]:
                return worker
        time.sleep(0.02)
    raise AssertionError("it waits for nobody")


def test_a_row_that_comes_while_its_parent_moves_goes_along(committed, world):
    made, team = committed
    with transaction.atomic():
        Guest.objects.create(team=team, came_at=datetime(2026, 3, 3, tzinfo=UTC))
        moving = beside(lambda: Team.objects.filter(pk=team.pk).update(unit=world.commune_b))
    moving.join()
    assert [value(made["thu-khach"], unit) for unit in (world.commune_a, world.commune_b)] == [0, 1]
    with transaction.atomic():
        Team.objects.filter(pk=team.pk).update(unit=world.commune_a)
        coming = beside(lambda: Guest.objects.create(team=team, came_at=datetime(2026, 3, 4, tzinfo=UTC)))
    coming.join()
    assert [value(made["thu-khach"], unit) for unit in (world.commune_a, world.commune_b)] == [2, 0]


def test_what_is_not_counted_changes_without_waiting(measures, world):
    team = add_team(world.commune_a)
    count = Change.objects.count()
    team.save()
    Unit.objects.update(name="Đơn vị khác tên")
    assert Change.objects.count() == count
    assert "name" not in triggers.columns_read("units_unit", triggers.counted())
    assert triggers.columns_read("measures_team", [measures["thu-khach-pho"]]) == ["id", "kind", "unit_id"]
