"""Jobs in a real worker process, killed and taken up again; and what time alone brings about."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils.timezone import now

from binhyen.kernel.audit.models import DayRoot, Line
from binhyen.modules.cameras.public import Window
from binhyen.modules.cases.public import take_step as take_case_step
from binhyen.modules.footage import jobs, packages
from binhyen.modules.footage.evidence import verify_package
from binhyen.modules.footage.models import EvidencePackage, OwnerAsk
from binhyen.modules.footage.packages import Chosen, ask_for_package, path_of
from binhyen.modules.footage.requests import ask_for_footage
from binhyen.modules.footage.tests.conftest import NOW
from binhyen.modules.footage.tests.node import fake_node
from tests.browser import _database_url


@pytest.fixture
def live():
    with fake_node() as node:
        node.token = settings.BINHYEN_NODE_TOKEN
        yield node


@pytest.fixture(autouse=True)
def empty_queue(db):
    """The queue's tables are not Django's own, so no test database is flushed of them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@contextmanager
def worker(live, *options):
    """`binhyen jobs` on the test's database."""
    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(connection.settings_dict),
        "BINHYEN_DATA": str(settings.BINHYEN_DATA),
        "BINHYEN_NODE_URL": live.url,
    }
    command = [sys.executable, "-m", "binhyen", "jobs", *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def run_what_is_queued(live):
    with worker(live, "--one-shot") as process:
        assert process.wait(60) == 0


def until(condition, seconds=30):
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def run_apart(job):
    """Run an asynchronous job in a thread of its own: browser tests leave a running loop in this one."""

    def run():
        try:
            async_to_sync(job.func)(0)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(run).result(30)


def take_up_what_stalled(monkeypatch):
    monkeypatch.setattr(jobs, "STALLED_AFTER_S", 0)
    run_apart(jobs.take_up_stalled)
    with connection.cursor() as cursor:  # `retry_at` is a second away
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


@pytest.mark.django_db(transaction=True)
def test_F13_a_worker_killed_while_it_packs_is_followed_by_one_that_finishes(live, street, monkeypatch):
    footage = ask_for_footage(street.case, street.asked(), by=street.officer, later=jobs.ask_owners_later, at=NOW)
    clip = footage.clips.get()
    package = ask_for_package(
        footage, [Chosen(clip, Window(clip.start, clip.end))], by=street.officer, later=jobs.make_package_later, at=NOW
    )
    live.may_answer.clear()
    with worker(live) as process:
        until(lambda: any("/0?" in path for path in live.asked))
        process.kill()
        process.wait()
    assert path_of(package).with_name(f"{package.package_id}.zip.part").exists()
    assert not path_of(package).exists()
    live.may_answer.set()
    take_up_what_stalled(monkeypatch)
    run_what_is_queued(live)
    package.refresh_from_db()
    assert (package.state, package.error) == ("done", "")
    assert verify_package(path_of(package)).ok
    assert list(OwnerAsk.objects.values_list("camera", "state")) == [(street.home.code, "waiting")]


@pytest.mark.django_db(transaction=True)
def test_a_request_that_was_rolled_back_queues_nothing(street):
    with transaction.atomic():
        ask_for_footage(street.case, street.asked(), by=street.officer, later=jobs.ask_owners_later, at=NOW)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_a_node_that_stays_away_is_tried_five_times_and_then_said_so(live, street):
    footage = ask_for_footage(street.case, street.asked(), by=street.officer, later=lambda _: None, at=NOW)
    clip = footage.clips.get()
    package = ask_for_package(
        footage, [Chosen(clip, Window(clip.start, clip.end))], by=street.officer, later=jobs.make_package_later, at=NOW
    )
    live.away = True
    with connection.cursor() as cursor:  # four tries lie behind
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s", [jobs.ATTEMPTS_MAX])
    run_what_is_queued(live)
    package.refresh_from_db()
    assert package.error == "Máy phát hình đang gặp trục trặc. Đã thử nhiều lần; hãy lập lại gói sau."


def test_what_falls_due_has_its_turn_and_publishes_the_days_root(street):
    with time_machine.travel(now() + timedelta(days=2)):
        jobs.fall_due(0)
    assert DayRoot.objects.count() == 2


def test_F13_what_falls_due_can_run_again_without_harm(street):
    with time_machine.travel(now() + timedelta(days=400)):
        take_case_step(street.case, "close", by=street.officer, note="Xong")
    with time_machine.travel(now() + timedelta(days=800)):
        jobs.fall_due(0)
        before = (DayRoot.objects.count(), Line.objects.count())
        jobs.fall_due(0)
    assert (DayRoot.objects.count(), Line.objects.count()) == before


@pytest.mark.django_db(transaction=True)
def test_jobs_that_ended_long_ago_are_forgotten(street):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 'old'), ('q', 'new')")
        for status in ("doing", "succeeded"):
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE task_name = 'old'", [status])
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '80 hours'")
    run_apart(jobs.forget_old_jobs)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs")
        assert cursor.fetchall() == [("new",)]


def test_a_part_that_fails_keeps_no_other_from_its_turn(street, monkeypatch):
    def broken():
        raise OSError

    monkeypatch.setattr(jobs.requests, "end_due_asks", broken)
    with time_machine.travel(now() + timedelta(days=2)), pytest.raises(RuntimeError, match="broken"):
        jobs.fall_due(0)
    assert DayRoot.objects.count() == 2


def test_progress_is_written_while_a_package_grows(street):
    footage = ask_for_footage(street.case, street.asked(), by=street.officer, later=lambda _: None, at=NOW)
    package = EvidencePackage.objects.create(
        package_id="0A1B-2C3D-4E5F-6071", request=footage, selection=[], clips_total=2, made_by=street.officer,
        queued_at=NOW,
    )  # fmt: skip
    packages._Reporter(package)(packages.Progress(1, 1000))
    package.refresh_from_db()
    assert (package.clips_done, package.bytes_done) == (1, 1000)
