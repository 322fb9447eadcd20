"""T10: no small number about people is published, nor follows from what is, however one subtracts."""

import random
from datetime import datetime

import pytest

from binhyen.kernel.measures import Period, figure, figures, hiding
from binhyen.kernel.measures.tests.attacking import Equations, by_subtraction, small
from binhyen.kernel.measures.tests.teams import Guest, Team, counted_teams, on
from binhyen.kernel.testing.world import make_unit
from binhyen.kernel.units.authority import NOBODY
from binhyen.kernel.units.models import Unit

KINDS = "a", "b", "c"
TREE = {"0": ("00", "01", "02", "03"), "00": ("000", "001", "002")}
UNITS = ("0", *TREE["0"], *TREE["00"])
HALVES = {"H1": range(1, 7), "H2": range(7, 13)}
QUARTERS = {f"Q{q}": range(3 * q - 2, 3 * q + 1) for q in range(1, 5)}
MONTHS = {f"{m:02}": range(m, m + 1) for m in range(1, 13)}
PERIODS = {"": range(1, 13), "9M": range(1, 10), **HALVES, **QUARTERS, **MONTHS}
SIZES = 0, 0, 0, 1, 2, 3, 4, 5, 6, 9, 30


def period(name):
    return Period.parse(f"2026-{name}" if name else "2026")


def atoms(unit, months, kinds=KINDS):
    return frozenset((u, m, k) for u in UNITS if u.startswith(unit) for m in months for k in kinds)


def crowd(seed):
    """How many people each unit had itself in each month of each kind; some crowds are dense, some sparse."""
    dice = random.Random(seed)
    scale = dice.choice((1, 1, 3, 8))
    idle = {unit for unit in UNITS if dice.random() < 0.2}
    return {
        atom: 0 if atom[0] in idle else scale * dice.choice(SIZES)
        for unit in UNITS
        for atom in sorted(atoms(unit, range(1, 13)))
        if atom[0] == unit
    }


def published_by_rule(counts):
    """What the rule publishes of a crowd, worked out on the tree alone."""

    def part(unit, *, own=False):
        mine = [atom for atom in counts if (atom[0] == unit if own else atom[0].startswith(unit))]
        by_month = tuple(sum(counts[a] for a in mine if a[1] == m) for m in range(1, 13))
        return hiding.Part(
            None if own else UNITS.index(unit),
            by_month,
            tuple(sum(counts[a] for a in mine if a[2] == k) for k in KINDS),
        )

    shown = {0: hiding.shown_alone(part("0"), hiding.FLOW)}
    for above, below in TREE.items():
        parts = [part(above, own=True), *map(part, below)]
        shown |= hiding.shown_below(parts, shown[UNITS.index(above)], hiding.FLOW)
    found = {}
    for at, unit in enumerate(UNITS):
        for name, months in PERIODS.items():
            if hiding.table_for(period(name), is_stock=False, by_kind=False) in shown[at]:
                found[atoms(unit, months)] = sum(counts[atom] for atom in atoms(unit, months))
        if hiding.KINDS in shown[at]:
            found |= {atoms(unit, PERIODS[""], k): sum(counts[a] for a in atoms(unit, PERIODS[""], k)) for k in KINDS}
    return found


def every_cell():
    """Whatever a report could name, and each unit's own rows."""
    for unit in UNITS:
        below = atoms(unit, range(1, 13)) - frozenset().union(*(atoms(u, range(1, 13)) for u in TREE.get(unit, ())))
        for months in PERIODS.values():
            for kinds in (KINDS, *KINDS):
                cell = atoms(unit, months, kinds)
                yield from (cell, cell & below)


@pytest.mark.parametrize("seed", range(10))
def test_T10_nothing_small_follows_from_all_that_is_published(seed):
    counts = crowd(seed)
    published = published_by_rule(counts)
    assert [value for value in published.values() if small(value)] == []
    assert by_subtraction(published) == []
    assert Equations(published).betrayed(every_cell()) == []


def test_T10_the_attacks_find_what_hiding_small_numbers_alone_gives_away():
    counts = crowd(0) | {("01", 8, kind): 1 for kind in KINDS}
    careless = {
        cell: total
        for cell in {atoms(unit, months) for unit in UNITS for months in PERIODS.values()}
        if not small(total := sum(counts[atom] for atom in cell))
    }
    assert by_subtraction(careless) != []
    assert Equations(careless).betrayed(every_cell()) != []


def test_T10_a_crowd_without_small_numbers_is_published_whole():
    counts = dict.fromkeys(atoms("0", range(1, 13)), 5)
    assert len(published_by_rule(counts)) == len(UNITS) * (len(PERIODS) + len(KINDS))


