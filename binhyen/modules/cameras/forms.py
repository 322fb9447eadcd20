"""Forms of the register. Errors name the field, say what is wrong and what to do; addresses are never shown again."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localtime

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras import rules
from binhyen.modules.cameras.access import CaseChoice
from binhyen.modules.cameras.addresses import AddressRefused, check_stream_url
from binhyen.modules.cameras.models import Camera, Purpose, Tier
from binhyen.modules.cameras.moments import MomentUnclear, read_moment

URL_HINT = "Ví dụ: rtsp://tai-khoan:mat-khau@10.1.2.3:554/luong1. Được mã hóa khi lưu và không hiện lại."


class CameraForm(forms.Form):
    """What every camera has."""

    url = forms.CharField(label="Địa chỉ luồng chính", max_length=500, help_text=URL_HINT)
    sub_url = forms.CharField(
        label="Địa chỉ luồng phụ",
        max_length=500,
        required=False,
        help_text="Luồng nhẹ cho tường hình và trình duyệt không phát được luồng chính. Để trống nếu không có.",
    )
    retention_days = forms.IntegerField(
        label="Số ngày lưu hình",
        min_value=1,
        max_value=365,
        initial=30,
        help_text="Hình cũ hơn tự xóa, trừ phần vụ việc giữ.",
    )
    recording = forms.BooleanField(label="Ghi hình", required=False, initial=True)
    notice_sign = forms.BooleanField(label="Đã có biển báo có camera", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            name = field.label
            field.error_messages["required"] = f"Chưa nhập “{name}”. Hãy nhập rồi gửi lại."
            field.error_messages["invalid"] = f"“{name}” không đúng dạng. Hãy kiểm tra rồi nhập lại."
            field.widget.attrs["autocomplete"] = "off"

    def clean_url(self) -> str:
        return self._checked("url")

    def clean_sub_url(self) -> str:
        return self._checked("sub_url")

    def _checked(self, name: str) -> str:
        url = self.cleaned_data[name]
        if not url:
            return ""
        try:
            return check_stream_url(url)
        except AddressRefused as error:
            raise forms.ValidationError(str(error)) from error


class StationCameraForm(CameraForm):
    """A camera of tier 1 or 2."""

    unit = forms.ModelChoiceField(None, label="Đơn vị quản lý", empty_label=None)
    tier = forms.TypedChoiceField(
        label="Tầng",
        coerce=int,
        choices=[(t.value, t.label) for t in Tier if t != Tier.HOUSEHOLD],
        help_text="Camera hộ gia đình do chính chủ camera thêm, ở trang “Camera của tôi”.",
    )
    name = forms.CharField(
        label="Tên camera", max_length=120, help_text="Nơi đặt, như người ở đó gọi: “Ngã ba Chợ Đồn”."
    )
    code = forms.RegexField(
        r"[A-Z0-9][A-Z0-9-]{2,31}",
        label="Mã camera",
        required=False,
        help_text="Chữ in hoa không dấu, số, gạch ngang. Để trống để hệ thống đặt mã.",
    )
    latitude = forms.FloatField(label="Vĩ độ", required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label="Kinh độ", required=False, min_value=-180, max_value=180)
    heading_degrees = forms.FloatField(
        label="Hướng nhìn (độ)", required=False, min_value=0, max_value=360, help_text="0 là bắc, 90 là đông."
    )
    view_degrees = forms.FloatField(label="Góc nhìn ngang (độ)", required=False, min_value=1, max_value=179)
    view_metres = forms.FloatField(label="Tầm nhìn (mét)", required=False, min_value=1, max_value=2000)

    field_order = ("name", "unit", "tier", "code", "url", "sub_url", "retention_days", "recording", "notice_sign")

    def __init__(self, *args: Any, authority: Authority, camera: Camera | None = None, **kwargs: Any) -> None:
        if camera is not None:
            kwargs["initial"] = {name: getattr(camera, name, None) for name in self.base_fields} | {
                "url": "",
                "sub_url": "",
            }
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = _open_units(authority, rules.REGISTRARS)
        if camera is not None:
            for fixed in ("unit", "tier", "code"):
                del self.fields[fixed]
            self.fields["url"].required = False
            self.fields["url"].help_text = "Để trống để giữ địa chỉ đang dùng. " + URL_HINT
            self.fields["active_until"] = forms.DateField(
                label="Ngừng từ ngày", required=False, initial=camera.active_until,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                help_text="Từ ngày này camera không ghi và không xem trực tiếp được; hình đã ghi giữ đến hết hạn lưu.",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if (told.get("latitude") is None) != (told.get("longitude") is None):
            self.add_error("longitude", "Vĩ độ và kinh độ phải cùng nhập hoặc cùng để trống.")
        return told


class HouseholdCameraForm(CameraForm):
    """A camera that its owner shares. The owner's own words stay sealed."""

    name = forms.CharField(label="Tên anh/chị gọi camera", max_length=120, help_text="Chỉ anh/chị thấy tên này.")
    unit = forms.ModelChoiceField(None, label="Xã, phường", empty_label=None)
    address = forms.CharField(label="Nơi đặt", max_length=200, help_text="Được niêm phong: cán bộ không xem được.")
    contact = forms.CharField(
        label="Điện thoại liên hệ",
        max_length=40,
        required=False,
        help_text="Không bắt buộc. Được niêm phong như nơi đặt.",
    )
    latitude = forms.FloatField(
        label="Vĩ độ",
        min_value=-90,
        max_value=90,
        help_text="Được niêm phong; hệ thống chỉ dùng để tìm camera gần vụ việc.",
    )
    longitude = forms.FloatField(label="Kinh độ", min_value=-180, max_value=180)

    field_order = ("name", "unit", "address", "contact", "latitude", "longitude", "url", "sub_url", "retention_days")

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = _open_units(authority, {Role.CAMERA_OWNER})
        self.fields["url"].required = False
        self.fields["url"].help_text = (
            "Để trống nếu anh/chị chỉ muốn tự gửi hình từ đầu ghi của mình khi được hỏi. " + URL_HINT
        )


