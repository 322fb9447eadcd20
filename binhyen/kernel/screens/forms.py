"""The form of a row: only declared fields, only rows that the person may choose, sentences that say what to do."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.forms.models import modelform_factory

from binhyen.kernel.screens.filters import DATE_FORMATS, DayInput
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.vietnamese.folding import without_diacritics

if TYPE_CHECKING:
    from binhyen.kernel.screens.declaration import Screens

CHOICES_READ_MAX = 5000


class MomentInput(forms.DateTimeInput):
    """A day and time as 21/11/2026 14:05."""

    def __init__(self) -> None:
        attributes = {"placeholder": "ngày/tháng/năm giờ:phút", "autocomplete": "off"}
        super().__init__(attrs=attributes, format="%d/%m/%Y %H:%M")


class RowForm(forms.ModelForm):  # type: ignore[type-arg]  # of whichever model the screens declare
    """One row. Made by `form_for`."""

    def __init__(
        self, *args: Any, screens: "Screens", authority: Authority, known: dict[str, Any] | None = None, **options: Any
    ) -> None:
        """`known` are the rows that foreign keys may be set to, where they have been found for many forms at once."""
        super().__init__(*args, **options)
        self.screens = screens
        self._held = dict(self.initial)
        action = Action.CHANGE if self.instance.pk else Action.ADD
        for name, field in self.fields.items():
            label = str(field.label)
            field.error_messages.update(_sentences(label, field))
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = (known or {}).get(name) or _choosable(screens, name, authority, action, self.instance)
                if field.required:
                    field.empty_label = None
                if field.required and not self.is_bound:
                    field.initial = field.queryset.first() if field.queryset[:2].count() == 1 else None

    def has_changed_row(self) -> bool:
        """Whether the values differ from what the row held; asked after `is_valid`."""
        return any(self[name].field.has_changed(self._held.get(name), self[name].data) for name in self.fields)

    def _get_validation_exclusions(self) -> set[str]:
        """A unique constraint is checked with what the row holds already, also where the form cannot set it."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, not in the stubs
        held = {name for each in self._meta.model._meta.constraints for name in getattr(each, "fields", ())}
        return {name for name in excluded if name not in held or name in self.errors}


def form_for(screens: "Screens", authority: Authority, given: Any = None, row: Any = None, **options: Any) -> RowForm:
    """The form of a new row or of `row`, filled with what was `given`."""
    form: RowForm = _form_class(screens)(given, instance=row, screens=screens, authority=authority, **options)
    return form


@cache
def _form_class(screens: "Screens") -> Any:
    return modelform_factory(
        screens.model, form=RowForm, fields=list(screens.fields), formfield_callback=_field_for, labels=screens.labels()
    )


def _field_for(field: Any, **options: Any) -> Any:
    if isinstance(field, models.DateTimeField):
        formats = [f"{day}{rest}" for day in DATE_FORMATS for rest in (" %H:%M", " %H:%M:%S", "T%H:%M", "")]
        return field.formfield(**{**options, "widget": MomentInput(), "input_formats": formats})
    if isinstance(field, models.DateField):
        return field.formfield(**{**options, "widget": DayInput(), "input_formats": DATE_FORMATS})
    if isinstance(field, models.TextField):
        return field.formfield(**{**options, "widget": forms.Textarea(attrs={"rows": 4})})
    return field.formfield(**options)


def _choosable(screens: "Screens", name: str, authority: Authority, action: Action, row: Any) -> Any:
    rows = screens.choosable(name, authority, action)
    kept = getattr(row, f"{name}_id", None)
    if rows.model is Unit and kept:  # a row of a closed unit can be corrected without being moved
        return Unit.objects.filter(pk__in=[*rows.values_list("pk", flat=True), kept]).order_by("path")
    return rows


def _sentences(label: str, field: forms.Field) -> dict[str, str]:
    wanted = next((words for kind, words in _WRITTEN.items() if isinstance(field, kind)), "kiểm tra rồi nhập lại")
    return {
        "required": f"Chưa nhập “{label}”. Hãy nhập rồi gửi lại.",
        "invalid": f"“{label}” không đúng dạng. Hãy {wanted}.",
        "invalid_choice": f"“{label}” không có lựa chọn này. Hãy chọn trong danh sách.",
    }


_WRITTEN: dict[type[forms.Field], str] = {
    forms.DateTimeField: "nhập ngày giờ có thật, như 21/11/2026 14:05",
    forms.DateField: "nhập ngày có thật, như 21/11/2026",
    forms.DecimalField: "nhập số, như 1.695 hoặc 12,5",
    forms.IntegerField: "nhập số nguyên, như 1.695",
}


# --- text as a person writes it into a table -------------------------------------------------------------------------
def as_sent(field: forms.Field, text: str, known: dict[str, str] | None = None) -> Any:
    """What a browser would send for `text` of a file: the code of a choice, the key of a row, plain digits.

    Text that means nothing is handed on as it is: the field then says what is wrong. `known` are the choices.
    """
    if isinstance(field, forms.BooleanField):
        return {"": "", "có": "on", "x": "on", "1": "on", "đúng": "on", "true": "on"}.get(text.lower(), "")
    if isinstance(field, forms.ChoiceField):
        return (known if known is not None else choices_by_words(field)).get(_folded(text), text)
    if isinstance(field, forms.DecimalField | forms.FloatField):
        return text.replace(".", "").replace(",", ".") if "," in text or _GROUPED.fullmatch(text) else text
    if isinstance(field, forms.IntegerField):
        return text.replace(".", "") if _GROUPED.fullmatch(text) else text
    return text


_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+")


def choices_by_words(field: forms.ChoiceField) -> dict[str, str]:
    """What may be written for each choice, folded: its label, its code; for a unit its code too."""
    if isinstance(field, forms.ModelChoiceField):
        found: dict[str, str] = {}
        rows = field.queryset.all() if field.queryset is not None else ()
        for row in rows[:CHOICES_READ_MAX]:
            for words in (str(row), getattr(row, "code", "")):
                if words:
                    # Two rows of one name: neither can be meant by it.
                    found[_folded(words)] = "" if found.get(_folded(words), str(row.pk)) != str(row.pk) else str(row.pk)
        return found
    pairs = [(str(value), str(words)) for value, words in field.choices]  # type: ignore[union-attr,misc]  # flat pairs
    return {_folded(each): value for value, words in pairs for each in (value, words)}


def _folded(text: str) -> str:
    return " ".join(without_diacritics(text).split())
