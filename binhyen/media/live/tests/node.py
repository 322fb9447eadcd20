"""A live node with a recorder's feed beside it, in the loop of a test."""

import asyncio
from contextlib import asynccontextmanager, suppress

import aiohttp
from aiohttp import web

from binhyen.media.feed import FeedServer
from binhyen.media.live.node import application
from binhyen.media.playback.tests.pictures import Camera, LoopReactor
from binhyen.media.sources.address import AddressPolicy

TOKEN = "t" * 20


class Recorder:
    """A feed server whose cameras play clips in real time."""

    def __init__(self, folder, clips, shard=0) -> None:
        (folder / "run").mkdir(parents=True, exist_ok=True)
        loop = asyncio.get_running_loop()
        self.cameras = {}
        self.wishes = []
        self.feed = FeedServer(folder / "run" / f"feed-{shard}.sock", LoopReactor(loop), self._find)
        for code, clip in clips.items():
            self.cameras[code] = Camera(clip, lambda unit, code=code: self.feed.unit(code, unit))
        self.tasks = [asyncio.create_task(camera.play()) for camera in self.cameras.values()]

    def _find(self, code):
        camera = self.cameras.get(code)
        if camera is not None and not camera.watched:
            self.wishes.append(code)
        return camera

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.feed.close()


@asynccontextmanager
async def recorder(folder, clips, shard=0):
    running = Recorder(folder, clips, shard)
    try:
        yield running
    finally:
        await running.stop()


@asynccontextmanager
async def node_client(folder):
    app = application(folder, TOKEN, policy=AddressPolicy(allow_loopback=True))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with aiohttp.ClientSession(base, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            yield client
    finally:
        await runner.cleanup()


async def collect(socket, enough, timeout_s=10):
    """Messages until `enough(messages)`: dicts of text, (media time, arrival, mp4) of binary."""
    import json
    import struct

    messages = []
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            while not enough(messages):
                message = await socket.receive()
                if message.type is aiohttp.WSMsgType.TEXT:
                    messages.append(json.loads(message.data))
                elif message.type is aiohttp.WSMsgType.BINARY:
                    messages.append((*struct.unpack("!dd", message.data[:16]), message.data[16:]))
                else:
                    break
    return messages
