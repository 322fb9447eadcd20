"""A real node, ONVIF doubles and RTSP cameras on loopback."""

import asyncio
import threading

import av
import numpy as np
import pytest
from aiohttp import web

from binhyen.contracts import SECOND
from binhyen.kernel.units.roles import Role
from binhyen.media import probe
from binhyen.media.live.node import application
from binhyen.media.onvif import passwords
from binhyen.media.onvif.testing import Offered, OnvifCameras, OnvifDouble
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.testcam import TestCameraServer, read_clip

TOKEN = "t" * 20
PASSWORD = "mật-khẩu-riêng"


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Two seconds of H.264, large and small."""
    made = []
    for width, height in ((320, 240), (160, 120)):
        path = tmp_path_factory.mktemp("clips") / f"{width}.mp4"
        with av.open(str(path), "w") as file:
            stream = file.add_stream("libx264", rate=10, options={"g": "5", "bf": "0", "preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            for n in range(20):
                frame = np.full((height, width, 3), 60 + n, np.uint8)
                file.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
            file.mux(stream.encode(None))
        made.append(read_clip(path))
    return made


@pytest.fixture
def rtsp(clips):
    """Cameras `gate` and `yard`, digest, with sub-streams."""
    with TestCameraServer(user="admin", password=PASSWORD, auth="digest") as server:
        for name in ("gate", "yard"):
            server.add(name, clips[0], sub=clips[1])
        yield server


@pytest.fixture
def device(rtsp):
    """An ONVIF camera whose streams are those of `gate`."""
    offered = (
        Offered("main", "Luồng chính", rtsp.url("gate", password=False), width=320, height=240),
        Offered("sub", "Luồng phụ", rtsp.url("gate", sub=True, password=False), width=160, height=120),
    )
    made = OnvifDouble(accounts={"admin": PASSWORD}, offered=offered, clock_offset_us=900 * SECOND)
    with OnvifCameras(made):
        yield made


class RunningNode:
    """The live node in a thread of its own."""

    def __init__(self, folder):
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._open())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _open(self):
        app = application(self._folder, TOKEN, policy=AddressPolicy(allow_loopback=True))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner


@pytest.fixture
def node(tmp_path, settings, monkeypatch):
    """A node that is content with less video and waits less between guesses."""
    monkeypatch.setattr(probe, "LONG_ENOUGH_US", SECOND // 2)
    monkeypatch.setattr(passwords, "BETWEEN_S", 0.01)
    monkeypatch.setenv("BINHYEN_ALLOW_LOOPBACK_CAMERAS", "1")
    with RunningNode(tmp_path) as running:
        settings.BINHYEN_NODE_URL, settings.BINHYEN_NODE_TOKEN = running.url, TOKEN
        yield running


@pytest.fixture
def registrar(world, signed_in):
    return signed_in(world.people[Role.COMMUNE_OFFICER])
