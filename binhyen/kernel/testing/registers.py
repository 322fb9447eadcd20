"""Rows and people for tests of a register, made from its own declaration."""

from collections.abc import Mapping
from typing import Any

import pytest

from binhyen.kernel.accounts.models import User
from binhyen.kernel.screens.declaration import Screens, all_screens, screens_of
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.screens.taking_in import Lines
from binhyen.kernel.testing.examples import foundation
from binhyen.kernel.units.authority import Authority, across_units, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role


def shape_of(screens: Screens) -> tuple[bool, ...]:
    """Which parts of the machinery a register uses."""
    has_workflow = hasattr(screens.model, "workflow")
    return bool(screens.fields), bool(screens.key), bool(screens.verbs), bool(screens.search), has_workflow


def stands_for_its_shape(screens: Screens) -> bool:
    """Whether it is the first register of its shape: those are tried always, the others with the slow proofs."""
    return next(each for each in all_screens() if shape_of(each) == shape_of(screens)) is screens


def every_register() -> list[Any]:
    """Every register as a parameter of a test; all but the first of each shape are slow proofs."""
    return [
        pytest.param(each, id=each.name, marks=() if stands_for_its_shape(each) else pytest.mark.slow)
        for each in all_screens()
    ]


def example_values(screens: Screens, unit: Unit) -> dict[str, str]:
    """The declared example for `unit`, as a file would say it; rows that it stands on are made."""
    values = dict(screens.example)
    for name in screens.fields:
        field: Any = screens.model._meta.get_field(name)
        if not field.is_relation or name in values:
            continue
        above = screens_of(field.related_model)
        if field.related_model is Unit:
            values[name] = unit.code
        elif above is not None:
            values[name] = str(make_example(above, unit))
        elif not field.null and (stone := foundation(field.related_model, unit)) is not None:
            values[name] = str(stone)
    return values


def make_example(screens: Screens, unit: Unit, **changes: str) -> Any:
    """A row of `unit`, saved. Raises AssertionError where the declared example is not valid."""
    with across_units():
        values = {**example_values(screens, unit), **changes}
        paths: dict[str, tuple[str, ...]] = {role.value: (unit.path[: unit.steplen],) for role in Role}
        form = Lines(screens, Authority(None, paths), list(values)).form(list(values.values()))
        if form.errors:
            raise AssertionError(f"the example of {screens.name} is not valid: {form.errors.as_json()}")
        row = form.save(commit=False)
        screens.save(row, by=None, is_new=row._state.adding)
    return row


def sent(screens: Screens, user: User, values: Mapping[str, str]) -> dict[str, Any]:
    """What a browser would send for `values`, by somebody with the rights of `user`."""
    with across_units():
        form = Lines(screens, authority_of(user), list(values)).form(list(values.values()))
    return {name: value for name, value in form.data.items() if value not in ("", None, False)}


def person_for(people: Mapping[Any, User], screens: Screens, action: Action) -> User | None:
    """Somebody who may do `action` and may also see; None where nobody may."""
    roles = screens.policy.roles(action) & screens.policy.roles(Action.SEE)
    return next((people[role] for role in Role if role in roles), None)


def stranger_to(people: Mapping[Any, User], screens: Screens, action: Action) -> User | None:
    """Somebody of the unit who may not do `action`; None where everybody may."""
    return next((people[role] for role in Role if role not in screens.policy.roles(action)), None)
