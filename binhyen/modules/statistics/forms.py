"""Forms of reports: few questions, each with an answer already chosen."""

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from binhyen.kernel.measures import Measure, Period
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.modules.statistics.domain import Wanted
from binhyen.modules.statistics.models import WORKDAY_MAX, Every, Layout, Report
from binhyen.modules.statistics.spans import offered, readable_units
from binhyen.modules.statistics.subjects import by_subject

TEXT_CHARACTERS_MAX = 20_000
DAY_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
OWN_PERIOD = "dot"


class ReportForm(forms.Form):
    """What a report says. Names are those of the address, so that a preview is a link."""

    ten = forms.CharField(label="Tên báo cáo", max_length=200)
    don_vi = forms.ModelChoiceField(Unit.objects.none(), label="Đơn vị", to_field_name="code", empty_label=None)
    ky = forms.ChoiceField(label="Kỳ báo cáo")
    tu = forms.DateField(label="Từ ngày", required=False, input_formats=DAY_FORMATS)
    den = forms.DateField(label="Đến hết ngày", required=False, input_formats=DAY_FORMATS)
    cot = forms.ChoiceField(label="Các cột", choices=Layout.choices, initial=Layout.COMPARE, widget=forms.RadioSelect)
    chi_so = forms.MultipleChoiceField(
        label="Chỉ số", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chưa chọn chỉ số nào. Hãy chọn ít nhất một."},
    )  # fmt: skip
    loi_van = forms.CharField(
        label="Nhận xét, đánh giá", required=False, max_length=TEXT_CHARACTERS_MAX, widget=forms.Textarea({"rows": 6}),
        help_text="Số liệu trong lời văn được kiểm tra khi lưu.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, authority: Authority, measures: list[Measure], period: Period, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        day, units = localdate(), readable_units(authority)
        first = units.first()
        self.fields["don_vi"].queryset = units
        self.fields["ky"].choices = [
            *((kind, [(each.code, each.label) for each in periods]) for kind, periods in offered(day, period)),
            (OWN_PERIOD, "Đợt: tự chọn ngày bên dưới"),
        ]
        self.subjects = by_subject(measures)
        self.fields["chi_so"].choices = [
            (subject, [(each.code, each.name) for each in found]) for subject, found in self.subjects
        ]
        self.fields["ky"].initial = period.code
        self.fields["chi_so"].initial = [each.code for each in measures]
        if first is not None:
            self.fields["don_vi"].initial = first.code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ky") == OWN_PERIOD:
            first, last = cleaned.get("tu"), cleaned.get("den")
            if first is None or last is None:
                self.add_error("tu", "Hãy nhập cả ngày đầu và ngày cuối của đợt, như 15/01/2026.")
            elif last < first:
                self.add_error("den", "Ngày cuối phải từ ngày đầu trở đi.")
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """What was chosen, of a form that is valid."""
        chosen = self.cleaned_data
        code = chosen["ky"]
        if code == OWN_PERIOD:
            code = f"{chosen['tu']:%Y-%m-%d}..{chosen['den']:%Y-%m-%d}"
        return Wanted(chosen["don_vi"], chosen["ten"], chosen["chi_so"], chosen["cot"], Period.parse(code))


class PlanForm(forms.Form):
    """When a report makes itself."""

    moi = forms.ChoiceField(label="Mỗi", choices=Every.choices, initial=Every.MONTH)
    ngay = forms.IntegerField(
        label="Vào ngày làm việc thứ", min_value=1, max_value=WORKDAY_MAX, initial=3,
        help_text="sau khi kỳ kết thúc; nghỉ lễ và cuối tuần không tính",
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What somebody says to a finding."""

    tra_loi = forms.CharField(
        label="Trả lời", max_length=2000, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Câu trả lời đang trống. Hãy viết số nào đúng và vì sao."},
    )  # fmt: skip


def initial_of(report: Report) -> dict[str, Any]:
    """A report as its form shows it."""
    return {
        "ten": report.title, "don_vi": report.unit.code, "ky": report.period, "cot": report.layout,
        "chi_so": report.measures, "loi_van": report.text,
    }  # fmt: skip


def default_title(unit: Unit | None, day: date) -> str:
    """A name that nobody has to think of."""
    return f"Báo cáo kết quả công tác của {unit.name}" if unit else f"Báo cáo kết quả công tác {day.year}"
