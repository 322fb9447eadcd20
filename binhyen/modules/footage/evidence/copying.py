"""Copying a clip into a package: each byte is read once, checked, hashed and written while it is still near."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

from zlib_ng.zlib_ng import crc32

from binhyen.modules.footage.evidence.boxes import BoxWalker

CHUNKS_KEPT = 8
"""So many chunks may wait to be hashed; whoever makes chunks uses memory again only after so many more."""
_FLUSH_EVERY_BYTES = 64 << 20


class Buffers:
    """Memory for the chunks of a clip, used again and again: taking it fresh costs as much as copying into it.

    `buffers(size)` gives so many bytes. They are left alone until CHUNKS_KEPT more were asked for.
    """

    def __init__(self) -> None:
        self._ring = deque(bytearray() for _ in range(CHUNKS_KEPT))

    def __call__(self, size: int) -> memoryview:
        buffer = self._ring.popleft()
        if len(buffer) < size:
            buffer = bytearray(size)
        self._ring.append(buffer)
        return memoryview(buffer)[:size]


@dataclass(frozen=True, slots=True)
class Copied:
    """What is known of a clip once all its bytes went by."""

    size: int
    crc32: int
    sha256: str
    frames: int


class Copier:
    """Copies clips one after the other. SHA-256 takes longer than all the rest, so it has a thread that never waits."""

    def __init__(self) -> None:
        self._sha256 = ThreadPoolExecutor(1, thread_name_prefix="sha256")

    def __enter__(self) -> "Copier":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._sha256.shutdown()

    def copy(self, content: Iterable[bytes | memoryview], put: Callable[[bytes | memoryview], None]) -> Copied:
        """Give every chunk of `content` to `put`. Raises BrokenClipError where it is not a whole MP4."""
        sha256, crc, walker = hashlib.sha256(), 0, BoxWalker()
        waiting: deque[Future[None]] = deque()
        for chunk in content:
            waiting.append(self._sha256.submit(sha256.update, chunk))
            crc = crc32(chunk, crc)
            walker.feed(chunk)
            put(chunk)
            if len(waiting) >= CHUNKS_KEPT:
                waiting.popleft().result()
        while waiting:
            waiting.popleft().result()
        return Copied(walker.bytes_seen, crc, sha256.hexdigest(), walker.finish())


class Flusher:
    """Sends to the disk what was written, beside the writing, so that the last flush has little left to wait for."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="flush")
        self._running: Future[None] | None = None
        self._asked_at = 0

    def written(self, size: int) -> None:
        """So many bytes stand in the file now. Raises OSError where the disk did not take earlier ones."""
        if size - self._asked_at < _FLUSH_EVERY_BYTES or not self._is_free():
            return
        self._asked_at = size
        self._running = self._thread.submit(os.fdatasync, self._descriptor)

    def finish(self) -> None:
        """Wait for what is under way; a flush that failed is told once, so nothing may be left unasked."""
        self._thread.shutdown()
        if self._running is not None:
            self._running.result()

    def _is_free(self) -> bool:
        if self._running is None:
            return True
        if not self._running.done():
            return False
        self._running.result()
        return True