def test_T10_a_small_number_hides_no_more_than_its_quarter_and_something_beside_it():
    counts = dict.fromkeys(atoms("0", range(1, 13)), 5) | {("01", 5, kind): 1 for kind in KINDS}
    published = published_by_rule(counts)
    hidden = {(u, name) for u in UNITS for name, months in PERIODS.items() if atoms(u, months) not in published}
    # What the province has itself is no figure: it hides beside the commune, and its other communes stay.
    assert hidden == {("01", "04"), ("01", "05"), ("01", "06")}


@pytest.fixture
def measures(world):
    with counted_teams() as made:
        yield made


def settle(world, counts):
    """The crowd as rows: unit "0" is the province, "00" a commune with three below."""
    units = {"0": world.province, "00": world.commune_a, "01": world.commune_b}
    for code in UNITS:
        if code not in units:
            units[code] = make_unit(f"X{code}", f"Đơn vị {code}", "xa", below=units[code[:-1]])
    teams = {code: Team.objects.create(unit=unit, founded_on=on("2026-01-01")) for code, unit in units.items()}
    Guest.objects.bulk_create(
        Guest(team=teams[unit], came_at=datetime.fromisoformat(f"2026-{m:02}-05T08:00+07:00"), kind=kind)
        for (unit, m, kind), count in counts.items()
        for _ in range(count)
    )
    return {code: Unit.objects.get(pk=unit.pk) for code, unit in units.items()}


@pytest.mark.parametrize("seed", [1, 6])
def test_T10_the_figures_publish_what_the_rule_says(measures, world, seed):
    counts = crowd(seed)
    units = settle(world, counts)
    wanted, people = published_by_rule(counts), measures["thu-nguoi"]
    table = figures([people], units.values(), map(period, PERIODS), authority=NOBODY)
    found = {}
    for code, unit in units.items():
        for name, months in PERIODS.items():
            shown = table[people.code, unit.pk, period(name).code]
            assert (shown.is_hidden, shown.value is None, shown.text == "(ẩn)") in {(True,) * 3, (False,) * 3}
            if not shown.is_hidden:
                found[atoms(code, months)] = int(shown.value)
        for kind in KINDS:
            shown = figure(people, unit, period(""), kind=kind, authority=NOBODY)
            if not shown.is_hidden:
                found[atoms(code, PERIODS[""], kind)] = int(shown.value)
    assert found == wanted
    assert by_subtraction(found) == []
    assert Equations(found).betrayed(every_cell()) == []


def test_T10_days_weeks_campaigns_and_months_by_kind_are_not_published(measures, world):
    units = settle(world, dict.fromkeys(atoms("0", range(1, 13)), 20))

    def hidden(code, kind=None):
        shown = figure(measures["thu-nguoi"], units["01"], Period.parse(code), kind=kind, authority=NOBODY)
        return shown.is_hidden

    assert [hidden(code) for code in ("2026", "2026-H2", "2026-9M", "2026-Q3", "2026-05")] == [False] * 5
    assert [hidden(code) for code in ("2026-05-05", "2026-W19", "2026-05-01..2026-05-31")] == [True] * 3
    assert [hidden(code, "a") for code in ("2026", "2026-H1", "2026-05")] == [False, True, True]


def test_T10_a_stock_is_judged_at_its_day(measures, world):
    for unit, count in ((world.commune_a, 9), (world.commune_b, 3)):
        Team.objects.bulk_create(Team(unit=unit, founded_on=on("2026-04-10")) for _ in range(count))
    people = measures["thu-nguoi-o"]

    def told(unit, code, kind=None):
        return figure(people, unit, Period.parse(code), kind=kind, authority=NOBODY).text

    rows = [
        [told(unit, code) for unit in (world.province, world.commune_a, world.commune_b)]
        for code in ("2026-03", "2026-04", "2026")
    ]
    assert rows == [["0", "0", "0"], ["12", "(ẩn)", "(ẩn)"], ["12", "(ẩn)", "(ẩn)"]]
    assert [told(world.province, "2026-Q2", kind) for kind in ("thon", "pho")] == ["12", "0"]
    assert told(world.province, "2026-04-30") == "(ẩn)"


def test_T10_a_ratio_hides_where_one_of_its_numbers_is_hidden(measures, world):
    units = settle(world, {("01", 3, "a"): 2, ("02", 3, "a"): 40, ("0", 3, "b"): 40})
    shares = [figure(measures["thu-ty-le-nguoi"], units[code], period(""), authority=NOBODY) for code in ("0", "01")]
    assert [(each.text, each.value) for each in shares] == [("0,00\N{NO-BREAK SPACE}%", 0), ("(ẩn)", None)]
