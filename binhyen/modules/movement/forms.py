"""Forms: lines of minutes that become tasks, and taking a lesson over."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate

from binhyen.kernel.screens.filters import DATE_FORMATS, DayInput
from binhyen.modules.movement.models import Meeting
from binhyen.modules.movement.tasks import Wanted

DAYS_GIVEN = 7


class LineForm(forms.Form):
    """One line of the minutes."""

    chosen = forms.BooleanField(label="Thành việc phải làm", required=False)
    who = forms.ModelChoiceField(None, label="Người làm", required=False, empty_label="Chưa giao ai")
    due_on = forms.DateField(label="Hạn xong", required=False, widget=DayInput(), input_formats=DATE_FORMATS)

    def __init__(self, *args: Any, people: Any, line: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.line = line
        self.fields["who"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField, as declared above
        sentence = f"Hạn của “{line[:60]}” không đúng. Hãy nhập ngày có thật, như 21/11/2026."
        self.fields["due_on"].error_messages["invalid"] = sentence

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("chosen") and "due_on" in given and given["due_on"] is None:
            self.add_error("due_on", f"Chưa nhập hạn của “{self.line[:60]}”. Hãy nhập rồi gửi lại.")
        return given


def line_forms(meeting: Meeting, people: Any, sent: Any = None) -> list[LineForm]:
    """A form for each line that is no task yet, by its place in the minutes."""
    known = set(meeting.tasks.values_list("text", flat=True))
    initial = {"due_on": localdate() + timedelta(days=DAYS_GIVEN)}
    return [
        LineForm(sent, prefix=f"dong{at}", people=people, line=line[:300], initial=initial)
        for at, line in enumerate(meeting.lines)
        if line[:300] not in known
    ]


def wanted_in(lines: list[LineForm]) -> list[Wanted]:
    """What was chosen, of forms that are valid."""
    chosen = [line for line in lines if line.cleaned_data["chosen"]]
    return [Wanted(line.line, line.cleaned_data["due_on"], line.cleaned_data["who"]) for line in chosen]


class AdoptionForm(forms.Form):
    """A unit takes a lesson over."""

    unit = forms.ModelChoiceField(None, label="Đơn vị làm theo", empty_label=None)
    note = forms.CharField(
        label="Điều chỉnh cho hợp nơi mình", max_length=300, required=False, help_text="Làm khác gì, vì sao."
    )

    def __init__(self, *args: Any, units: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField, as declared above
