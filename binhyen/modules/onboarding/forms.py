"""Forms of taking cameras in. A password that was typed is never shown again."""

import ipaddress
from typing import Any

from django import forms

from binhyen.contracts.devices import DeviceReport
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.modules.cameras.public import REGISTRARS, AddressRefused, Tier, check_stream_url
from binhyen.modules.onboarding.devices import best_pair

HOSTS_MAX = 256


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = f"Chưa nhập “{field.label}”. Hãy nhập rồi gửi lại."
            field.error_messages["invalid_choice"] = f"Lựa chọn ở “{field.label}” không còn. Hãy chọn lại."
            field.widget.attrs["autocomplete"] = "off"


class SearchForm(_Form):
    """Where else to look."""

    hosts = forms.CharField(
        label="Hỏi thêm các địa chỉ IP", max_length=5_000, required=False,
        help_text="Cho camera ở mạng khác, ví dụ 10.1.2.0/28 hoặc 10.1.2.3, 10.1.2.4. Tối đa 256 địa chỉ.",
    )  # fmt: skip

    def clean_hosts(self) -> tuple[str, ...]:
        """Single addresses; a block is all of its hosts."""
        found: list[str] = []
        for word in self.cleaned_data["hosts"].replace(",", " ").split():
            try:
                block = ipaddress.IPv4Network(word, strict=False)
            except ValueError as error:
                raise forms.ValidationError(f"“{word[:40]}” không phải địa chỉ IPv4. Hãy kiểm tra lại.") from error
            if block.num_addresses + len(found) > HOSTS_MAX:
                raise forms.ValidationError(f"Nhiều hơn {HOSTS_MAX} địa chỉ. Hãy chia thành nhiều lần tìm.")
            found += [str(host) for host in block.hosts()] or [str(block.network_address)]
        return tuple(dict.fromkeys(found))


class DeviceForm(_Form):
    """A device and who asks."""

    address = forms.CharField(label="Địa chỉ thiết bị", max_length=300, help_text="Ví dụ: 10.1.2.3 hoặc 10.1.2.3:8000.")
    user = forms.CharField(label="Tài khoản", max_length=100, required=False)
    password = forms.CharField(
        label="Mật khẩu", max_length=200, required=False, widget=forms.PasswordInput,
        help_text="Được mã hóa ngay khi nhận và không hiện lại.",
    )  # fmt: skip

    def clean_address(self) -> str:
        typed: str = self.cleaned_data["address"].strip()
        if "@" in typed:
            raise forms.ValidationError("Không viết tài khoản vào địa chỉ. Hãy nhập tài khoản ở ô riêng.")
        try:
            check_stream_url(typed if "://" in typed else f"http://{typed}")
        except AddressRefused as error:
            raise forms.ValidationError(str(error)) from error
        return typed


class ChosenForm(_Form):
    """Which streams of a device become which camera."""

    name = forms.CharField(label="Tên camera", max_length=120, help_text="Nơi đặt, như người ở đó gọi.")
    unit = forms.ModelChoiceField(None, label="Đơn vị quản lý", empty_label=None)
    tier = forms.TypedChoiceField(
        label="Tầng", coerce=int, choices=[(t.value, t.label) for t in Tier if t != Tier.HOUSEHOLD], initial=2
    )
    main = forms.ChoiceField(label="Luồng chính", help_text="Luồng được ghi.")
    sub = forms.ChoiceField(label="Luồng phụ", required=False, help_text="Luồng nhẹ cho tường hình.")

    def __init__(self, *args: Any, authority: Authority, report: DeviceReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Unit.objects.filter(pk__in=authority.unit_ids(REGISTRARS))
        self.fields["unit"].queryset = held.filter(pk__in=[unit.pk for unit in held if unit.is_open_on()])
        streams = [(p.token, f"{p.name}: {p.codec} {p.width}×{p.height}") for p in report.profiles if p.stream_url]
        self.fields["main"].choices = streams
        self.fields["sub"].choices = [("", "Không dùng"), *streams]
        self.initial["main"], self.initial["sub"] = best_pair(report.profiles)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("sub") and told.get("sub") == told.get("main"):
            self.add_error("sub", "Luồng phụ trùng luồng chính. Hãy chọn luồng khác hoặc “Không dùng”.")
        return told
