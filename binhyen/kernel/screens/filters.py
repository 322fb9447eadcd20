"""Filters of a list. A filter is a form field under a declared name, and what it does to the rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils.timezone import now

from binhyen.kernel.screens.columns import choices_of, label_of
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.units.authority import Authority

DATE_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"]


class DayInput(forms.DateInput):
    """A day as 21/11/2026: what browsers pick is shown in the order of the browser's own language."""

    def __init__(self) -> None:
        attributes = {"placeholder": "ngày/tháng/năm", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(attrs=attributes, format="%d/%m/%Y")


@dataclass(frozen=True)
class Filter:
    """`fields(authority)` gives form fields by parameter name, `apply(rows, values)` narrows by what was chosen."""

    name: str
    fields: Callable[[Authority], dict[str, forms.Field]]
    apply: Callable[["QuerySet[Any]", dict[str, Any]], "QuerySet[Any]"]
    parameters: tuple[str, ...] = field(default=())
    is_shown: bool = True
    """False: stands in the form only where the address asks it, for it comes from a link."""

    def __post_init__(self) -> None:
        if not self.parameters:
            object.__setattr__(self, "parameters", (self.name,))


FilterSource = Callable[[type[models.Model]], Filter | None]
_sources: list[FilterSource] = []


def add_filter_source(source: FilterSource) -> None:
    """What stands above registers brings a filter of its own to the lists of models that it knows."""
    _sources.append(source)


def filters_for(model: type[models.Model]) -> list[Filter]:
    """The filters that others bring to the list of `model`."""
    return [found for source in _sources if (found := source(model)) is not None]


def choice_filter(
    name: str, label: str, choices: list[tuple[str, str]], apply: Callable[["QuerySet[Any]", str], "QuerySet[Any]"]
) -> Filter:
    """A filter of one's own: a choice that is no field, such as “quá hạn”."""
    return Filter(
        name,
        lambda authority: {name: forms.ChoiceField(label=label, choices=[("", "Tất cả"), *choices], required=False)},
        lambda rows, values: apply(rows, values[name]) if values.get(name) else rows,
    )


def late(rows: "QuerySet[Any]", choice: str) -> "QuerySet[Any]":
    """For a workflow's rows: those whose deadline has passed."""
    return rows.filter(due_at__lt=now())


def filter_of(model: type[models.Model], name: str, screens: Any) -> Filter:
    """The filter that a field's name stands for: a choice, yes or no, from day to day, a row of another table."""
    found: Any = model._meta.get_field(name)
    label = label_of(found)
    if found.is_relation:
        return Filter(name, lambda authority: {name: _row_choice(name, label, authority, screens)}, _equal(name))
    if isinstance(found, models.DateField):
        return _days(name, label, isinstance(found, models.DateTimeField))
    if isinstance(found, models.BooleanField):
        pairs = [("", "Tất cả"), ("True", "Có"), ("False", "Không")]
    elif choices_of(found):
        pairs = [("", "Tất cả"), *choices_of(found)]
    else:
        raise TypeError(f"{model.__name__}.{name} is no field to choose from: declare a Filter")
    return Filter(
        name, lambda authority: {name: forms.ChoiceField(label=label, choices=pairs, required=False)}, _equal(name)
    )


def _equal(name: str) -> Callable[["QuerySet[Any]", dict[str, Any]], "QuerySet[Any]"]:
    return lambda rows, values: rows if values.get(name) in (None, "") else rows.filter(**{name: values[name]})


def _row_choice(name: str, label: str, authority: Authority, screens: Any) -> forms.Field:
    rows = screens.choosable(name, authority, Action.SEE)
    return forms.ModelChoiceField(rows, label=label, required=False, empty_label="Tất cả")


def _days(name: str, label: str, is_moment: bool) -> Filter:
    start, end = f"{name}_tu", f"{name}_den"
    lookup = f"{name}__date" if is_moment else name

    def fields(authority: Authority) -> dict[str, forms.Field]:
        made = {start: f"{label}: từ ngày", end: f"{label}: đến ngày"}
        return {
            each: forms.DateField(label=words, required=False, widget=DayInput(), input_formats=DATE_FORMATS)
            for each, words in made.items()
        }

    def apply(rows: "QuerySet[Any]", values: dict[str, Any]) -> "QuerySet[Any]":
        if values.get(start):
            rows = rows.filter(**{f"{lookup}__gte": values[start]})
        return rows.filter(**{f"{lookup}__lte": values[end]}) if values.get(end) else rows

    return Filter(name, fields, apply, (start, end))
