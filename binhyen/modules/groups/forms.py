"""Forms of rotas, exchanges, patrols and telephone numbers."""

import re
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate, localtime

from binhyen.kernel.screens.filters import DATE_FORMATS, DayInput
from binhyen.modules.cases.public import Case
from binhyen.modules.groups.models import Duty, Group, Member, Patrol
from binhyen.modules.groups.queries import members_on
from binhyen.modules.groups.rota import Limits
from binhyen.modules.groups.rotas import DAYS_MAX, ShiftKind

WEEKDAYS = [(str(n), name) for n, name in enumerate(["Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "CN"])]
TIME_FORMATS = ["%H:%M", "%Hh%M", "%Hh", "%H"]
KINDS = ("1", "2")


def _day(label: str) -> forms.DateField:
    wrong = f"“{label}” không đúng dạng. Hãy nhập ngày có thật, như 21/11/2026."
    missing = f"Chưa nhập “{label}”. Hãy nhập rồi gửi lại."
    return forms.DateField(
        label=label, widget=DayInput(), input_formats=DATE_FORMATS,
        error_messages={"invalid": wrong, "required": missing},
    )  # fmt: skip


def _time(label: str, *, required: bool) -> forms.TimeField:
    wrong = f"“{label}” không đúng dạng. Hãy nhập giờ như 19:00."
    widget = forms.TimeInput(format="%H:%M", attrs={"placeholder": "giờ:phút", "autocomplete": "off"})
    return forms.TimeField(
        label=label, required=required, widget=widget, input_formats=TIME_FORMATS,
        error_messages={"invalid": wrong, "required": f"Chưa nhập “{label}”. Hãy nhập rồi gửi lại."},
    )  # fmt: skip


class RotaForm(forms.Form):
    """A period, one or two kinds of shifts, limits, and who stays out this time."""

    first_day, last_day = _day("Từ ngày"), _day("Đến hết ngày")
    name_1 = forms.CharField(label="Tên ca", max_length=60, initial="Ca tối")
    start_1, end_1 = _time("Từ giờ", required=True), _time("Đến giờ", required=True)
    needs_1 = forms.IntegerField(label="Số người mỗi ca", min_value=1, max_value=20, initial=2)
    weekdays_1 = forms.MultipleChoiceField(
        label="Các ngày", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple(), initial=[n for n, _ in WEEKDAYS]
    )
    name_2 = forms.CharField(
        label="Tên ca thứ hai", max_length=60, required=False, help_text="Bỏ trống nếu chỉ một ca."
    )
    start_2, end_2 = _time("Từ giờ", required=False), _time("Đến giờ", required=False)
    needs_2 = forms.IntegerField(label="Số người mỗi ca", min_value=1, max_value=20, required=False)
    weekdays_2 = forms.MultipleChoiceField(
        label="Các ngày", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple(), required=False,
        initial=[n for n, _ in WEEKDAYS],
    )  # fmt: skip
    rest_hours = forms.IntegerField(label="Nghỉ ít nhất giữa hai ca (giờ)", min_value=0, max_value=72, initial=10)
    nights_per_week = forms.IntegerField(label="Nhiều nhất mỗi tuần (đêm)", min_value=0, max_value=7, initial=3)
    without = forms.MultipleChoiceField(
        label="Không xếp trong kỳ này", required=False, widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, *args: Any, group: Group, **options: Any) -> None:
        kwargs = {"initial": self.likely(localdate()), **options}
        super().__init__(*args, **kwargs)
        self.fields["without"].choices = [(str(m.pk), m.name) for m in members_on(group)]  # type: ignore[attr-defined]  # a choice field

    @staticmethod
    def likely(today: date) -> dict[str, Any]:
        """The next four weeks from Monday on; two people in the evening, two at night."""
        first = today + timedelta(days=(7 - today.weekday()) % 7)
        return {
            "first_day": first, "last_day": first + timedelta(days=27),
            "start_1": time(19), "end_1": time(22), "name_2": "Ca đêm", "start_2": time(22), "end_2": time(1),
            "needs_2": 2,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "“Đến hết ngày” phải từ “Từ ngày” trở đi. Hãy sửa một trong hai ngày.")
        elif first and last and (last - first).days >= DAYS_MAX:
            self.add_error("last_day", f"Một lịch dài nhất {DAYS_MAX} ngày. Hãy chọn kỳ ngắn hơn.")
        if said.get("name_2"):
            for name in ("start_2", "end_2", "needs_2"):
                if said.get(name) is None and name not in self.errors:
                    label = self.fields[name].label
                    self.add_error(name, f"Chưa nhập “{label}” của ca thứ hai. Hãy nhập, hoặc bỏ trống tên ca.")
        return said

    @property
    def kinds(self) -> list[ShiftKind]:
        """The shifts that were asked for."""
        said = self.cleaned_data
        return [
            ShiftKind(
                said[f"name_{n}"], said[f"start_{n}"], said[f"end_{n}"], said[f"needs_{n}"],
                frozenset(int(day) for day in said[f"weekdays_{n}"]),
            )
            for n in KINDS
            if said.get(f"name_{n}")
        ]  # fmt: skip

    @property
    def limits(self) -> Limits:
        """Rest and nights."""
        return Limits(self.cleaned_data["rest_hours"], self.cleaned_data["nights_per_week"])

    def rows(self) -> list[tuple[str, list[Any]]]:
        """Fields as the page groups them."""
        return [
            ("Kỳ trực", [self["first_day"], self["last_day"]]),
            ("Ca thứ nhất", [self[f"{name}_1"] for name in ("name", "start", "end", "needs", "weekdays")]),
            ("Ca thứ hai", [self[f"{name}_2"] for name in ("name", "start", "end", "needs", "weekdays")]),
            ("Giới hạn cho mỗi người", [self["rest_hours"], self["nights_per_week"], self["without"]]),
        ]


class SwapForm(forms.Form):
    """Which turn of somebody else is taken for the own one."""

    for_duty = forms.ModelChoiceField(
        Duty.objects.none(), label="Lấy lượt của", empty_label=None,
        error_messages={"required": "Hãy chọn lượt trực muốn nhận.", "invalid_choice": "Không có lượt trực này."},
    )  # fmt: skip
    reason = forms.CharField(label="Lý do", max_length=200, required=False)

    def __init__(self, *args: Any, offers: list[Duty], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["for_duty"]
        rows = Duty.objects.filter(pk__in=[each.pk for each in offers]).select_related("member", "shift")
        field.queryset = rows.order_by("shift__starts_at", "pk")
        field.label_from_instance = _duty_words


def _duty_words(duty: Duty) -> str:
    return f"{localtime(duty.shift.starts_at):%d/%m} {duty.shift.name.lower()} {duty.shift.hours} · {duty.member.name}"


class PeopleForm(forms.Form):
    """Who goes on a patrol."""

    members = forms.ModelMultipleChoiceField(
        Member.objects.none(), label="Người đi tuần", widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": "Chuyến tuần tra cần ít nhất một người. Hãy chọn người đi."},
    )  # fmt: skip

    def __init__(self, *args: Any, patrol: Patrol, **options: Any) -> None:
        going = patrol.people.filter(left_at=None).values_list("member", flat=True)
        super().__init__(*args, initial={"members": list(going)}, **options)
        field: Any = self.fields["members"]
        field.queryset = members_on(patrol.group)
        field.label_from_instance = lambda member: member.name


class HandOverForm(forms.Form):
    """The case that an observation goes to."""

    case = forms.ModelChoiceField(
        Case.objects.none(), label="Vụ việc", empty_label=None,
        error_messages={"required": "Hãy chọn vụ việc.", "invalid_choice": "Không có vụ việc này đang mở."},
    )  # fmt: skip

    def __init__(self, *args: Any, cases: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["case"]
        field.queryset = cases
        field.label_from_instance = lambda case: f"{case.number} · {case.title}"


_PHONE = re.compile(r"(\+84|0)\d{8,10}")


class PhoneForm(forms.Form):
    """A telephone number; empty takes it away."""

    phone = forms.CharField(label="Số điện thoại", max_length=20, required=False)

    def clean_phone(self) -> str:
        digits = re.sub(r"[\s.\-()]", "", str(self.cleaned_data["phone"]))
        if digits and not _PHONE.fullmatch(digits):
            raise forms.ValidationError("“Số điện thoại” không đúng dạng. Hãy nhập như 0912 345 678.")
        return digits


class ClusterForm(forms.Form):
    """The group that counts a household's camera; none takes it out again."""

    group = forms.ModelChoiceField(Group.objects.none(), label="Tổ tự quản", required=False, empty_label="Không tổ nào")

    def __init__(self, *args: Any, groups: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["group"]
        field.queryset = groups
        field.label_from_instance = lambda group: f"{group.name}, {group.hamlet}"
