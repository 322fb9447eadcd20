"""What a module brings so that every one of its addresses can be tried: `EXAMPLES` in its `tests/examples.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import models

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role


class Things:
    """One of each kind of thing, in one unit, under the names that modules give them.

    `rows` are the example of every register by the register's name, and a file of each by `<name>-import`.
    """

    rows: dict[str, Any]

    def __init__(self, rows: dict[str, Any]) -> None:
        self.rows = rows

    def __getattr__(self, name: str) -> Any:  # only for names that no module gave
        raise AttributeError(f"no module before this one made {name!r}: see its tests/examples.py")


@dataclass(frozen=True)
class Setting:
    """Where a module makes its things: `people` by role serve `unit`; `at` is a latitude and longitude in it, `mark` a
    word that no other unit's things carry; `things` are those of the modules before."""

    unit: Unit
    people: Mapping[Role, User]
    mark: str
    at: tuple[float, float]
    things: Things


Named = Callable[[Things], Any]
Form = dict[str, Any]


def _nothing(_: Setting) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Examples:
    """What a module's addresses name, and what people send to them.

    `make` gives things their names. `parameters` say which thing a route's parameter means, by the parameter's name;
    `by_route` by route and parameter, where the same word means two things; `constants` hold values that name nothing
    of a unit. `forms` are sent besides the empty one, by route and a word for each. `stands_on` makes rows of tables
    that are no register, by the model's name, for registers whose rows need one: the same for a unit each time.
    """

    make: Callable[[Setting], dict[str, Any]] = _nothing
    parameters: Mapping[str, Named] = field(default_factory=dict)
    by_route: Mapping[tuple[str, str], Named] = field(default_factory=dict)
    constants: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, Callable[[Things], Form]]] = field(default_factory=dict)
    stands_on: Mapping[str, Callable[[Unit], Any]] = field(default_factory=dict)


def foundation(model: type[models.Model], unit: Unit) -> Any:
    """A row of `model` in `unit` as the model's own module makes it in its `tests/examples.py`; None where it says
    nothing of that table."""
    name = f"{apps.get_app_config(model._meta.app_label).name}.tests.examples"
    if not find_spec(name.rpartition(".")[0]) or not find_spec(name):
        return None
    make = import_module(name).EXAMPLES.stands_on.get(model.__name__)
    return make(unit) if make else None
