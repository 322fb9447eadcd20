"""Walks an MP4 while it streams by: is it whole, and how many frames does it hold (ISO/IEC 14496-12)."""

import struct

_KEPT = frozenset({b"moov", b"moof"})
_FATHERS = frozenset({b"trak", b"mdia", b"minf", b"stbl", b"traf"})
_LARGEST_KEPT_BYTES = 64 << 20


class BrokenClipError(ValueError):
    """The bytes are not a whole MP4; the message says where."""


class BoxWalker:
    """Fed with chunks of any size; keeps no more than one `moov` or `moof` in memory."""

    def __init__(self) -> None:
        self.frames = 0
        self.bytes_seen = 0
        self._skip = 0
        self._rest = b""
        self._has_movie = False

    def feed(self, chunk: bytes | memoryview) -> None:
        """Raises BrokenClipError at a box that cannot be."""
        self.bytes_seen += len(chunk)
        if self._skip >= len(chunk):
            self._skip -= len(chunk)
            return
        buffer = self._rest + chunk[self._skip :] if self._rest else chunk[self._skip :]
        self._skip, at = 0, 0
        while (step := self._box(buffer, at)) is not None:
            at += step
        self._rest = b"" if self._skip else bytes(buffer[at:])

    def finish(self) -> int:
        """The number of frames; raises BrokenClipError when the last box is cut short."""
        if self._skip or self._rest:
            raise BrokenClipError(f"the clip ends in the middle of a box, after {self.bytes_seen} bytes")
        if not self._has_movie:
            raise BrokenClipError("the clip has no moov box")
        return self.frames

    def _box(self, buffer: bytes | memoryview, at: int) -> int | None:
        """Take the box at `at`; None when more bytes are needed (or the rest of it is to be skipped)."""
        if len(buffer) - at < 8:
            return None
        size, kind = struct.unpack_from(">I4s", buffer, at)
        if size == 1:
            if len(buffer) - at < 16:
                return None
            size = struct.unpack_from(">Q", buffer, at + 8)[0]
        if size < 8:
            raise BrokenClipError(f"a {kind!r} box of {size} bytes")
        available = len(buffer) - at
        if kind in _KEPT:
            if size > _LARGEST_KEPT_BYTES:
                raise BrokenClipError(f"a {kind!r} box of {size} bytes")
            if available < size:
                return None
            self._has_movie |= kind == b"moov"
            self.frames += _samples(buffer[at + 8 : at + size])
        elif available < size:
            self._skip = size - available
            return None
        return size


def _samples(body: bytes | memoryview) -> int:
    """Sample counts of every trun and stsz below."""
    total, at = 0, 0
    while at + 8 <= len(body):
        size, kind = struct.unpack_from(">I4s", body, at)
        if size < 8 or at + size > len(body):
            raise BrokenClipError(f"a {kind!r} box of {size} bytes inside the index")
        if kind in _FATHERS:
            total += _samples(body[at + 8 : at + size])
        elif kind == b"trun" and size >= 16:
            total += struct.unpack_from(">I", body, at + 12)[0]
        elif kind == b"stsz" and size >= 20:
            total += struct.unpack_from(">I", body, at + 16)[0]
        at += size
    return total
