"""Forms of an owner's consent and of an invitation. Errors name the field and say what to do."""

from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator

from binhyen.modules.cameras.public import Hours
from binhyen.modules.consents.domain import MONTHS_MAX, Agreed
from binhyen.modules.consents.invitations import SHEETS_MAX
from binhyen.modules.consents.models import OFFERED, Consent

WHOLE_DAY, SOME_HOURS = "ca-ngay", "theo-gio"


class ConsentForm(forms.Form):
    """What the owner agrees to. Nothing is ticked beforehand: silence is no consent."""

    purposes = forms.MultipleChoiceField(
        label="Tôi đồng ý cho hỏi xem hình để",
        choices=[(purpose.value, purpose.label) for purpose in OFFERED],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chưa chọn mục đích nào. Hãy chọn ít nhất một, hoặc rời trang nếu không đồng ý."},
    )
    when = forms.ChoiceField(
        label="Giờ camera được ghi",
        choices=[(SOME_HOURS, "Chỉ trong những giờ dưới đây"), (WHOLE_DAY, "Cả ngày")],
        widget=forms.RadioSelect,
        error_messages={"required": "Chưa chọn giờ. Hãy chọn cả ngày hoặc nhập giờ bắt đầu và kết thúc."},
    )
    start = forms.TimeField(
        label="Từ", required=False, initial="18:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Giờ bắt đầu không đúng dạng. Hãy nhập như 18:00."},
    )  # fmt: skip
    end = forms.TimeField(
        label="Đến", required=False, initial="06:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Nhỏ hơn giờ bắt đầu thì tính sang sáng hôm sau.",
        error_messages={"invalid": "Giờ kết thúc không đúng dạng. Hãy nhập như 06:00."},
    )  # fmt: skip
    live = forms.BooleanField(
        label="Cho xem trực tiếp trong vụ việc mà tôi đã đồng ý",
        required=False,
        help_text="Chỉ người của vụ việc ấy, trong giờ ở trên, và có ghi nhật ký.",
    )
    months = forms.TypedChoiceField(
        label="Trong",
        coerce=int,
        choices=[(n, f"{n} tháng") for n in (MONTHS_MAX, 6, 3, 1)],
        help_text="Hết hạn thì tự ngừng. Anh/Chị được nhắc trước 30 ngày và 7 ngày.",
        error_messages={"invalid_choice": "Thời hạn nhiều nhất 12 tháng. Hãy chọn lại."},
    )
    read = forms.BooleanField(
        label="Tôi đã đọc các điều ở trên.",
        error_messages={"required": "Chưa đánh dấu đã đọc. Hãy đọc rồi đánh dấu."},
    )

    def __init__(self, *args: Any, consent: Consent, **kwargs: Any) -> None:
        super().__init__(*args, initial=_as_given(consent), **kwargs)
        if not consent.streams:
            for name in ("live", "when", "start", "end"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("when") == SOME_HOURS:
            if told.get("start") is None or told.get("end") is None:
                self.add_error("start", "Chưa nhập đủ giờ. Hãy nhập giờ bắt đầu và kết thúc, hoặc chọn cả ngày.")
            elif told["start"] == told["end"]:
                self.add_error("end", "Giờ bắt đầu và kết thúc bằng nhau. Hãy sửa lại, hoặc chọn cả ngày.")
        return told

    def agreed(self) -> Agreed:
        """What a valid form says."""
        told = self.cleaned_data
        hours = Hours()
        if told.get("when") == SOME_HOURS:
            hours = Hours(*(each.hour * 60 + each.minute for each in (told["start"], told["end"])))
        return Agreed(tuple(told["purposes"]), hours, told.get("live", False), told["months"])


def _as_given(consent: Consent) -> dict[str, Any]:
    """What stands now, for somebody who changes it; nothing for who has not agreed."""
    if consent.given_on is None:
        return {}
    initial: dict[str, Any] = {"purposes": consent.purposes, "live": consent.live, "when": WHOLE_DAY}
    if not consent.hours.is_whole_day:
        initial |= {
            "when": SOME_HOURS,
            "start": f"{consent.hours_start // 60:02}:{consent.hours_start % 60:02}",
            "end": f"{consent.hours_end // 60:02}:{consent.hours_end % 60:02}",
        }
    return initial


class InviteForm(forms.Form):
    """How many sheets."""

    unit = forms.ModelChoiceField(None, label="Đơn vị", empty_label=None)
    count = forms.IntegerField(
        label="Số tờ", min_value=1, max_value=SHEETS_MAX, initial=10,
        error_messages={
            "min_value": "Số tờ phải từ 1 trở lên.",
            "max_value": f"Mỗi lần lập nhiều nhất {SHEETS_MAX} tờ. Hãy lập nhiều lần.",
            "invalid": "Số tờ phải là số. Hãy nhập lại.",
            "required": "Chưa nhập số tờ.",
        },
    )  # fmt: skip


class JoinForm(forms.Form):
    """The account of somebody who was invited."""

    full_name = forms.CharField(
        label="Họ và tên", max_length=120, error_messages={"required": "Chưa nhập họ và tên."},
    )  # fmt: skip
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="Chữ, số và dấu chấm; không dấu cách.",
        error_messages={"required": "Chưa nhập tên đăng nhập."},
    )
    password = forms.CharField(
        label="Mật khẩu",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ít nhất 10 ký tự. Một câu dễ nhớ là tốt nhất.",
        error_messages={"required": "Chưa nhập mật khẩu."},
    )
