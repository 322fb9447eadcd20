"""`{% load cameras %}`: news of a node as a sentence."""

from django import template

from binhyen.contracts import EventKind, GapReason
from binhyen.contracts.node import CameraState
from binhyen.modules.cameras.models import EVENT_LABELS, STATE_LABELS, CameraEvent

register = template.Library()

GAP_WORDS = {
    GapReason.CONNECTION: "mất kết nối với camera",
    GapReason.SILENT: "camera không gửi hình",
    GapReason.GARBAGE: "tín hiệu hỏng",
    GapReason.DISK_FULL: "ổ đĩa đầy",
    GapReason.DISK_SLOW: "ổ đĩa chậm",
    GapReason.DISK_ERROR: "lỗi ổ đĩa",
    GapReason.CLOCK_STEP: "đồng hồ máy bị chỉnh",
    GapReason.STOPPED: "tạm dừng ghi",
    GapReason.CRASH: "máy ghi bị tắt đột ngột",
}
MICROSECONDS = 1_000_000


@register.filter
def event_words(event: CameraEvent) -> str:
    """What happened, as a person would say it. What a newer node tells is shown by its kind alone."""
    kind, detail = EventKind(event.kind), event.detail
    if kind == EventKind.CAMERA_STATE and detail.get("state") in set(CameraState):
        said = STATE_LABELS[CameraState(detail["state"])]
        return f"Chuyển sang {said}." + (f" {detail['error']}" if detail.get("error") else "")
    if kind == EventKind.GAP and detail.get("reason") in set(GapReason):
        return f"Gián đoạn ghi: {GAP_WORDS[GapReason(detail['reason'])]}."
    if kind == EventKind.CLOCK_STEP and _is_whole(detail.get("by_us", "")):
        by_us = int(detail["by_us"])
        return f"Đồng hồ máy ghi bị chỉnh {'tới' if by_us > 0 else 'lùi'} {_length(abs(by_us) / MICROSECONDS)}."
    if kind == EventKind.DISK:
        return f"Ổ đĩa {'đã có chỗ trở lại' if detail.get('state') == 'room' else 'cần xem lại'}: {_told(detail)}."
    label = EVENT_LABELS[kind]
    return f"{label[0].upper()}{label[1:]}."


@register.filter
def kilobits(bits_per_second: int | None) -> float:
    """Thousands of bits a second."""
    return (bits_per_second or 0) / 1000


def _length(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f}".replace(".", ",") + " giây"
    minutes = round(seconds / 60)
    return f"{minutes} phút" if minutes < 120 else f"{minutes // 60} giờ {minutes % 60} phút".removesuffix(" 0 phút")


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _told(detail: dict[str, str]) -> str:
    return ", ".join(f"{value}" for name, value in sorted(detail.items()) if name != "state" and value) or "–"
