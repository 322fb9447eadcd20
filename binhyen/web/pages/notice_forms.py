"""The forms of the settings of messages."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.channel import Channel
from binhyen.kernel.notify.channels import channels_set_up
from binhyen.kernel.notify.choices import choices_of, choose, codes_on
from binhyen.kernel.notify.models import Preferences, TopicChoice
from binhyen.kernel.notify.topics import DIGEST, Topic, topics
from binhyen.kernel.units.authority import Authority

WEEKDAYS = [
    (0, "Thứ Hai"),
    (1, "Thứ Ba"),
    (2, "Thứ Tư"),
    (3, "Thứ Năm"),
    (4, "Thứ Sáu"),
    (5, "Thứ Bảy"),
    (6, "Chủ nhật"),
]
HOUR_FORMATS = ["%H:%M", "%Hh%M", "%H.%M", "%Hh", "%H"]
"""An hour is typed: browsers draw their own field in the manner of their own language."""


class HourField(forms.TimeField):
    """An hour as 21:00."""

    def __init__(self, label: str) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric", "autocomplete": "off", "size": "5"})
        errors = {
            "invalid": "Không đọc được giờ. Hãy nhập như 21:00.",
            "required": "Chưa nhập giờ. Hãy nhập như 21:00.",
        }
        super().__init__(label=label, input_formats=HOUR_FORMATS, widget=widget, error_messages=errors)


class PreferencesForm(forms.ModelForm):
    """Quiet hours and the time of digests."""

    quiet_from = HourField("Yên tĩnh từ")
    quiet_until = HourField("Đến")
    digest_at = HourField("Giờ nhận bản tin gộp")
    digest_weekday = forms.TypedChoiceField(label="Bản tin tuần vào", choices=WEEKDAYS, coerce=int)

    class Meta:
        model = Preferences
        fields = ["quiet_from", "quiet_until", "digest_at", "digest_weekday"]


@dataclass(frozen=True)
class Cell:
    """One switch. `is_locked`: duty requires it; `is_apart`: the channel never carries this (digests go outside)."""

    channel: Channel
    name: str
    is_on: bool
    is_locked: bool
    is_apart: bool


@dataclass(frozen=True)
class Row:
    """One topic with its switches; `pace` is empty where it always comes at once."""

    topic: Topic
    cells: list[Cell]
    pace: str

    @property
    def pace_name(self) -> str:
        return f"nhip:{self.topic.code}"


def topics_for(authority: Authority) -> list[Topic]:
    """Topics that concern the person's roles."""
    return [topic for topic in topics() if not topic.roles or authority.holds(topic.roles)]


def rows_for(authority: Authority) -> list[Row]:
    """Every topic of the person with what is chosen."""
    user, shown_channels = _user(authority), channels_set_up()
    rows, concerned = [], topics_for(authority)
    for topic, choice in zip(concerned, choices_of(user, concerned).values(), strict=True):
        on = codes_on(topic, choice)
        cells = [_cell(topic, each, is_on=each.code in on) for each in shown_channels]
        rows.append(Row(topic, cells, "" if topic.is_urgent or topic == DIGEST else choice.pace))
    return rows


def save_rows(posted: QueryDict, authority: Authority) -> None:
    """Take what was chosen. What the page did not show (a channel that is not set up) stays as it was."""
    user, shown_codes = _user(authority), {each.code for each in channels_set_up()}
    pressed = set(posted.getlist("bat"))
    concerned = topics_for(authority)
    for topic, choice in zip(concerned, choices_of(user, concerned).values(), strict=True):
        kept = codes_on(topic, choice) - shown_codes
        locked = set() if topic.may_switch_off else set(topic.channels)
        on = {code for code in shown_codes if f"{topic.code}:{code}" in pressed}
        pace = posted.get(f"nhip:{topic.code}", choice.pace)
        choose(user, topic, on=on | kept | locked, pace=pace if pace in TopicChoice.Pace.values else choice.pace)


def _cell(topic: Topic, channel: Channel, *, is_on: bool) -> Cell:
    is_locked = not topic.may_switch_off and channel.code in topic.channels
    is_apart = topic == DIGEST and channel.is_inside
    return Cell(channel, f"{topic.code}:{channel.code}", is_on, is_locked, is_apart)


def _user(authority: Authority) -> User:
    if authority.user is None:
        raise ValueError("nobody has signed in")
    return authority.user


def pace_choices() -> list[tuple[Any, str]]:
    """For the select of each topic."""
    return list(TopicChoice.Pace.choices)
