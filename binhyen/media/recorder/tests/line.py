"""A line between recorder and camera that delays, loses, stalls and breaks: a TCP relay in user space.

What TCP makes of a lost packet is that everything behind it waits for a retransmission; so does the relay. It needs
no rights and no netem, and says nothing of what loss does to the sender's window.
"""

import asyncio
import contextlib
import random
import threading
import time
from dataclasses import dataclass, field

CHUNK_BYTES = 1400
RETRANSMISSION_S = 0.3
LOOK_EVERY_S = 0.02


@dataclass
class Line:
    """Relays connections to `camera_port`; what it does to them may be changed while it runs."""

    camera_port: int
    delay_s: float = 0.0
    loss: float = 0.0
    stalled: bool = False
    broken: bool = False
    port: int = 0
    called_at: list[float] = field(default_factory=list)

    def __enter__(self) -> "Line":
        self._chance = random.Random(7)
        self._open: set[asyncio.StreamWriter] = set()
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(10)

    def cut(self) -> None:
        """Every connection breaks, and every new one as soon as it is made, until `mend`."""
        self.broken = True
        self._loop.call_soon_threadsafe(lambda: [each.transport.abort() for each in tuple(self._open)])

    def mend(self) -> None:
        self.broken = self.stalled = False
        self.delay_s = self.loss = 0.0

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self._relay, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._started.set()
            await self._ended.wait()
            for each in tuple(self._open):
                each.transport.abort()
            await asyncio.sleep(LOOK_EVERY_S)  # what was broken off ends by itself

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.called_at.append(time.monotonic())
        if self.broken:
            writer.transport.abort()
            return
        camera_reader, camera_writer = await asyncio.open_connection("127.0.0.1", self.camera_port)
        ends = {writer, camera_writer}
        self._open |= ends
        with contextlib.suppress(OSError):
            await asyncio.gather(self._carry(reader, camera_writer), self._carry(camera_reader, writer))
        self._open -= ends
        for each in ends:
            each.transport.abort()

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(on_the_way, target))
        due = 0.0
        try:
            while chunk := await source.read(CHUNK_BYTES):
                lost = self._chance.random() < self.loss
                due = max(due, time.monotonic() + self.delay_s + lost * RETRANSMISSION_S)
                on_the_way.put_nowait((due, chunk))
        finally:
            arriving.cancel()
            target.transport.abort()

    async def _arrive(self, on_the_way: "asyncio.Queue[tuple[float, bytes]]", target: asyncio.StreamWriter) -> None:
        while True:
            due, chunk = await on_the_way.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            while self.stalled:
                await asyncio.sleep(LOOK_EVERY_S)
            target.write(chunk)
            with contextlib.suppress(OSError):
                await target.drain()
