"""Forms of footage: asking, marking clips, an owner's choice."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import now

from binhyen.contracts import SECOND, Instant
from binhyen.modules.cameras.public import MappedCamera, Window
from binhyen.modules.cases.public import Case, MomentInput, StationForm
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.models import Clip, FootageRequest
from binhyen.modules.footage.moments import datetime_of, instant_of
from binhyen.modules.footage.narrowing import Narrowing, Proposal, checked_reason, propose
from binhyen.modules.footage.packages import Chosen
from binhyen.modules.footage.requests import Asked, RequestRefused

RADIUS_MAX_M = 398
"""The largest circle of 0.5 km²."""
RADIUS_LIKELY_M = 150
AROUND = timedelta(minutes=30)


class RequestForm(StationForm):
    """An area (drawn, or a circle about a camera or a coordinate) and a window."""

    area = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput())
    camera = forms.ChoiceField(label="Quanh camera", required=False)
    latitude = forms.FloatField(label="Vĩ độ tâm", required=False, min_value=-85, max_value=85)
    longitude = forms.FloatField(label="Kinh độ tâm", required=False, min_value=-180, max_value=180)
    radius_m = forms.IntegerField(label="Bán kính (m)", required=False, min_value=10, max_value=RADIUS_MAX_M)
    place = forms.CharField(
        label="Nơi, bằng lời", max_length=200, required=False, help_text="Ví dụ: “quanh chợ An Hòa”. In trong biên bản."
    )
    start = forms.DateTimeField(label="Từ lúc", widget=MomentInput())
    end = forms.DateTimeField(
        label="Đến lúc", widget=MomentInput(), help_text="Tối đa 12 giờ; dài hơn cần lãnh đạo ký duyệt."
    )
    purpose = forms.CharField(
        label="Mục đích", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Cần tìm gì trong hình. Chủ camera được hỏi sẽ đọc dòng này; không ghi tên người.",
    )  # fmt: skip
    legal_basis = forms.CharField(label="Căn cứ pháp lý", max_length=300)
    narrowing = forms.ChoiceField(required=False, choices=[(word, word) for word in ("accept", "keep")])
    proposal_seen = forms.CharField(required=False, max_length=32)
    kept_because = forms.CharField(
        label="Vì sao giữ nguyên",
        max_length=300,
        required=False,
        help_text="Lãnh đạo đọc dòng này; không ghi tên người.",
    )

    def __init__(self, *args: Any, case: Case, cameras: list[MappedCamera], **kwargs: Any) -> None:
        kwargs.setdefault("initial", _likely(case))
        super().__init__(*args, **kwargs)
        self.cameras = {camera.code: camera for camera in cameras}
        named = [(camera.code, f"{camera.name} ({camera.code})") for camera in cameras]
        self.fields["camera"].choices = [("", "– không chọn –"), *named]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["polygon"] = self._drawn(said.get("area", "")) or self._circle(said)
        if said["polygon"] is None and "area" not in self.errors:
            self.add_error(None, "Chưa có khu vực. Hãy vẽ trên bản đồ, hoặc chọn camera hay nhập tọa độ và bán kính.")
        return said

    def _drawn(self, text: str) -> Any:
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError:
            self.add_error(None, "Khu vực vẽ trên bản đồ không đọc được. Hãy vẽ lại.")
            return None

    def _circle(self, said: dict[str, Any]) -> Any:
        camera = self.cameras.get(said.get("camera", ""))
        latitude = camera.latitude if camera else said.get("latitude")
        longitude = camera.longitude if camera else said.get("longitude")
        if latitude is None or longitude is None or not said.get("radius_m"):
            return None
        return circle(latitude, longitude, said["radius_m"])

    def proposal(self, case: Case) -> Proposal | None:
        """Something smaller than what was written; call after `is_valid`. Raises AreaRefused."""
        said = self.cleaned_data
        return propose(case, said["polygon"], said["start"], said["end"], cameras=self.cameras.values())

    def has_answered(self, proposal: Proposal) -> bool:
        """Whether this very proposal was shown, and taken or kept off."""
        return bool(self.cleaned_data["narrowing"]) and self.cleaned_data["proposal_seen"] == proposal.mark

    def asked(self, proposal: Proposal | None) -> Asked:
        """What was written, or `proposal` where that was taken; call after `is_valid`. Raises RequestRefused where it
        was kept without a reason."""
        said = self.cleaned_data
        asked = Asked(
            said["polygon"], said["start"], said["end"], said["purpose"], said["legal_basis"], said.get("place", "")
        )
        if proposal is None:
            return asked
        if said["narrowing"] == "accept":
            taken = Narrowing(proposal, accepted=True)
            return replace(asked, area=proposal.area, start=proposal.start, end=proposal.end, narrowing=taken)
        try:
            because = checked_reason(said["kept_because"])
        except ValueError as error:
            raise RequestRefused("kept_because", str(error)) from error
        return replace(asked, narrowing=Narrowing(proposal, accepted=False, because=because))


def _likely(case: Case) -> dict[str, Any]:
    """What the case already says: place, legal basis, half an hour on both sides of the event."""
    likely: dict[str, Any] = {"legal_basis": case.legal_basis, "place": case.place[:200], "radius_m": RADIUS_LIKELY_M}
    if case.happened_at:
        likely |= {"start": case.happened_at - AROUND, "end": min(case.happened_at + AROUND, now())}
    return likely


class WindowForm(StationForm):
    """[start, end) by the wall clock of Vietnam, to the second."""

    start = forms.DateTimeField(label="Từ lúc", widget=MomentInput(seconds=True))
    end = forms.DateTimeField(label="Đến lúc", widget=MomentInput(seconds=True))

    def window_within(self, bounds: Window) -> Window:
        """What was chosen; a bound named to the second means the whole of it. Call after `is_valid`."""
        return Window(_bound(self.cleaned_data["start"], bounds.start), _bound(self.cleaned_data["end"], bounds.end))


def window_form(bounds: Window, *args: Any, **kwargs: Any) -> WindowForm:
    """A form that starts with all of `bounds`."""
    initial = {"start": datetime_of(bounds.start), "end": datetime_of(bounds.end)}
    return WindowForm(*args, initial=initial, **kwargs)


def _bound(said: datetime, exact: Instant) -> Instant:
    """Forms know whole seconds; a moment less than one away from the exact bound means the bound."""
    instant = instant_of(said)
    return exact if abs(instant - exact) < SECOND else instant


def chosen_clips(request: FootageRequest, posted: Any) -> list[Chosen]:
    """What an officer ticked on the page of a request, with marks. Raises RequestRefused."""
    clips = {str(clip.pk): clip for clip in Clip.objects.filter(request=request, ended_at=None)}
    return [_chosen(clips[key], posted) for key in posted.getlist("clip") if key in clips]


def _chosen(clip: Clip, posted: Any) -> Chosen:
    form = WindowForm({"start": posted.get(f"start-{clip.pk}", ""), "end": posted.get(f"end-{clip.pk}", "")})
    if not form.is_valid():
        problem = next(iter(form.errors.values()))[0]
        raise RequestRefused("clips", f"Camera {clip.camera}: {problem}")
    return Chosen(clip, form.window_within(clip.window))
