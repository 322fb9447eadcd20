"""What holds for every measure: inherited, not written again. A test class subclasses `MeasureContracts`.

All of them share one world, in which every register that a measure counts has its example in two communes.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import models, transaction
from django.utils.timezone import localdate

from binhyen.kernel.measures import Measure, Period, figure, figures, registered
from binhyen.kernel.measures.answers import parts_of
from binhyen.kernel.measures.contributions import tables_of
from binhyen.kernel.measures.declaration import Sum
from binhyen.kernel.measures.folding import fold, rebuild
from binhyen.kernel.measures.rows import Place
from binhyen.kernel.screens.declaration import screens_of
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.testing.registers import make_example, person_for
from binhyen.kernel.testing.world import World, make_world
from binhyen.kernel.units.authority import Authority, across_units, authority_of
from binhyen.kernel.units.roles import Role


@dataclass
class Counted:
    """The world, somebody who sees rows there, and the years in which examples have a day."""

    world: World
    authority: Authority
    periods: list[Period]


def example_days(measure: Measure) -> set[date]:
    """The days of the rows that there are, as the measure counts them."""
    found: set[date] = {localdate()}
    for name in measure.date_fields:
        for value in measure.model._base_manager.values_list(name, flat=True):
            if value is not None:
                found.add(localdate(value) if isinstance(measure.field(name), models.DateTimeField) else value)
    return found


@pytest.fixture(scope="module")
def counted(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Counted]:
    """One world for all tests of the module; gone with the transaction."""
    with django_db_blocker.unblock(), transaction.atomic(), across_units():
        world = make_world()
        measures = [measure for measure in registered() if not measure.is_ratio]
        for model in {measure.model for measure in measures}:
            screens = screens_of(model)
            if screens is not None:
                for unit in (world.commune_a, world.commune_b):
                    make_example(screens, unit)
        days = {day for measure in measures for day in example_days(measure)}
        periods = [Period.parse(str(year)) for year in sorted({day.year for day in days})]
        yield Counted(world, authority_of(world.people[Role.CHIEF]), periods)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("measure", registered(), ids=lambda measure: measure.code)
class MeasureContracts:
    """Each test is one promise, for each measure that is declared."""

    def test_it_says_in_vietnamese_what_it_counts_and_who_answers_for_it(self, measure: Measure) -> None:
        words = [measure.name, measure.definition, measure.owner, *(label for _, label in measure.kind_choices)]
        assert [each for each in words if not each.strip() or each != unicodedata.normalize("NFC", each)] == []
        assert measure.definition.endswith(".")
        assert re.search(r"[^\x00-\x7f]", measure.definition)
        assert measure.name[:1].isupper()

    def test_it_equals_the_rows_that_its_link_opens(self, measure: Measure, counted: Counted) -> None:
        if measure.is_ratio:
            pytest.skip("a ratio opens its definition")
        for unit in (counted.world.commune_a, counted.world.province):
            for period in counted.periods:
                shown = figure(measure, unit, period, authority=counted.authority)
                if not shown.is_hidden:
                    assert shown.value == worked_out(Place(measure, unit, period))

    def test_its_link_lists_exactly_the_rows_that_it_counts(
        self, measure: Measure, counted: Counted, signed_in: Any
    ) -> None:
        screens = None if measure.is_ratio else screens_of(measure.model)
        if screens is None:
            pytest.skip("its rows are in no register")
        person = person_for(counted.world.people, screens, Action.SEE)
        assert person is not None, "a register that nobody sees"
        client, unit, authority = signed_in(person), counted.world.commune_a, authority_of(person)
        for period in counted.periods:
            shown = figure(measure, unit, period, authority=authority)
            assert shown.rows_url
            listed = client.get(shown.rows_url).context["lines"]
            assert {row.pk for row, *_ in listed} == set(
                Place(measure, unit, period).rows().values_list("pk", flat=True)
            )
        assert figure(measure, counted.world.commune_b, counted.periods[0], authority=authority).rows_url is None

    def test_its_kinds_and_its_units_add_up(self, measure: Measure, counted: Counted) -> None:
        if measure.is_ratio or measure.counts_people:
            pytest.skip("does not add up, or is hidden in part")
        world, authority = counted.world, counted.authority
        units = [world.province, world.commune_a, world.commune_b]
        for period in counted.periods:
            found = figures([measure], units, [period], authority=authority)
            values = [found[measure.code, unit.pk, period.code].value or 0 for unit in units]
            assert values[0] == sum(values[1:])
            if measure.kind_choices:
                kinds = [figure(measure, units[0], period, kind=kind, authority=authority).value or 0
                         for kind, _ in measure.kind_choices]  # fmt: skip
                assert sum(kinds) == values[0]

    def test_what_triggers_kept_is_what_rebuilding_finds(self, measure: Measure, counted: Counted) -> None:
        parts = parts_of(measure)
        assert fold()
        assert [each.different for each in rebuild(parts)] == [0] * len(parts)
        assert all(tables_of(part) for part in parts)

    def test_its_definition_has_a_page(self, measure: Measure, counted: Counted, signed_in: Any) -> None:
        client = signed_in(counted.world.people[Role.AUDITOR])
        shown = figure(measure, counted.world.commune_a, counted.periods[0], authority=Authority(None))
        answer = client.get(shown.url)
        assert (answer.status_code, shown.url) == (200, shown.definition_url)
        assert measure.definition in answer.content.decode()


def worked_out(place: Place) -> Decimal:
    """The figure as a plain question to the table answers it."""
    rows, what = place.rows(), place.measure.what
    if isinstance(what, Sum):
        return Decimal(rows.aggregate(total=models.Sum(what.field))["total"] or 0)
    return Decimal(rows.count())
