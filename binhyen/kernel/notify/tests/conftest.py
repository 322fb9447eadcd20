"""A topic of every sort, an officer who can be reached by mail and SMS, and the doubles they are reached over."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from binhyen.kernel.notify import topics as registry
from binhyen.kernel.notify.addresses import confirm_address, give_address, open_code
from binhyen.kernel.notify.channels import channels
from binhyen.kernel.notify.delivery import deliver
from binhyen.kernel.notify.models import Delivery
from binhyen.kernel.notify.tests.doubles import MailServer, running, sms_gateway
from binhyen.kernel.notify.topics import Topic, Urgency, add_topic

NOON = datetime(2026, 11, 26, 5, tzinfo=UTC)  # 12:00 in Vietnam, a Thursday
NIGHT = NOON + timedelta(hours=10)  # 22:00


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON):
        yield


@pytest.fixture(autouse=True)
def own_topics(monkeypatch):
    """What a test registers is gone after it."""
    monkeypatch.setattr(registry, "_topics", dict(registry._topics))


@pytest.fixture
def task():
    return add_topic(Topic("test.task", "Việc được giao", "vì anh/chị được giao việc này", ("inapp", "email")))


@pytest.fixture
def alarm():
    return add_topic(
        Topic(
            "test.alarm", "Báo động", "vì anh/chị đang trực", ("inapp", "email", "sms"), Urgency.URGENT,
            may_switch_off=False, why_not="Người trực phải nhận được báo động.",
        )
    )  # fmt: skip


@pytest.fixture
def officer(world):
    return world.people["investigator"]


@pytest.fixture
def mail(settings):
    """A mail server that the station is set to."""
    with running(MailServer()) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "tram@binhyen.example"
        settings.BINHYEN_URL = "https://tram.example"
        yield server


@pytest.fixture
def sms(settings):
    """An SMS gateway that the station is set to."""
    with sms_gateway() as gateway:
        settings.BINHYEN_SMS_URL, settings.BINHYEN_SMS_HEADER = gateway.url, "Authorization: Bearer khoa-bi-mat"
        settings.BINHYEN_URL = "https://tram.example"
        yield gateway


def reach_by(channel, address, user):
    """`user` gives and confirms an address."""
    given = give_address(channel, channels()[channel].cleaned(address), by=user)
    return confirm_address(channel, open_code(given), by=user)


def deliver_all(*, at=None, is_last_try=False):
    """Carry what waits; how each stands."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).order_by("pk").values_list("pk", flat=True)
    return [deliver(pk, is_last_try=is_last_try, at=at) for pk in list(waiting)]


def states(message):
    return dict(message.deliveries.order_by("channel").values_list("channel", "state"))


def queued(task_name):
    """Arguments and times of the jobs of that name that wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' ORDER BY id",
            [task_name],
        )
        return [(json.loads(arguments), at) for arguments, at in cursor.fetchall()]


@pytest.fixture(autouse=True)
def empty_queue(db):
    """The queue's tables are not Django's own, so no test database is flushed of them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
