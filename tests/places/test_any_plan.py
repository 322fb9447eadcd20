"""Whatever a plan does to whatever tree: all comes to zero, no row and nobody is left behind, the past stays; and what
is rehearsed, or taken back before its day, leaves everything as it was."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import localdate, now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from binhyen.kernel.measures.folding import fold, rebuild
from binhyen.kernel.measures.triggers import counted
from binhyen.kernel.testing.world import make_person, make_unit
from binhyen.kernel.units.authority import across_units, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import Fate, bonds
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.models import Camera
from binhyen.modules.cases.public import CaseFacts, open_case
from binhyen.modules.groups.public import found_group
from binhyen.modules.places import rehearsing
from binhyen.modules.places.domain import StepFacts, add_step, apply, draft_plan
from binhyen.modules.places.models import StepKind
from tests.places.test_plans import state

pytestmark = pytest.mark.django_db

COMMUNES = 4


class Tree:
    """A province with a district; communes stand below either. What exists is kept as steps are made up."""

    def __init__(self, draw, world):
        self.draw, self.top = draw, world.province
        district = make_unit("H1", "Công an huyện Một", "huyen", below=world.province)
        self.open, self.made = ["X99001", "X99002", "H1"], 0
        for number in range(COMMUNES):
            above = district if draw(st.booleans()) else world.province
            unit = make_unit(f"C{number}", f"Công an xã Số {number}", "xa", below=Unit.objects.get(pk=above.pk))
            self.open.append(unit.code)
            self._fill(unit, number)

    def _fill(self, unit, number):
        person = make_person(f"p{number}", f"Người {number}", Role.CHIEF, unit)
        for each in range(self.draw(st.integers(0, 2))):
            days = self.draw(st.integers(0, 60))
            open_case(CaseFacts("trom-cap", f"Vụ {each}"), unit=unit, by=person, at=now() - timedelta(days=days))
        Camera.objects.create(code=f"CAM-{number}", name="Cổng", unit=unit, tier=2, active_from=localdate())
        found_group(unit, code="01", name="Tổ 1", hamlet="Xóm", founded_on=localdate() - timedelta(days=90), by=None)

    def step(self):
        """A step that may go; units that a plan before closed or opened are told apart by their codes."""
        kind = self.draw(st.sampled_from([kind for kind in StepKind if self._allows(kind)]))
        many = kind is StepKind.MERGE
        chosen = self.draw(st.lists(st.sampled_from(self.open), min_size=1 + many, max_size=1 + many, unique=True))
        others = [code for code in self.open if code not in chosen]
        into = self.draw(st.sampled_from([*others, self.top.code]))
        opens = [self._new(chosen) for _ in range({StepKind.SPLIT: 2, StepKind.MERGE: 1, StepKind.RENAME: 1,
                                                   StepKind.OPEN: 1}.get(kind, 0))]  # fmt: skip
        if kind not in (StepKind.MOVE, StepKind.OPEN):
            self.open = [code for code in self.open if code not in chosen]
        self.open += [each["code"] for each in opens if each["code"] not in self.open]
        takes = into if kind in (StepKind.MOVE, StepKind.CLOSE, StepKind.OPEN) else ""
        return StepFacts(kind, chosen, takes, opens)

    def _allows(self, kind):
        return len(self.open) > (1 if kind is StepKind.MERGE else 0)

    def _new(self, chosen):
        self.made += 1
        return {"code": f"N{self.made}", "name": f"Công an xã Mới {self.made}", "level": "xa", "picked": []}


def one_plan(data, world):
    tree = Tree(data.draw, world)
    chief = make_person("t.chief", "Lê Trưởng", Role.CHIEF, world.province)
    plan = draft_plan(
        unit=tree.top, name="Thử", day=localdate() + timedelta(days=data.draw(st.integers(0, 9))), by=chief
    )
    for _ in range(data.draw(st.integers(1, 3))):
        add_step(plan, tree.step(), by=chief)
    return plan


def try_any_plan(data, world):
    """In a transaction that is taken back."""
    with transaction.atomic(), across_units():
        plan = one_plan(data, world)
        before = state()
        people = {person for person in world.people.values() if authority_of(person).roles}
        try:
            outcome = rehearsing.rehearse(plan)
        except rehearsing.CannotReorganise:
            assert state() == before
        else:
            assert state() == before
            assert outcome.is_balanced, outcome.as_json()
            plan.state = "scheduled"
            plan.save(update_fields=["state"])
            apply(plan)
            closed = Unit.objects.filter(valid_until__lte=plan.day)
            assert [bond.key for bond in bonds(Fate.MOVES) if bond.rows_of(*[u.pk for u in closed]).exists()] == []
            assert plan.day > localdate() or all(authority_of(person).roles for person in people)
            assert Unit.objects.find_problems() == ([], [], [], [], [])
            assert fold()
            assert [each.different for each in rebuild(counted())] == [0] * len(counted())
        transaction.set_rollback(True)


def bounds(examples):
    return settings(max_examples=examples, deadline=None, derandomize=True,
                    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip


@bounds(4)
@given(data=st.data())
def test_any_plan_comes_to_zero_and_leaves_the_past_alone(world, data):
    try_any_plan(data, world)


@pytest.mark.slow
@pytest.mark.timeout(600)
@bounds(60)
@given(data=st.data())
def test_many_plans_come_to_zero_and_leave_the_past_alone(world, data):
    try_any_plan(data, world)
