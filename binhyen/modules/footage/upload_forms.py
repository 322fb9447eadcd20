"""What an owner states of a file: the recorder's clock, the part that may be seen."""

from typing import Any

from django import forms

from binhyen.contracts import SECOND, Instant
from binhyen.modules.cases.public import MomentInput
from binhyen.modules.footage.forms import WindowForm
from binhyen.modules.footage.models import OwnerAsk, Upload
from binhyen.modules.footage.moments import datetime_of, instant_of
from binhyen.modules.footage.submitting import Statement

OFFSET_MINUTES_MAX = 60 * 24 * 366
"""Recorders that lost their battery stand at the year they were made; a whole year is as far as one is believed."""


class ShareForm(WindowForm):
    """The time printed on the first picture, how the clock stood, the part, and whether the whole file goes along."""

    CLOCK = (("right", "Đúng giờ"), ("ahead", "Nhanh hơn giờ thật"), ("behind", "Chậm hơn giờ thật"))

    shown_at = forms.DateTimeField(
        label="Giờ in trên khung hình đầu tiên", widget=MomentInput(seconds=True),
        help_text="Đọc ở góc hình bên trên. Nếu hình không in giờ, hãy ghi giờ bắt đầu lúc xuất tệp.",
    )  # fmt: skip
    clock = forms.ChoiceField(label="Đồng hồ đầu ghi", choices=CLOCK, initial="right")
    offset_minutes = forms.IntegerField(
        label="Lệch (phút)", min_value=0, max_value=OFFSET_MINUTES_MAX, initial=0, required=False
    )
    offset_seconds = forms.IntegerField(label="và (giây)", min_value=0, max_value=59, initial=0, required=False)
    with_original = forms.BooleanField(
        label="Nộp kèm cả tệp gốc làm chứng cứ", required=False,
        help_text="Tệp gốc gồm cả phần ngoài đoạn đã chọn và cả tiếng. Không chọn thì chỉ giữ đoạn đã chọn.",
    )  # fmt: skip

    field_order = ("shown_at", "clock", "offset_minutes", "offset_seconds", "start", "end", "with_original")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        is_off = bool(said.get("offset_minutes") or said.get("offset_seconds"))
        if said.get("clock") in ("ahead", "behind") and not is_off:
            self.add_error(
                "offset_minutes", "Chưa ghi đồng hồ lệch bao nhiêu. Hãy ghi số phút, số giây, hoặc chọn “Đúng giờ”."
            )
        if said.get("clock") == "right" and is_off:
            self.add_error("clock", "Đã ghi độ lệch nhưng lại chọn “Đúng giờ”. Hãy chọn nhanh hay chậm, hoặc ghi 0.")
        return said

    def statement(self, ask: OwnerAsk) -> Statement:
        """Call after `is_valid`."""
        said = self.cleaned_data
        seconds = 60 * (said["offset_minutes"] or 0) + (said["offset_seconds"] or 0)
        sign = {"right": 0, "ahead": 1, "behind": -1}[said["clock"]]
        return Statement(
            printed=Instant(instant_of(said["shown_at"])),
            clock_offset_us=sign * seconds * SECOND,
            part=self.window_within(ask.request.window),
            with_original=said["with_original"],
        )


def share_form(ask: OwnerAsk, upload: Upload, *args: Any) -> ShareForm:
    """A form that starts with all that was asked for, and with what was said of this file before."""
    window = ask.request.window
    initial = {
        "start": datetime_of(window.start),
        "end": datetime_of(window.end),
        "shown_at": datetime_of(window.start),
    }
    if upload.recorded_from is not None and upload.clock_offset_us is not None:
        initial["shown_at"] = datetime_of(upload.recorded_from + upload.clock_offset_us)
    return ShareForm(*args, initial=initial)
