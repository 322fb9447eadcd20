"""Figures follow every write at once, by whatever way it comes."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from binhyen.kernel.measures import Period, figure
from binhyen.kernel.measures.folding import fold, rebuild
from binhyen.kernel.measures.tests.teams import Guest, Team, counted_teams, on
from binhyen.kernel.testing.world import make_unit
from binhyen.kernel.units.authority import NOBODY
from binhyen.kernel.units.models import Unit

YEAR = Period.parse("2026")


@pytest.fixture
def measures(world):
    with counted_teams() as made:
        yield made


@pytest.fixture
def team(measures, world):
    return Team.objects.create(unit=world.commune_a, founded_on=on("2026-02-10"))


def value(measure, unit, period="2026", kind=None):
    return figure(measure, unit, Period.parse(period), kind=kind, authority=NOBODY).value


def guest(team, at="2026-03-05T08:00", **fields):
    return Guest.objects.create(team=team, came_at=datetime.fromisoformat(f"{at}+07:00"), **fields)


def folded_and_not():
    """Twice: with changes beside the cells, then with all of them in cells."""
    yield "beside"
    assert fold()
    yield "folded"


def test_a_row_counts_at_once_in_its_unit_and_above(measures, team, world):
    guest(team, gift_dong=500_000)
    for _ in folded_and_not():
        for unit, count in ((world.commune_a, 1), (world.province, 1), (world.commune_b, 0)):
            assert value(measures["thu-khach"], unit) == count
            assert value(measures["thu-qua"], unit) == count * 500_000
            assert value(measures["thu-to"], unit) == count


def test_changes_deletions_and_bulk_writes_follow(measures, team, world):
    first, second = guest(team), guest(team)
    Guest.objects.bulk_create(Guest(team=team, came_at=datetime(2026, 4, day, tzinfo=UTC)) for day in range(1, 8))
    assert fold()
    Guest.objects.filter(pk=second.pk).update(gift_dong=7, kind="b")
    first.delete()
    for _ in folded_and_not():
        assert value(measures["thu-khach"], world.commune_a) == 8
        assert value(measures["thu-khach"], world.commune_a, kind="b") == 1
        assert value(measures["thu-qua"], world.commune_a) == 7
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE measures_guest")
    assert value(measures["thu-khach"], world.commune_a) == 0


def test_a_parent_that_moves_takes_its_rows_along(measures, team, world):
    guest(team), guest(team)
    assert fold()
    team.unit, team.kind = world.commune_b, "pho"
    team.save()
    for _ in folded_and_not():
        assert [value(measures["thu-khach"], unit) for unit in (world.commune_a, world.commune_b)] == [0, 2]
        assert value(measures["thu-khach-pho"], world.province) == 2
        assert value(measures["thu-ty-le"], world.province) == Decimal(100)
    team.delete()
    assert value(measures["thu-khach"], world.province) == 0


def test_a_stock_is_what_is_there_at_the_end(measures, team, world):
    Team.objects.create(unit=world.commune_a, founded_on=on("2026-03-31"), closed_on=on("2026-06-30"), kind="pho")
    Team.objects.create(unit=world.commune_a, founded_on=on("2026-05-01"), closed_on=on("2026-05-01"))
    Team.objects.create(unit=world.commune_a)
    found = {"2026-01": 0, "2026-02-09": 0, "2026-02-10": 1, "2026-Q1": 2, "2026-06-29": 2, "2026-H1": 1, "2027": 1}
    for _ in folded_and_not():
        assert {period: value(measures["thu-to"], world.province, period) for period in found} == found


def test_what_a_closed_unit_had_ends_with_it_and_its_flows_stay(measures, team, world):
    guest(team)
    assert fold()
    Unit.objects.filter(pk=world.commune_a.pk).update(valid_until=on("2026-07-01"))
    for _ in folded_and_not():
        assert [value(measures["thu-to"], world.province, period) for period in ("2026-06", "2026-07")] == [1, 0]
        assert value(measures["thu-khach"], world.province) == 1


def test_a_unit_that_moves_in_the_tree_brings_its_figures(measures, team, world):
    guest(team)
    other = make_unit("T98", "Công an tỉnh Hòa An", "tinh")
    assert fold()
    guest(team, gift_dong=9)
    Unit.objects.move(Unit.objects.get(pk=world.commune_a.pk), other, "last-child")
    for _ in folded_and_not():
        assert [value(measures["thu-khach"], Unit.objects.get(pk=u.pk)) for u in (world.province, other)] == [0, 2]
    assert [each.different for each in rebuild(measures[code] for code in ("thu-khach", "thu-to", "thu-qua"))] == [
        0
    ] * 3


def test_a_moment_counts_on_its_day_here(measures, team, world):
    guest(team, "2026-02-28T23:59"), guest(team, "2026-03-01T00:00")
    periods = {"2026-02": 1, "2026-02-28": 1, "2026-03-01": 1, "2026-W09": 2, "2026-02-28..2026-03-01": 2, "2026-Q1": 2}
    for _ in folded_and_not():
        assert {period: value(measures["thu-khach"], world.commune_a, period) for period in periods} == periods


def test_rebuilding_says_what_was_different(measures, team, world):
    guest(team)
    assert fold()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE measures_cell SET count = count + 5 WHERE measure = 'thu-khach' AND grain = 'y'")
    assert value(measures["thu-khach"], world.commune_a) == 6
    assert [(each.cells, each.different) for each in rebuild([measures["thu-khach"]])] == [(6, 2)]
    assert value(measures["thu-khach"], world.commune_a) == 1
