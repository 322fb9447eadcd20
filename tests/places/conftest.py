"""Two communes of a province in which every register has something, and people who plan for it."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from binhyen.kernel.measures import Period, figures, registered
from binhyen.kernel.screens.declaration import all_screens
from binhyen.kernel.testing.registers import make_example
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import NOBODY, across_units
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.models import Camera
from binhyen.modules.cases.public import CaseFacts, open_case
from binhyen.modules.places.domain import StepFacts, add_step, draft_plan, rehearse, take_step
from binhyen.modules.places.models import StepKind


@pytest.fixture
def chief(world):
    return make_person("t.chief", "Lê Trưởng T", Role.CHIEF, world.province)


@pytest.fixture
def second(world):
    return make_person("t.auditor", "Võ Giám Sát", Role.AUDITOR, world.province)


@pytest.fixture
def filled(world, all_units):
    """Every register has its example in both communes; there are cases of last month and cameras as well."""
    for unit, people in ((world.commune_a, world.people), (world.commune_b, world.outsiders)):
        for screens in all_screens():
            make_example(screens, unit)
        for days in (1, 40):
            open_case(CaseFacts("trom-cap", "Mất xe"), unit=unit, by=people[Role.INVESTIGATOR],
                      at=now() - timedelta(days=days))  # fmt: skip
        Camera.objects.create(code=f"{unit.code}-001", name="Cổng", unit=unit, tier=2, active_from=localdate())
    return world


@pytest.fixture
def plan_to(chief, world, all_units):
    """A function: a plan of the province with the given steps, for today unless said."""

    def make(*steps, day=None, name="Sắp xếp thử"):
        plan = draft_plan(unit=world.province, name=name, day=day or localdate(), decision="Nghị quyết 01", by=chief)
        for facts in steps:
            add_step(plan, facts, by=chief)
        return plan

    return make


def new(code="X99009", name="Công an xã Hòa Minh", **more):
    return {"code": code, "name": name, "level": "xa", **more}


def merging(world, code="X99009"):
    return StepFacts(StepKind.MERGE, [world.commune_a.code, world.commune_b.code], opens=[new(code)])


def approved(plan, chief, second):
    """Rehearsed, handed in, approved by two: applied where its day is today."""
    assert rehearse(plan, by=chief).is_balanced
    for step, by in (("hand_in", chief), ("approve", chief), ("second", second)):
        plan = take_step(plan, step, by=by)
    return plan


def all_figures(units):
    """Every measure of every day, month and year until yesterday, to the digit."""
    day = localdate() - timedelta(days=1)
    periods = [Period.parse(str(each)) for each in (day.year - 1, f"{day:%Y-%m-%d}")]
    first = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    periods += [Period.parse(f"{first:%Y-%m}"), Period.parse(f"2020-01-01..{day:%Y-%m-%d}")]
    with across_units():
        units = list(Unit.objects.filter(pk__in=[unit.pk for unit in units]))
        found = figures(registered(), units, periods, authority=NOBODY)
    return {key: (shown.value, shown.is_hidden) for key, shown in found.items()}
