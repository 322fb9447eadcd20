"""Outages and time to repair, from the news of nodes."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.apps import apps
from django.utils.timezone import now

from binhyen.contracts import SECOND, Event, EventKind, Instant
from binhyen.modules.cameras.public import StateChange
from binhyen.modules.network.models import Outage
from binhyen.modules.network.outages import Span, fold, spans_of
from binhyen.modules.network.repairs import open_outages, repairs_in
from binhyen.modules.network.tests.conftest import camera, household, send_news

NOON = datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0) - timedelta(days=2)


def news_of(where, *news):
    """What a node tells of a camera: (minutes after noon, state)."""
    at = int(NOON.timestamp()) * SECOND
    return [
        Event(f"{where.code}-{minute}-{state}", EventKind.CAMERA_STATE, Instant(at + minute * 60 * SECOND), where.code,
              {"state": state, "error": ""})
        for minute, state in news
    ]  # fmt: skip


def tell(where, *news):
    send_news(f"{where.code}-{len(news)}", news_of(where, *news))


def kept(**of):
    minutes = lambda moment: None if moment is None else (moment - NOON) // timedelta(minutes=1)  # noqa: E731  # one line
    return [
        (minutes(o.began_at), minutes(o.ended_at), o.state, o.is_repaired)
        for o in Outage.objects.filter(**of).order_by("began_at")
    ]


@pytest.fixture
def one(world, all_units):
    return camera(world.commune_a, 1)


@pytest.mark.parametrize(
    ("states", "spans"),
    [
        (["recording"], []),
        (["failing", "connecting", "failing", "recording"], [Span("failing", 0, 3, True)]),
        (["silent", "failing", "recording", "no_space"], [Span("silent", 0, 2, True), Span("no_space", 3)]),
        (["failing", "disabled", "recording"], [Span("failing", 0, 1, False)]),
        (["connecting", "recording", "silent"], [Span("silent", 2)]),
    ],
)
def test_trouble_lasts_until_there_are_pictures_or_it_is_switched_off(states, spans):
    assert spans_of([StateChange(1, at, state) for at, state in enumerate(states)]) == spans


def test_news_becomes_outages_and_reading_it_twice_changes_nothing(one):
    tell(one, (0, "recording"), (10, "silent"), (25, "recording"), (60, "failing"))
    assert (fold(), fold()) == (1, 1)
    assert kept() == [(10, 25, "silent", True), (60, None, "failing", False)]
    assert list(Outage.objects.values_list("minutes", flat=True)) == [15, 0]


def test_F03_news_that_arrives_late_and_in_any_order_comes_to_the_same(world, all_units):
    news = [(0, "recording"), (10, "silent"), (25, "recording"), (60, "failing")]
    orders = list(permutations(news))
    cameras = [camera(world.commune_a, number) for number in range(len(orders))]
    for step in range(len(news)):
        told = [news_of(one, order[step]) for one, order in zip(cameras, orders, strict=True)]
        send_news(f"step-{step}", [event for events in told for event in events])
        fold()
    wanted = [(10, 25, "silent", True), (60, None, "failing", False)]
    assert [kept(camera=one) for one in cameras] == [wanted] * len(orders)


def test_F08_a_clock_that_was_set_back_loses_no_news(one):
    fold(now() + timedelta(hours=1))
    tell(one, (10, "silent"))
    fold()
    assert kept() == [(10, None, "silent", False)]


def test_an_outage_that_ends_long_after_it_was_told_of_is_one(one):
    tell(one, (10, "silent"))
    fold()
    apps.get_model(
        "cameras", "CameraEvent"
    ).objects.all().delete()  # as the time of the news is over before the outage is
    tell(one, (500, "failing"), (700, "recording"))
    fold()
    assert kept() == [(10, 700, "silent", True)]


def test_T01_a_household_s_camera_has_no_outage(world, all_units):
    home = household(world.commune_a, 1)
    tell(home, (0, "failing"), (5, "recording"))
    assert (fold(), Outage.objects.count()) == (0, 0)


def test_time_to_repair_is_told_by_its_middle_and_its_slow_end(world, all_units):
    unit = world.commune_a
    told = [news_of(camera(unit, number), (0, "failing"), (number * 10, "recording")) for number in range(1, 12)]
    send_news("all", [event for events in told for event in events])
    tell(camera(unit, 20), (0, "failing"), (5, "disabled"))
    tell(camera(unit, 21), (100, "silent"))
    tell(camera(unit, 22), (50, "failing"))
    tell(camera(world.commune_b, 1), (0, "failing"), (900, "recording"))
    fold()
    found = repairs_in([unit.pk])
    assert (found.count, found.open) == (11, 2)
    assert found.median == timedelta(minutes=60)
    assert found.slow == timedelta(minutes=105)
    assert [each.camera.code[-2:] for each in open_outages([unit.pk])] == ["22", "21"]


def test_without_an_outage_nothing_is_claimed(world, all_units):
    found = repairs_in([world.commune_a.pk])
    assert (found.count, found.median, found.slow, found.open) == (0, None, None, 0)
