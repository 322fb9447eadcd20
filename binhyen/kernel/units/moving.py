"""What becomes of each table's rows when their unit is merged, split, moved or closed. Said beside each model:

    @moves_with_unit(named_by="code", may_clash="code")
    class Team(models.Model): ...

Every model with a foreign key to `Unit` says one of the three; a test finds those that do not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q

from binhyen.kernel.units.models import Membership, Stay, Succession, Unit

M = TypeVar("M", bound=type[models.Model])


class Fate(StrEnum):
    """What a reorganisation does to rows of the old unit."""

    MOVES = "moves"
    """They are the new unit's from the day on; `Stay` remembers whose they were."""
    STAYS = "stays"
    """They are history of the old unit, which the people of the new one go on reading."""
    COMPUTED = "computed"
    """Nothing to be done row by row: made anew, or carried by a function."""


@dataclass(frozen=True)
class Said:
    """What a model says of one of its foreign keys. `named_by`: the field that a person names a row by. `may_clash`: a
    text that is unique in the unit; where two meet, the old unit's code is put before it. `sum_of`: a field whose sum
    the balance shows too (money). `told`: the rows that people may count and name; others move unsaid. `carry`: called
    as `(old, new)` where the new unit takes the old one's code."""

    fate: Fate
    why: str = ""
    named_by: str = ""
    may_clash: str = ""
    sum_of: str = ""
    told: Q | None = field(default=None, compare=False)
    carry: Callable[[Unit, Unit], None] | None = field(default=None, compare=False)


_said: dict[tuple[str, str], Said] = {}


def moves_with_unit(
    *, field: str = "unit", named_by: str = "", may_clash: str = "", sum_of: str = "", told: Q | None = None
) -> Callable[[M], M]:
    """Rows go on with the unit that takes over."""
    return _say(field, Said(Fate.MOVES, named_by=named_by, may_clash=may_clash, sum_of=sum_of, told=told))


def stays_with_unit(why: str, *, field: str = "unit", sum_of: str = "") -> Callable[[M], M]:
    """Rows stay with the unit whose they were; `why` says so to a person."""
    return _say(field, Said(Fate.STAYS, why, sum_of=sum_of))


def computed_with_unit(
    why: str, *, field: str = "unit", carry: Callable[[Unit, Unit], None] | None = None
) -> Callable[[M], M]:
    """Rows follow by other means; `why` says how."""
    return _say(field, Said(Fate.COMPUTED, why, carry=carry))


_along: list[type[models.Model]] = []


def told_along(model: M) -> M:
    """Rows know their unit through another and go along with it; a balance may say how many. Of what is not marked so
    it says only whether it comes to zero: how often owners were asked, say, would tell that there are some."""
    _along.append(model)
    return model


def along() -> list[type[models.Model]]:
    """The models that `told_along` has marked."""
    return list(_along)


def _say(name: str, said: Said) -> Callable[[M], M]:
    def decorate(model: M) -> M:
        _said[model._meta.label_lower, name] = said
        return model

    return decorate


@dataclass(frozen=True)
class Bond:
    """One foreign key to `Unit`, and what was said of it."""

    model: type[models.Model]
    field: str
    said: Said

    @property
    def key(self) -> str:
        """Its name in balances: the model's label, and the field where it is not `unit`."""
        label = self.model._meta.label_lower
        return label if self.field == "unit" else f"{label}.{self.field}"

    @property
    def label(self) -> str:
        """What a person calls the rows."""
        words = str(self.model._meta.verbose_name_plural)
        return words[:1].upper() + words[1:]

    def told_of(self, *units: int) -> "models.QuerySet[Any, Any]":
        """Those of `rows_of` that people may count and name."""
        return self.rows_of(*units).filter(self.said.told or Q())

    def rows_of(self, *units: int) -> "models.QuerySet[Any, Any]":
        """The rows of these units."""
        rows: models.QuerySet[Any, Any] = self.model._base_manager.filter(**{f"{self.field}__in": units})
        return rows


def keys_to_units() -> Iterator[tuple[type[models.Model], str]]:
    """Every foreign key to `Unit` that any installed model has, found by looking."""
    for model in apps.get_models():
        for each in model._meta.local_fields:
            if each.is_relation and each.related_model is Unit and model._meta.managed:
                yield model, each.name


def unsaid() -> list[str]:
    """Foreign keys of which nobody has said what becomes of them; a test says that there are none."""
    return [
        f"{model._meta.label}.{name}"
        for model, name in keys_to_units()
        if (model._meta.label_lower, name) not in _said and "tests" not in model.__module__.split(".")
    ]


def bonds(fate: Fate | None = None) -> list[Bond]:
    """All that was said, in the order of apps."""
    found = [
        Bond(model, name, _said[key])
        for model, name in keys_to_units()
        if (key := (model._meta.label_lower, name)) in _said
    ]
    return [bond for bond in found if fate is None or bond.said.fate is fate]


def forget_said(model: type[models.Model], name: str = "unit") -> None:
    """Take out again what a test has said."""
    del _said[model._meta.label_lower, name]


def moves(model: type[models.Model], name: str = "unit") -> bool:
    """Whether rows of `model` go on with their unit, so that some were another's before."""
    said = _said.get((model._meta.label_lower, name))
    return said is not None and said.fate is Fate.MOVES


_OWN = "Do việc sắp xếp đơn vị tự ghi."
_say("unit", Said(Fate.COMPUTED, "Vai trò kết thúc ở đơn vị cũ và bắt đầu ở đơn vị mới cùng ngày."))(Membership)
_say("predecessor", Said(Fate.COMPUTED, _OWN))(Succession)
_say("successor", Said(Fate.COMPUTED, _OWN))(Succession)
_say("unit", Said(Fate.COMPUTED, _OWN))(Stay)
_say("then", Said(Fate.COMPUTED, _OWN))(Stay)
