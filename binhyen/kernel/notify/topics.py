"""Kinds of messages, each declared once by the module that sends it."""

import re
from dataclasses import dataclass
from enum import StrEnum

_CODE = re.compile(r"[a-z_]+\.[a-z][a-z-]*")


class Urgency(StrEnum):
    """How much a message may disturb. Urgent ones pass quiet hours and digests."""

    NORMAL = "normal"
    URGENT = "high"  # the word of RFC 8030 §5.3


@dataclass(frozen=True)
class Topic:
    """One kind of message.

    `reason` ends the sentence “Anh/Chị nhận tin này …” and begins with “vì”. `channels` are on until the person chooses
    otherwise. Where law or duty requires the message, `may_switch_off` is False and `why_not` says so in a sentence.
    `roles` are those whose settings show it (empty: everyone).
    """

    code: str
    label: str
    reason: str
    channels: tuple[str, ...] = ("inapp",)
    urgency: Urgency = Urgency.NORMAL
    may_switch_off: bool = True
    why_not: str = ""
    roles: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"{self.code!r} is not module.kind-of-message")
        if not self.label or not self.reason.startswith("vì "):
            raise ValueError(f"{self.code}: a message names its kind and its reason, which begins with “vì”")
        if self.may_switch_off == bool(self.why_not):
            raise ValueError(f"{self.code}: `why_not` is said exactly where the message cannot be switched off")

    @property
    def reason_sentence(self) -> str:
        return f"Anh/Chị nhận tin này {self.reason}."

    @property
    def is_urgent(self) -> bool:
        return self.urgency is Urgency.URGENT


_topics: dict[str, Topic] = {}


def add_topic(topic: Topic) -> Topic:
    """Register `topic` and return it; a second one of the same code is a mistake."""
    if topic.code in _topics:
        raise ValueError(f"there already is a topic {topic.code!r}")
    _topics[topic.code] = topic
    return topic


def topics() -> list[Topic]:
    """Every topic by label, our own last."""
    return sorted(_topics.values(), key=lambda topic: (topic.code.startswith("notify."), topic.label))


def find_topic(code: str) -> Topic | None:
    """The topic of `code`; None where the module that declared it is gone."""
    return _topics.get(code)


DIGEST = add_topic(
    Topic(
        "notify.digest",
        "Bản tin gộp",
        "vì anh/chị chọn nhận một số loại tin gộp theo ngày hoặc theo tuần",
        channels=("email", "sms", "webpush"),
    )
)
ESCALATED = add_topic(
    Topic(
        "notify.escalated",
        "Việc chưa có người xử lý",
        "vì người được báo trước chưa xử lý trong thời hạn và việc được chuyển lên anh/chị",
        channels=("inapp", "email", "webpush"),
        urgency=Urgency.URGENT,
        may_switch_off=False,
        why_not="Việc quá hạn phải đến được người có trách nhiệm, nên tin này không tắt được.",
    )
)
