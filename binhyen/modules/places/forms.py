"""Forms of plans and of their steps."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.timezone import localdate

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.places.domain import StepFacts
from binhyen.modules.places.models import CODE_PATTERN, Plan, StepKind

DAY_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
NAMES_MAX = 500
"""How many rows and accounts one step may name."""


def units_to_plan_for(authority: Authority) -> Any:
    """Open units of the person's with others below them."""
    day = localdate()
    still = Q(valid_until=None) | Q(valid_until__gt=day)
    mine = Unit.objects.filter(still, valid_from__lte=day, numchild__gt=0, pk__in=authority.unit_ids(OFFICERS))
    return mine.order_by("path")


class PlanForm(forms.Form):
    """What a plan says of itself."""

    don_vi = forms.ModelChoiceField(
        Unit.objects.none(), label="Đơn vị lập phương án", to_field_name="code", empty_label=None,
        help_text="Đơn vị cấp trên chung của tất cả các đơn vị được sắp xếp.",
    )  # fmt: skip
    ten = forms.CharField(label="Tên phương án", max_length=160)
    ngay = forms.DateField(
        label="Áp dụng từ ngày", input_formats=DAY_FORMATS, help_text="Ngày/tháng/năm, từ hôm nay trở đi.",
        error_messages={"invalid": "Ngày không đúng. Hãy nhập như 01/07/2026."},
    )  # fmt: skip
    can_cu = forms.CharField(
        label="Căn cứ", max_length=300, required=False,
        help_text="Nghị quyết hoặc quyết định, số và ngày. Được ghi vào lịch sử của các đơn vị.",
    )  # fmt: skip

    def __init__(self, *args: Any, authority: Authority, plan: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["don_vi"].queryset = units_to_plan_for(authority)
        if plan is not None:
            self.fields["don_vi"].queryset = Unit.objects.filter(pk=plan.unit_id)
            self.initial |= {"don_vi": plan.unit.code, "ten": plan.name, "can_cu": plan.decision,
                             "ngay": f"{plan.day:%d/%m/%Y}"}  # fmt: skip

    def clean_ngay(self) -> date:
        day: date = self.cleaned_data["ngay"]
        if day < localdate():
            raise forms.ValidationError(f"Ngày {day:%d/%m/%Y} đã qua. Hãy chọn từ hôm nay ({localdate():%d/%m/%Y}).")
        return day


def _code_field(label: str) -> forms.RegexField:
    return forms.RegexField(
        CODE_PATTERN, label=label, strip=True,
        help_text="Giữ mã của một đơn vị kết thúc thì số vụ việc đánh tiếp; mã mới thì bắt đầu từ 1.",
        error_messages={
            "required": "Chưa có mã. Hãy nhập mã của đơn vị.",
            "invalid": "Mã gồm chữ không dấu, số, chấm, gạch; không quá 13 ký tự. Hãy sửa mã.",
        },
    )  # fmt: skip


_LEVELS = [choice for choice in Unit.Level.choices if choice[0] != Unit.Level.MINISTRY]
_PICKED = "Mã camera, số vụ việc, số hiệu tổ, tên đăng nhập của người chuyển sang; mỗi dòng hoặc mỗi dấu phẩy một mã."

ONE, MANY = "one", "many"
_ENDING = {
    StepKind.MERGE: (MANY, "Các đơn vị sáp nhập"),
    StepKind.SPLIT: (ONE, "Đơn vị chia tách"),
    StepKind.RENAME: (ONE, "Đơn vị đổi tên, đổi mã"),
    StepKind.MOVE: (MANY, "Các đơn vị chuyển đi"),
    StepKind.DISSOLVE: (ONE, "Đơn vị giải thể"),
    StepKind.CLOSE: (MANY, "Các đơn vị kết thúc"),
    StepKind.OPEN: (ONE, "Lấy từ đơn vị"),
}
_INTO = {
    StepKind.MOVE: "Chuyển về trực thuộc",
    StepKind.DISSOLVE: "Đơn vị nhận người, hồ sơ, camera",
    StepKind.CLOSE: "Đơn vị tiếp nhận",
    StepKind.OPEN: "Trực thuộc",
}
_OPENS = {StepKind.MERGE: 1, StepKind.RENAME: 1, StepKind.SPLIT: 2, StepKind.OPEN: 1}


class StepForm(forms.Form):
    """One step; which questions it has depends on its kind."""

    def __init__(self, *args: Any, kind: StepKind, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        units = choices_of(plan)
        how_many, label = _ENDING[kind]
        ends = units if kind is StepKind.OPEN else [each for each in units if each[0] != plan.unit.code]
        if how_many == ONE:
            self.fields["don_vi"] = forms.ChoiceField(label=label, choices=ends)
        else:
            self.fields["don_vi"] = forms.MultipleChoiceField(
                label=label, choices=ends, widget=forms.CheckboxSelectMultiple,
                error_messages={"required": "Chưa chọn đơn vị nào. Hãy chọn ít nhất một."},
            )  # fmt: skip
        if kind in _INTO:
            self.fields["ve"] = forms.ChoiceField(label=_INTO[kind], choices=units, initial=plan.unit.code)
        for number in range(1, _OPENS.get(kind, 0) + 1):
            self._ask_for_new_unit(number)

    def _ask_for_new_unit(self, number: int) -> None:
        which = {StepKind.SPLIT: f" thứ {'nhất' if number == 1 else 'hai'}"}.get(self.kind, " mới")
        self.fields[f"ma{number}"] = _code_field(f"Mã đơn vị{which}")
        self.fields[f"ten{number}"] = forms.CharField(
            label=f"Tên đơn vị{which}", max_length=200,
            error_messages={"required": "Chưa có tên. Hãy nhập tên đầy đủ, như “Công an xã An Hòa”."},
        )  # fmt: skip
        self.fields[f"cap{number}"] = forms.ChoiceField(label=f"Cấp của đơn vị{which}", choices=_LEVELS,
                                                        initial=Unit.Level.COMMUNE)  # fmt: skip
        if number == 2 or self.kind is StepKind.OPEN:
            self.fields[f"chon{number}"] = forms.CharField(
                label="Những gì chuyển sang đơn vị này", required=False, widget=forms.Textarea({"rows": 4}),
                help_text=_PICKED + " Những gì không ghi ở đây ở lại với đơn vị kia.", max_length=20_000,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.kind is StepKind.MERGE and len(cleaned.get("don_vi") or ()) == 1:
            self.add_error("don_vi", "Sáp nhập cần ít nhất hai đơn vị. Hãy chọn thêm, hoặc dùng “Đổi tên, đổi mã”.")
        for name, value in list(cleaned.items()):
            if name.startswith("chon") and len(_names(value)) > NAMES_MAX:
                self.add_error(name, f"Nhiều hơn {NAMES_MAX} mã. Hãy chia thành nhiều bước.")
        return cleaned

    @property
    def facts(self) -> StepFacts:
        """The step, of a form that is valid."""
        sent = self.cleaned_data
        units = [sent["don_vi"]] if isinstance(sent["don_vi"], str) else list(sent["don_vi"])
        opens = [self._opened(sent, number) for number in range(1, _OPENS.get(self.kind, 0) + 1)]
        return StepFacts(self.kind, units, sent.get("ve", ""), opens)

    @staticmethod
    def _opened(sent: Mapping[str, Any], number: int) -> dict[str, Any]:
        return {
            "code": sent[f"ma{number}"],
            "name": sent[f"ten{number}"],
            "level": sent[f"cap{number}"],
            "picked": _names(sent.get(f"chon{number}", "")),
        }


def _names(text: str) -> list[str]:
    return [each.strip() for each in text.replace(",", "\n").replace(";", "\n").splitlines() if each.strip()]


def choices_of(plan: Plan) -> list[tuple[str, str]]:
    """The units that a further step may name: open ones at or below the plan's, and those that steps before open."""
    still = Q(valid_until=None) | Q(valid_until__gt=plan.day)
    found = Unit.objects.filter(still, path__startswith=plan.unit.path).order_by("path")
    known = {unit.code: f"{'– ' * (unit.depth - plan.unit.depth - 1)}{unit.name} ({unit.code})" for unit in found}
    for step in plan.steps.all():
        known |= {each["code"]: f"{each['name']} ({each['code']}), mở ở bước {step.number}" for each in step.opens}
    return list(known.items())