class HouseholdWordsForm(forms.Form):
    """The owner's words for the own camera."""

    name = forms.CharField(label="Tên anh/chị gọi camera", max_length=120)
    address = forms.CharField(label="Nơi đặt", max_length=200)
    contact = forms.CharField(label="Điện thoại liên hệ", max_length=40, required=False)


class RightForm(forms.Form):
    """Before a picture, the purpose: asked once, then out of the way."""

    case = forms.ChoiceField(label="Vụ việc", help_text="Chỉ vụ việc đang mở của đơn vị anh/chị.")
    purpose = forms.ChoiceField(
        label="Mục đích",
        choices=[(p.value, p.label) for p in Purpose if p not in (Purpose.OWN, Purpose.REQUEST)],
        initial=Purpose.CASE,
    )

    def __init__(self, *args: Any, cases: list[CaseChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [(case.number, f"{case.number} · {case.title}") for case in cases]
        self.fields["case"].error_messages |= {
            "required": "Chưa chọn vụ việc. Hãy chọn một vụ việc đang mở.",
            "invalid_choice": "Vụ việc này không còn mở. Hãy chọn vụ việc khác.",
        }


class MomentForm(forms.Form):
    """A camera and a moment, as a person says it."""

    camera = forms.ChoiceField(label="Camera")
    moment = forms.CharField(
        label="Lúc",
        max_length=40,
        required=False,
        help_text="Ví dụ: 22:40 hôm qua, 7h05, 20/11/2026 6:15. Để trống để xem phần mới nhất.",
    )

    def __init__(self, *args: Any, cameras: Iterable[Camera], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["camera"].choices = [(camera.code, str(camera)) for camera in cameras]
        self.fields["camera"].error_messages["invalid_choice"] = "Camera này không còn xem được. Hãy chọn camera khác."

    def clean_moment(self) -> datetime | None:
        typed = self.cleaned_data["moment"]
        if not typed:
            return None
        try:
            return read_moment(typed, at=localtime())
        except MomentUnclear as error:
            raise forms.ValidationError(str(error)) from error


def _open_units(authority: Authority, roles: Collection[str]) -> QuerySet[Unit]:
    """Units of today where one of `roles` is held."""
    held = Unit.objects.filter(pk__in=authority.unit_ids(roles))
    return held.filter(pk__in=[unit.pk for unit in held if unit.is_open_on()])
