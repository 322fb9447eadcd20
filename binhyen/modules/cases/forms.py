"""Forms of cases, and the one look that forms of cases and footage share."""

from typing import Any

from django import forms
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Membership, Unit
from binhyen.modules.cases.domain import CaseFacts
from binhyen.modules.cases.kinds import kinds
from binhyen.modules.cases.models import Case, CasePerson
from binhyen.modules.cases.queries import units_to_open_in
from binhyen.modules.cases.workflow import CASE_STAFF


class MomentInput(forms.DateTimeInput):
    """A date and time as browsers pick it, to the minute or to the second."""

    input_type = "datetime-local"

    def __init__(self, *, seconds: bool = False) -> None:
        attributes = {"step": "1"} if seconds else {}
        super().__init__(attrs=attributes, format="%Y-%m-%dT%H:%M:%S" if seconds else "%Y-%m-%dT%H:%M")


class StationForm(forms.Form):
    """Bootstrap's classes on every field, and errors that name the field and say what to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = "form-check-input" if isinstance(field.widget, forms.CheckboxInput) else kind
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}_help"

    def full_clean(self) -> None:
        for field in self.fields.values():
            field.error_messages["required"] = f"Chưa nhập “{field.label}”. Hãy nhập rồi gửi lại."
            field.error_messages["invalid"] = f"“{field.label}” không đúng dạng. Hãy kiểm tra rồi nhập lại."
        super().full_clean()
        for name in self.errors:
            if name in self.fields:
                attributes = self.fields[name].widget.attrs
                attributes["class"] += " is-invalid"
                attributes["aria-invalid"] = "true"
                attributes["aria-describedby"] = f"{attributes.get('aria-describedby', '')} id_{name}_error".strip()


class CaseForm(StationForm):
    """Opening or correcting a case."""

    unit = forms.ModelChoiceField(None, label="Đơn vị", empty_label=None)
    kind = forms.ChoiceField(label="Loại vụ việc")
    title = forms.CharField(
        label="Tên vụ việc",
        max_length=200,
        help_text="Ngắn gọn; không ghi tên người. Ví dụ: “Mất xe máy tại chợ An Hòa”.",
    )
    place = forms.CharField(label="Nơi xảy ra", max_length=300, required=False)
    happened_at = forms.DateTimeField(label="Xảy ra lúc", required=False, widget=MomentInput())
    summary = forms.CharField(label="Nội dung", required=False, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, authority: Authority, case: Case | None = None, **kwargs: Any) -> None:
        if case is not None:
            kwargs.setdefault("initial", _as_written(case))
        super().__init__(*args, **kwargs)
        if case is not None:
            del self.fields["unit"], self.fields["kind"]
            return
        units = units_to_open_in(authority)
        unit_field, kind_field = self.fields["unit"], self.fields["kind"]
        unit_field.queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField
        unit_field.initial = units.first()
        kind_field.choices = [(kind.code, kind.name) for kind in kinds().values()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_happened_at(self) -> Any:
        happened_at = self.cleaned_data["happened_at"]
        if happened_at and happened_at > now():
            raise forms.ValidationError(
                f"“Xảy ra lúc” {happened_at:%d/%m/%Y %H:%M} ở tương lai. Hãy nhập thời điểm đã qua."
            )
        return happened_at

    @property
    def facts(self) -> CaseFacts:
        """What was written; call after `is_valid`."""
        said = self.cleaned_data
        return CaseFacts(said.get("kind", ""), said["title"], said["place"], said["happened_at"], said["summary"])


def _as_written(case: Case) -> dict[str, Any]:
    return {"title": case.title, "place": case.place, "happened_at": case.happened_at, "summary": case.summary}


class PersonForm(StationForm):
    """Somebody in the case."""

    part = forms.ChoiceField(label="Tư cách", choices=CasePerson.Part.choices)
    name = forms.CharField(label="Họ và tên", max_length=120)
    contact = forms.CharField(label="Liên hệ", max_length=200, required=False)


class NoteForm(StationForm):
    """A note."""

    text = forms.CharField(label="Ghi chép", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class AssignForm(StationForm):
    """Who works on the case."""

    officer = forms.ModelChoiceField(None, label="Người thụ lý", empty_label=None)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = [*Unit.objects.get_ancestors(case.unit).values_list("pk", flat=True), case.unit_id]
        serving = Membership.objects.valid_on().filter(unit_id__in=above, role__in=CASE_STAFF).values("user_id")
        chosen = self.fields["officer"]
        chosen.queryset = User.objects.filter(pk__in=serving, is_active=True).order_by("full_name")  # type: ignore[attr-defined]  # a ModelChoiceField
        chosen.initial = case.assigned_to_id
