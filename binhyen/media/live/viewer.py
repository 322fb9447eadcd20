"""One browser that looks at a channel: a bounded queue that says what it drops."""

import asyncio
import json
import struct
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

HEADER = struct.Struct("!dd")
"""Media time and arrival wall time of a frame, both in seconds; before every binary message."""

BACKLOG_BYTES_MAX = 12 * 1024 * 1024
BACKLOG_SECONDS_MAX = 4.0


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out as one WebSocket message; `payload` is text or header plus fMP4."""

    payload: bytes | str
    key: bool
    media_time_s: float = 0.0

    @classmethod
    def text(cls, content: dict[str, object]) -> Self:
        return cls(json.dumps(content, ensure_ascii=False), key=False)

    @classmethod
    def frame(cls, mp4: bytes, media_time_s: float, arrived_at_s: float, *, key: bool) -> Self:
        return cls(HEADER.pack(media_time_s, arrived_at_s) + mp4, key, media_time_s)

    @property
    def size(self) -> int:
        return len(self.payload)


class Viewer:
    """Frames wait here for a slow browser; too many, and it goes on at the next key frame instead.

    The browser is told how many frames it lost by `{"skipped": N}` before the key frame.
    """

    def __init__(self) -> None:
        self.skipped_total = 0
        self._queue: deque[Message] = deque()
        self._bytes = 0
        self._skipping = True
        self._playing = False
        self._skipped = 0
        self._ready = asyncio.Event()

    def begin(self, head: Iterable[Message]) -> None:
        """A description and an init segment (or an error): what waits from before is void."""
        self._queue.clear()
        self._bytes = 0
        self._skipping = True
        self._playing = False
        self._skipped = 0
        for message in head:
            self._put(message)

    def catch_up(self, messages: Iterable[Message]) -> None:
        """Frames since the last key frame, for one who has just come; not counted against the bound."""
        for message in messages:
            self._skipping = False
            self._playing = True
            self._put(message)

    def offer(self, message: Message) -> None:
        """The newest frame. Never waits: the channel serves others too."""
        if not self._skipping and self._too_far_behind(message):
            self._drop_frames()
        if self._skipping and not message.key:
            self._skipped += 1
            return
        if self._skipping:
            self._resume()
        self._put(message)

    async def next(self) -> Message:
        """The next message, waiting for it where there is none."""
        while not self._queue:
            self._ready.clear()
            await self._ready.wait()
        message = self._queue.popleft()
        self._bytes -= message.size
        return message

    def __len__(self) -> int:
        """Messages that wait."""
        return len(self._queue)

    @property
    def backlog_bytes(self) -> int:
        return self._bytes

    def _put(self, message: Message) -> None:
        self._queue.append(message)
        self._bytes += message.size
        self._ready.set()

    def _too_far_behind(self, newest: Message) -> bool:
        if not self._queue or self._bytes <= 0:
            return False
        if self._bytes + newest.size > BACKLOG_BYTES_MAX:
            return True
        first = next((m for m in self._queue if m.media_time_s), newest)
        behind_s = newest.media_time_s - first.media_time_s
        # A joiner's first burst is a whole GOP, which may be long; only a queue with a newer key frame is hopeless.
        return behind_s > BACKLOG_SECONDS_MAX and (newest.key or behind_s > 4 * BACKLOG_SECONDS_MAX)

    def _drop_frames(self) -> None:
        kept = [m for m in self._queue if not m.media_time_s]
        self._skipped += len(self._queue) - len(kept)
        self._queue = deque(kept)
        self._bytes = sum(m.size for m in kept)
        self._skipping = True

    def _resume(self) -> None:
        if self._playing and self._skipped:
            self.skipped_total += self._skipped
            self._put(Message.text({"skipped": self._skipped}))
        self._skipping = False
        self._playing = True
        self._skipped = 0
