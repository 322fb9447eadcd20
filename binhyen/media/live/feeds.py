"""Where channels get their pictures: opened when somebody looks, closed when nobody does any more."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

from binhyen.media.feed import FeedClient
from binhyen.media.live.channel import Channel
from binhyen.media.packets import AccessUnit, ParameterSets

LINGER_S = 4.0
REWATCH_S = 3.0
STREAMS = ("main", "sub")


class Feed(Protocol):
    """A kind of stream: the recorder's own (main), or a second connection to the camera (sub)."""

    def open(self, channel: Channel) -> None:
        """Start to deliver to `channel`, from the event loop's thread."""
        ...

    def close(self, channel: Channel) -> None: ...

    async def run(self) -> None:
        """Whatever must go on beside; until cancelled."""
        ...


class Channels:
    """All open channels, by camera and stream. A channel lingers a little: a page that reloads finds it warm."""

    def __init__(self, feeds: dict[str, Feed], *, linger_s: float = LINGER_S) -> None:
        self._feeds = feeds
        self._linger_s = linger_s
        self._open: dict[tuple[str, str], Channel] = {}
        self._users: dict[Channel, int] = {}
        self._closing: dict[Channel, asyncio.TimerHandle] = {}

    def acquire(self, code: str, stream: str) -> Channel:
        """The channel, opened where it is not; give it back by `release`."""
        channel = self._open.get((code, stream))
        if channel is None:
            channel = self._open[code, stream] = Channel(code, stream)
            self._users[channel] = 0
            self._feeds[stream].open(channel)
        self._users[channel] += 1
        if (closing := self._closing.pop(channel, None)) is not None:
            closing.cancel()
        return channel

    def release(self, channel: Channel) -> None:
        """One user less; the last one's going closes the channel after a moment."""
        self._users[channel] -= 1
        if self._users[channel] == 0:
            loop = asyncio.get_running_loop()
            self._closing[channel] = loop.call_later(self._linger_s, self._close, channel)

    def __len__(self) -> int:
        return len(self._open)

    async def run(self) -> None:
        """Keep the feeds going until cancelled."""
        async with asyncio.TaskGroup() as group:
            for feed in self._feeds.values():
                group.create_task(feed.run())

    def _close(self, channel: Channel) -> None:
        self._closing.pop(channel, None)
        self._users.pop(channel)
        self._open.pop((channel.code, channel.stream))
        self._feeds[channel.stream].close(channel)


class RecorderFeed:
    """Main streams, from the recorders of this machine: one Unix socket per shard under `run/`.

    Which shard has a camera is not asked: all are, and the one that has it delivers.
    """

    def __init__(self, run_folder: Path) -> None:
        self._folder = run_folder
        self._clients: dict[Path, FeedClient] = {}
        self._channels: dict[str, Channel] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, channel: Channel) -> None:
        self._channels[channel.code] = channel
        self._find_recorders()
        for client in self._clients.values():
            client.watch(channel.code, _ShardSink(channel, self._nobody_has))
        if not self._clients:
            channel.ended("Máy ghi hình chưa chạy. Hình sẽ hiện khi máy ghi chạy lại.", code="no_recorder")

    def close(self, channel: Channel) -> None:
        self._channels.pop(channel.code, None)
        for client in self._clients.values():
            client.unwatch(channel.code)

    async def run(self) -> None:
        """Notice new recorders, and ask again for cameras that no recorder had."""
        try:
            while True:
                await asyncio.sleep(REWATCH_S)
                self._find_recorders()
                for channel in self._channels.values():
                    if channel.sets is None:
                        self._ask_again(channel)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ask_again(self, channel: Channel) -> None:
        for client in self._clients.values():
            client.unwatch(channel.code)
            client.watch(channel.code, _ShardSink(channel, self._nobody_has))

    def _find_recorders(self) -> None:
        for path in sorted(self._folder.glob("feed-*.sock")):
            if path not in self._clients:
                client = self._clients[path] = FeedClient(path)
                self._start(client.run())
                for channel in self._channels.values():
                    client.watch(channel.code, _ShardSink(channel, self._nobody_has))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _nobody_has(self, channel: Channel, sink: "_ShardSink", reason: str) -> None:
        """A shard has nothing: that is news only from the shard that delivered, or where there is one shard."""
        if sink.delivered or len(self._clients) == 1:
            channel.ended(reason)


class _ShardSink:
    """One shard's answers for one channel."""

    def __init__(self, channel: Channel, on_end: Callable[[Channel, "_ShardSink", str], None]) -> None:
        self._channel = channel
        self._on_end = on_end
        self.delivered = False

    def parameters(self, sets: ParameterSets) -> None:
        self.delivered = True
        self._channel.parameters(sets)

    def access_unit(self, unit: AccessUnit) -> None:
        self._channel.access_unit(unit)

    def ended(self, reason: str) -> None:
        self._on_end(self._channel, self, reason)


async def stop(task: "asyncio.Task[None]") -> None:
    """Cancel and wait; what it raises while ending is not news any more."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
