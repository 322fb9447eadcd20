"""One range of bytes as browsers ask for it (RFC 9110, 14.1.2)."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True)
class Span:
    """[start, end) of `size` bytes; `is_whole` where no range was asked for."""

    start: int
    end: int
    size: int
    is_whole: bool = False


def span_of(header: str, size: int) -> Span | None:
    """What `header` asks for of `size` bytes; all of it where it asks for no range or for several; None outside."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return Span(0, size, size, is_whole=True)
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    return Span(start, end, size) if start < end else None
