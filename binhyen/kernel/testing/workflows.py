"""What every workflow promises, tried on each that is registered.

    class TestEveryWorkflow(WorkflowContract):
        registered = every(workflows())

A module needs nothing for it: its workflow is found because its model is `Stateful`.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from binhyen.kernel.testing.world import World
from binhyen.kernel.units.authority import NOBODY, Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import STAFF, Role
from binhyen.kernel.workflow.calendar import VIETNAM
from binhyen.kernel.workflow.deadlines import begin, due_after, turn_clock
from binhyen.kernel.workflow.diagram import Direction, diagram
from binhyen.kernel.workflow.models import Stateful
from binhyen.kernel.workflow.registry import Registered
from binhyen.kernel.workflow.table import Workflow, guard_words, system_only

MOMENTS = (
    datetime(2026, 2, 13, 17, 30, tzinfo=VIETNAM),  # the last second before Tết
    datetime(2027, 12, 31, 23, 59, 59, tzinfo=VIETNAM),
    datetime(2028, 2, 29, 12, 0, tzinfo=VIETNAM),
)
Rectangle = tuple[float, float, float, float]


def every(registered: Iterable[Registered]) -> Any:
    """A fixture of the class that gives one workflow after the other."""
    known = list(registered)

    @pytest.fixture(params=known, ids=[each.slug for each in known])
    def one(self: object, request: pytest.FixtureRequest) -> Registered:
        found: Registered = request.param
        return found

    return one


def thing_in(model: type[Stateful], unit: Unit) -> Stateful:
    """An unsaved row of `model` that belongs to `unit`: enough for guards and clocks."""
    thing: Stateful = _with_unit(model, model.unit_lookup.split("__"), unit)
    return thing


def _with_unit(model: Any, way: list[str], unit: Unit) -> Any:
    if len(way) == 1:
        return model(**{way[0]: unit})
    return model(**{way[0]: _with_unit(model._meta.get_field(way[0]).related_model, way[1:], unit)})


def holding(roles: Iterable[Role], unit: Unit) -> Authority:
    """The authority of somebody who holds `roles` in `unit`."""
    return Authority(None, dict.fromkeys(roles, (unit.path,)))


def reached(workflow: Workflow, starts: Iterable[str]) -> set[str]:
    """States that steps lead to from `starts`, those included."""
    found = set(starts)
    while more := {step.target for step in workflow.steps if found & set(step.source)} - found:
        found |= more
    return found


def boxes(svg: ElementTree.Element, kind: str) -> dict[str, list[Rectangle]]:
    """By name, the rectangles of the states or steps that a diagram shows."""
    found: dict[str, list[Rectangle]] = {}
    for group in svg.iter("{http://www.w3.org/2000/svg}g"):
        name = group.get(f"data-{kind}")
        if name is None:
            continue
        drawn = next(iter(group.iter("{http://www.w3.org/2000/svg}rect")))
        x, y, width, height = (float(drawn.get(side, "")) for side in ("x", "y", "width", "height"))
        found.setdefault(name, []).append((x, y, x + width, y + height))
    return found


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Whether two rectangles share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class WorkflowContract:
    """Inherit with `registered = every(…)`."""

    def test_every_state_is_reached_from_a_start(self, registered: Registered) -> None:
        workflow = registered.workflow
        assert set(workflow.states) - reached(workflow, workflow.starts) == set()

    def test_every_state_leads_to_an_end(self, registered: Registered) -> None:
        workflow = registered.workflow
        assert [state for state in workflow.states if not reached(workflow, [state]) & workflow.done] == []

    def test_no_step_is_open_to_nobody_or_to_a_stranger(self, registered: Registered, world: World) -> None:
        thing = thing_in(registered.model, world.commune_a)
        stranger = holding(Role, world.commune_b)
        steps = registered.workflow.steps
        assert [s.name for s in steps if s.allowed(NOBODY, thing) or s.allowed(stranger, thing)] == []

    def test_every_step_is_open_to_somebody(self, registered: Registered, world: World) -> None:
        thing = thing_in(registered.model, world.commune_a)
        everybody = holding(Role, world.commune_a)
        guarded = [step for step in registered.workflow.steps if step.allowed is not system_only]
        assert [step.name for step in guarded if not step.allowed(everybody, thing)] == []

    @pytest.mark.parametrize("at", MOMENTS, ids=str)
    def test_every_deadline_can_be_computed(self, registered: Registered, world: World, at: datetime) -> None:
        workflow = registered.workflow
        for within in [*workflow.begin_within.values(), *(s.within for s in workflow.steps if s.within)]:
            due_at = due_after(within, at, unit=world.commune_a)
            assert due_at is not None
            assert due_at > at
        for state in workflow.starts:
            thing = thing_in(registered.model, world.commune_a)
            begin(thing, at=at, state=state)
            for step in workflow.steps:
                thing.state = step.target
                turn_clock(thing, step, at=at + timedelta(hours=1))
                assert (thing.due_at is None) or step.target not in {*workflow.paused, *workflow.final}

    def test_every_word_is_vietnamese(self, registered: Registered) -> None:
        workflow = registered.workflow
        words = [registered.label, *workflow.states.values(), *(step.label for step in workflow.steps)]
        words += [guard_words(step.allowed) for step in workflow.steps]
        odd = [each for each in words if not each.strip() or "_" in each or each != unicodedata.normalize("NFC", each)]
        assert odd == []
        assert [each for each in words if not each[0].isupper()] == []
        assert re.search(r"[^\x00-\x7f]", "".join(workflow.states.values()))

    def test_labels_tell_states_and_steps_apart(self, registered: Registered) -> None:
        workflow = registered.workflow
        labels, names = list(workflow.states.values()), [step.name for step in workflow.steps]
        assert (sorted(set(labels)), sorted(set(names))) == (sorted(labels), sorted(names))

    @pytest.mark.parametrize("direction", ["right", "down"])
    def test_the_diagram_shows_everything_once_and_nothing_over_another(
        self, registered: Registered, direction: Direction
    ) -> None:
        drawn = diagram(registered.workflow, title=registered.label, direction=direction)
        assert "style=" not in drawn
        svg = ElementTree.fromstring(f'<div xmlns="http://www.w3.org/2000/svg">{drawn}</div>')  # noqa: S314 - our own
        states, steps = boxes(svg, "state"), boxes(svg, "step")
        assert {name: len(found) for name, found in states.items()} == dict.fromkeys(registered.workflow.states, 1)
        assert {name: len(found) for name, found in steps.items()} == {s.name: 1 for s in registered.workflow.steps}
        placed = [found[0] for found in (*states.values(), *steps.values())]
        assert [(a, b) for index, a in enumerate(placed) for b in placed[index + 1 :] if overlap(a, b)] == []

    def test_rows_know_their_unit_and_who_may_read_them(self, registered: Registered, world: World) -> None:
        assert thing_in(registered.model, world.commune_a).unit == world.commune_a  # type: ignore[attr-defined]  # asked
        assert set(registered.workflow.readers) <= set(STAFF)
        assert max(map(len, registered.workflow.states)) <= 30
