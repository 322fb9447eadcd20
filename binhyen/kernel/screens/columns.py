"""Columns of a list, and how values are written for a person and for a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.timezone import localtime

from binhyen.kernel.screens.search import VietnameseOrder
from binhyen.kernel.sheets import Cell


@dataclass(frozen=True)
class Column:
    """One column. `value` gives what stands in it for a row; `sort` is the field that sorts it (empty: it does not).

    A name in a declaration stands for a field of the model, or for a property with a `short_description`.
    """

    name: str
    label: str
    value: Callable[[Any], Cell]
    sort: str = ""
    is_number: bool = False

    def shown(self, row: Any) -> str:
        """The value as a person reads it."""
        return words(self.value(row))


def column_of(model: type[models.Model], name: str) -> Column:
    """The column that `name` stands for."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        attribute = getattr(model, name)
        label = getattr(getattr(attribute, "fget", attribute), "short_description", name)
        return Column(name, label, lambda row: _called(getattr(row, name)))
    is_number = isinstance(field, models.IntegerField | models.DecimalField | models.FloatField) and not field.choices
    return Column(name, label_of(field), value_of(field), sort_of(model, name), is_number)


def label_of(field: Any) -> str:
    """The field's name with a capital letter."""
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


def choices_of(field: Any) -> list[tuple[str, str]]:
    """The values that `field` may have with their labels: its choices, or the states of the model's workflow."""
    workflow = getattr(field.model, "workflow", None) if field.name == "state" else None
    return workflow.choices if workflow else [(str(value), str(label)) for value, label in field.flatchoices]


def value_of(field: Any) -> Callable[[Any], Cell]:
    """What reads `field` of a row for a cell: labels for choices, local time for moments, names for rows."""
    name, choices = field.name, dict(choices_of(field))
    if choices:
        return lambda row: choices.get(str(getattr(row, name)), str(getattr(row, name) or ""))
    if field.is_relation:
        return lambda row: "" if getattr(row, field.attname) is None else str(getattr(row, name))
    if isinstance(field, models.DateTimeField):
        return lambda row: localtime(at).replace(tzinfo=None) if (at := getattr(row, name)) else None
    return lambda row: getattr(row, name)


def sort_of(model: type[models.Model], name: str) -> str:
    """The field that sorts by `name`: one that an index of the model begins with, alone or after the unit."""
    ordered = [field.name for field in model._meta.fields if isinstance(field, VietnameseOrder) and field.of == name]
    return next((field for field in (*ordered, name) if field in _indexed(model)), "")


def _indexed(model: type[models.Model]) -> set[str]:
    meta: Any = model._meta
    single = {field.name for field in meta.fields if (field.unique or field.db_index) and not field.is_relation}
    lists = [list(index.fields) for index in meta.indexes if index.condition is None]
    lists += [list(each.fields) for each in meta.constraints if isinstance(each, models.UniqueConstraint)]
    leading = {names[1] if len(names) > 1 and names[0] == "unit" else names[0] for names in lists if names}
    return single | leading - {field.name for field in meta.fields if field.is_relation}


def _called(value: Any) -> Any:
    return value() if callable(value) else value


PLAIN_BELOW = 10_000
"""Whole numbers below are written without marks: years, and counts that need none."""


def words(value: Cell) -> str:
    """A value as a person reads it: 21/11/2026 14:05, 12.345, 12,5, có."""
    match value:
        case None | "":
            return "–"
        case bool():
            return "Có" if value else "Không"
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case int() | float() | Decimal():
            plain = isinstance(value, int) and abs(value) < PLAIN_BELOW
            return f"{value}" if plain else f"{value:,}".translate(str.maketrans(",.", ".,"))
    return str(value)
