"""Units are merged, split and moved: every figure of the past stays, new units have figures from their day on."""

from datetime import date, datetime

import pytest

from binhyen.kernel.measures import Period, figure
from binhyen.kernel.measures.folding import fold, rebuild
from binhyen.kernel.measures.past import past_differences, remember_past
from binhyen.kernel.measures.rows import Place
from binhyen.kernel.measures.tests.teams import Guest, Team, counted_teams, on
from binhyen.kernel.testing.world import make_unit
from binhyen.kernel.units.authority import NOBODY
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.reorganising import NewUnit, Reorganisation

DAY = date(2026, 6, 1)


@pytest.fixture
def measures(world):
    with counted_teams() as made:
        yield made


@pytest.fixture
def teams(measures, world):
    """A: one team that stands, one that ended in May. B: one that stands. Guests in March and, of A, in July."""
    made = [
        Team.objects.create(unit=unit, founded_on=on("2026-02-10"), closed_on=closed, name=name)
        for unit, closed, name in (
            (world.commune_a, None, "a1"), (world.commune_a, on("2026-05-01"), "a2"), (world.commune_b, None, "b1"),
        )
    ]  # fmt: skip
    for team, month, money in ((made[0], 3, 5), (made[0], 7, 7), (made[2], 3, 11)):
        Guest.objects.create(
            team=team, came_at=datetime.fromisoformat(f"2026-{month:02}-05T08:00+07:00"), gift_dong=money
        )
    return made


def values(measures, unit, *periods):
    return [
        tuple(
            figure(measures[code], unit, Period.parse(each), authority=NOBODY).value
            for code in ("thu-to", "thu-khach", "thu-qua")
        )
        for each in periods
    ]


def same_after_folding_and_rebuilding(measures):
    """Three times: with changes beside the cells, folded, and made anew from the rows."""
    yield
    assert fold()
    yield
    codes = ("thu-to", "thu-khach", "thu-qua", "thu-khach-pho")
    assert [each.different for each in rebuild(measures[code] for code in codes)] == [0] * 4
    yield


def merged(world, code="X99003"):
    change = Reorganisation(DAY)
    spec = NewUnit(code, "Công an xã Hòa Bình", "xa", world.province)
    return change.merge([world.commune_a, world.commune_b], spec)


def test_merged_units_keep_their_past_and_the_new_one_has_figures_from_its_day(measures, teams, world):
    before = values(measures, world.province, "2026-03", "2026-05", "2026-06", "2026-07")
    remember_past(DAY)
    new = merged(world)
    assert past_differences(DAY) == 0
    for _ in same_after_folding_and_rebuilding(measures):
        assert values(measures, world.commune_a, "2026-03", "2026-05", "2026-06") == [(2, 1, 5), (1, 0, 0), (0, 0, 0)]
        assert values(measures, world.commune_b, "2026-03", "2026-06") == [(1, 1, 11), (0, 0, 0)]
        assert values(measures, new, "2026-03", "2026-05", "2026-06", "2026-07") == [
            (0, 0, 0), (0, 0, 0), (2, 0, 0), (2, 1, 7),
        ]  # fmt: skip
        assert values(measures, world.province, "2026-03", "2026-05", "2026-06", "2026-07") == before


def test_figures_open_the_rows_that_were_there(measures, teams, world):
    new = merged(world)
    for unit in (world.commune_a, world.commune_b, new, world.province):
        for period in map(Period.parse, ("2026-03", "2026-05", "2026-06", "2026-07", "2026")):
            for code in ("thu-to", "thu-khach"):
                place = Place(measures[code], unit, period)
                assert place.rows().count() == figure(measures[code], unit, period, authority=NOBODY).value


def test_what_changes_after_the_day_counts_where_it_was(measures, teams, world):
    """A guest of March who is written down late, a team that ends in July, one that is founded there."""
    new = merged(world)
    Guest.objects.create(team=teams[0], came_at=datetime.fromisoformat("2026-03-09T08:00+07:00"), gift_dong=100)
    Team.objects.filter(pk=teams[2].pk).update(closed_on=on("2026-07-01"))
    Team.objects.create(unit=new, founded_on=on("2026-08-01"))
    for _ in same_after_folding_and_rebuilding(measures):
        assert values(measures, world.commune_a, "2026-03") == [(2, 2, 105)]
        assert values(measures, new, "2026-03", "2026-06", "2026-07", "2026-08") == [
            (0, 0, 0), (2, 0, 0), (1, 1, 7), (2, 0, 0),
        ]  # fmt: skip


def test_a_chain_of_changes_keeps_each_stretch(measures, teams, world):
    """Merged in June, split in August, one half put under another province in October."""
    other = make_unit("T98", "Công an tỉnh Hòa An", "tinh")
    new = merged(world)
    stays, goes = Reorganisation(date(2026, 8, 1)).split(
        new,
        [
            (NewUnit("X99003", "Công an xã Hòa", "xa", world.province), {}),
            (NewUnit("X99004", "Công an xã Bình", "xa", world.province), {"measures.team": [teams[2].pk]}),
        ],
    )
    moved = Reorganisation(date(2026, 10, 1)).merge([goes], NewUnit("X99004", "Công an xã Bình", "xa", other))
    months = "2026-05", "2026-07", "2026-09", "2026-11"
    for _ in same_after_folding_and_rebuilding(measures):
        found = {
            name: [stock for stock, _, _ in values(measures, unit, *months)]
            for name, unit in (("b", world.commune_b), ("new", new), ("stays", stays), ("goes", goes), ("moved", moved))
        }
        assert found == {
            "b": [1, 0, 0, 0], "new": [0, 2, 0, 0], "stays": [0, 0, 1, 1], "goes": [0, 0, 1, 0], "moved": [0, 0, 0, 1],
        }  # fmt: skip
        assert [stock for stock, _, _ in values(measures, world.province, *months)] == [2, 2, 2, 1]
        assert [stock for stock, _, _ in values(measures, other, *months)] == [0, 0, 0, 1]
    assert sorted(Unit.objects.filter(code__startswith="X9900").values_list("code", flat=True)) == [
        "X99001", "X99002", "X99003", "X99003@260801", "X99004", "X99004@261001",
    ]  # fmt: skip


def test_a_dissolved_unit_keeps_what_stood_below_it(measures, world):
    district = make_unit("H99", "Công an huyện", "huyen", below=world.province)
    commune = make_unit("X99009", "Công an xã Sơn", "xa", below=district)
    Team.objects.create(unit=commune, founded_on=on("2026-02-10"))
    Team.objects.create(unit=district, founded_on=on("2026-02-10"))
    Reorganisation(DAY).hand_to(district, world.province)
    now = Unit.objects.get(code="X99009")
    assert (now.depth, now.pk != commune.pk) == (district.depth, True)
    for _ in same_after_folding_and_rebuilding(measures):
        stocks = {
            unit.pk: [stock for stock, _, _ in values(measures, unit, "2026-05", "2026-06")]
            for unit in (district, commune, now, world.province)
        }
        assert list(stocks.values()) == [[2, 0], [1, 0], [0, 1], [2, 2]]
