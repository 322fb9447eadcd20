"""RTSP 1.0 messages (RFC 2326), read as leniently as real cameras need."""

import re
from dataclasses import dataclass, field

from binhyen.media.sources.errors import RtspGarbage

MAX_HEADER_BYTES = 16 << 10
MAX_BODY_BYTES = 256 << 10

_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(r"RTSP/\d\.\d\s+(\d{3})\s*(.*)")
_REQUEST_LINE = re.compile(r"([A-Z_]{3,20})\s+(\S+)\s+RTSP/\d\.\d")
MESSAGE_START = re.compile(rb"[A-Z_]{3,20}[ /]")


@dataclass(slots=True)
class Message:
    """A response (`status` set) or a request of the camera (`method` set). Header names are in lower case."""

    status: int = 0
    reason: str = ""
    method: str = ""
    headers: dict[str, list[str]] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first header of that name, or ""."""
        return self.headers.get(name, [""])[0]


def read_message(received: bytes) -> tuple[Message, int] | None:
    """The message at the start of `received` and how many bytes it takes, or None while it is incomplete.

    Raises RtspGarbage where it never will be one.
    """
    end = _END_OF_HEADER.search(received, 0, MAX_HEADER_BYTES)
    if end is None:
        if len(received) >= MAX_HEADER_BYTES:
            raise RtspGarbage("Camera trả lời không kết thúc. Hãy kiểm tra địa chỉ và cổng.")
        return None
    message = _parsed(received[: end.start()].decode("utf-8", "replace"))
    length = message.header("content-length")
    body_bytes = int(length) if length.isdecimal() and len(length) < 9 else 0
    if body_bytes > MAX_BODY_BYTES:
        raise RtspGarbage(f"Camera gửi phần mô tả dài {body_bytes} byte, quá giới hạn. Hãy kiểm tra thiết bị.")
    total = end.end() + body_bytes
    if len(received) < total:
        return None
    message.body = bytes(received[end.end() : total])
    return message, total


def _parsed(text: str) -> Message:
    first, *rest = text.lstrip().splitlines() or [""]
    status, request = _STATUS_LINE.match(first), _REQUEST_LINE.match(first)
    if status is not None:
        message = Message(status=int(status[1]), reason=status[2].strip())
    elif request is not None:
        message = Message(method=request[1])
    else:
        raise RtspGarbage("Thiết bị ở địa chỉ này không nói RTSP. Hãy kiểm tra địa chỉ và cổng.")
    for line in rest:
        name, colon, value = line.partition(":")
        if colon:
            message.headers.setdefault(name.strip().lower(), []).append(value.strip())
    return message


def request(method: str, url: str, headers: dict[str, str]) -> bytes:
    """A request as bytes."""
    lines = [f"{method} {url} RTSP/1.0", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


def resolve_control(base: str, control: str) -> str:
    """The URL that a track's `a=control` means (RFC 2326 appendix C.1.1)."""
    if control in ("", "*"):
        return base
    if "://" in control:
        scheme, _, rest = control.partition("://")
        place, slash, path = rest.partition("/")
        return f"{scheme}://{place.rpartition('@')[2]}{slash}{path}"
    return f"{base}{'' if base.endswith('/') else '/'}{control}"
