"""One request that concerns many households: asked in one job, each once, also where the worker dies in the middle."""

from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from binhyen.kernel.notify.models import Message
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import add_household_camera, release_holds
from binhyen.modules.footage import jobs
from binhyen.modules.footage.models import OwnerAsk
from binhyen.modules.footage.notices import OWNER_ASKED
from binhyen.modules.footage.requests import ask_for_footage, ask_owners
from binhyen.modules.footage.tests.conftest import MIDDLE, NOW
from binhyen.modules.footage.tests.test_jobs import (  # noqa: F401 - fixtures
    empty_queue,
    live,
    run_what_is_queued,
    take_up_what_stalled,
    until,
    worker,
)
from tests.browser import _database_url


def add_homes(world, many):
    """`many` households in the area, of as many owners; one lies outside it."""
    for number in range(many + 1):
        owner = make_person(f"ho.{number}", f"Chủ hộ {number}", Role.CAMERA_OWNER, world.commune_a)
        east = 0.05 if number == many else (number % 20) * 0.00005
        add_household_camera(
            by=None, owner=owner, unit=world.commune_a, name="Cổng", url="rtsp://192.168.7.21/1",
            latitude=MIDDLE[0] + (number // 20) * 0.00005, longitude=MIDDLE[1] + east,
        )  # fmt: skip


@contextmanager
def nobody_can_be_told():
    """Messages wait: whoever sends one stands still in the middle of the transaction."""
    with psycopg.connect(_database_url(connection.settings_dict)) as blocking:
        blocking.execute("LOCK TABLE notify_message IN ACCESS EXCLUSIVE MODE")
        yield


def somebody_waits_for_messages():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation "
            "WHERE c.relname = 'notify_message' AND NOT l.granted"
        )
        return cursor.fetchone()[0] > 0


def told():
    return Message.objects.filter(topic=OWNER_ASKED.code)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_F13_households_are_asked_once_each_though_the_worker_died_in_the_middle(live, street, monkeypatch, many):  # noqa: F811 - a fixture
    add_homes(street.world, many)
    footage = ask_for_footage(street.case, street.asked(), by=street.officer, later=jobs.ask_owners_later, at=NOW)
    with nobody_can_be_told(), worker(live) as process:
        until(somebody_waits_for_messages)
        process.kill()
        process.wait()
    until(lambda: not OwnerAsk.objects.exists())  # the server undoes what the dead one had begun
    take_up_what_stalled(monkeypatch)
    run_what_is_queued(live)
    asks = OwnerAsk.objects.filter(request=footage)
    assert (asks.count(), asks.values("camera").distinct().count()) == (many + 1, many + 1)  # and the street's own home
    assert told().count() == many + 1
    assert sum(release_holds(ask.hold_reason) for ask in asks) == many + 1
    ask_owners(footage.pk, at=NOW)
    assert (asks.count(), told().count()) == (many + 1, many + 1)
