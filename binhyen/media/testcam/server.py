"""Many simulated cameras behind one RTSP port, in one asyncio loop."""

import asyncio
import contextlib
import random
import threading
from collections import deque
from collections.abc import Callable
from typing import Self
from urllib.parse import quote

from binhyen.contracts import Clock, Instant, SystemClock
from binhyen.media.testcam.authentication import Gate, Scheme
from binhyen.media.testcam.camera import SimulatedCamera, Track
from binhyen.media.testcam.clip import Clip
from binhyen.media.testcam.connection import Connection, House
from binhyen.media.testcam.description import session_description
from binhyen.media.testcam.faults import Fault
from binhyen.media.testcam.rtp import Packing
from binhyen.media.testcam.timeline import Timeline

PLAIN = Packing()
START_LIMIT_S = 10.0
REQUEST_LIMIT_BYTES = 65_536
CALLS_REMEMBERED = 10_000
CUTTING = (Fault.REFUSE, Fault.BAD_PASSWORD, Fault.FLAP)


class TestCameraServer:
    """Serves cameras from a thread of its own (`start`, `stop`, or `with`), or inside a loop (`serve`).

    Cameras that play the same clip at the same phase share one timeline, so a hundred of them cost
    hardly more than their system calls. `session_timeout_s` is after how long a reader that says nothing is dropped.
    """

    __test__ = False  # the name begins with Test; pytest must not collect it

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        user: str = "",
        password: str = "",
        auth: Scheme = "none",
        session_timeout_s: float = 60.0,
        clock: Clock | None = None,
        seed: int = 1,
    ) -> None:
        self.host = host
        self.port = port
        self._gate = Gate(user, password, auth if user else "none")
        self._clock = clock or SystemClock()
        chance = random.Random(seed)  # noqa: S311 - faults repeat from a seed; nothing is kept secret by them
        self._house = House({}, self._gate, self._clock, chance, session_timeout_s)
        self._timelines: dict[tuple[int, float, Packing], Timeline] = {}
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._called_at: deque[Instant] = deque(maxlen=CALLS_REMEMBERED)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._failure: OSError | None = None
        self._end: asyncio.Event | None = None

    @property
    def is_listening(self) -> bool:
        return self._ready.is_set() and self._failure is None

    @property
    def names(self) -> list[str]:
        return list(self._house.cameras)

    def add(
        self,
        name: str,
        clip: Clip,
        *,
        sub: Clip | None = None,
        changed: Clip | None = None,
        phase_s: float = 0.0,
        clock_offset_us: int = 0,
        packing: Packing = PLAIN,
        redirect_to: str = "",
    ) -> None:
        """A camera `/name` (and `/name/sub`). `changed` is what PARAMETER_CHANGE turns the main stream into (the
        sub-stream where not given). Also while running."""

        def track(playing: Clip, then: Clip) -> Track:
            first, second = (self._timeline(each, phase_s, packing) for each in (playing, then))
            return Track(first, second, session_description(playing))

        tracks = {"main": track(clip, changed or sub or clip)}
        if sub is not None:
            tracks["sub"] = track(sub, clip)
        camera = SimulatedCamera(name, tracks, clock_offset_us, redirect_to=redirect_to)
        self._in_loop(lambda: self._house.cameras.__setitem__(name, camera))

    def url(self, name: str, *, sub: bool = False, password: bool = True) -> str:
        """Where `name` is reached; with its user and password unless told otherwise."""
        gate = self._gate
        who = f"{quote(gate.user, safe='')}:{quote(gate.password, safe='')}@" if gate.user and password else ""
        return f"rtsp://{who}{self.host}:{self.port}/{name}{'/sub' if sub else ''}"

    def sub_url(self, name: str, *, password: bool = True) -> str:
        return self.url(name, sub=True, password=password)

    def has_sub(self, name: str) -> bool:
        return "sub" in self._house.cameras[name].tracks

    def set_fault(self, name: str, fault: Fault) -> None:
        """From now on `name` misbehaves in this way; Fault.NONE heals it. Waits until it is so."""
        self._in_loop(lambda: self._apply(self._house.cameras[name], fault))

    def set_clock_offset(self, name: str, offset_us: int) -> None:
        """Set the camera's own clock `offset_us` ahead of ours."""
        self._in_loop(lambda: setattr(self._house.cameras[name], "clock_offset_us", offset_us))

    def cut(self, name: str) -> None:
        """Hang up on every reader of `name` once; they may come back at once."""
        self._in_loop(lambda: self._cut(self._house.cameras[name]))

    def readers(self, name: str) -> int:
        """How many play `name` now."""
        return len(self._house.cameras[name].deliveries)

    def sent_bytes(self, name: str) -> int:
        """What all who play `name` now have been sent since they began."""
        return sum(each.octets for each in tuple(self._house.cameras[name].deliveries))

    def called_at(self) -> list[Instant]:
        """When each of the last connections was made, monotonic: how hard the readers storm us."""
        return list(self._called_at)

    def start(self) -> Self:
        """Listen; raises OSError when the port is taken."""
        self._thread = threading.Thread(target=self._run, name="testcam", daemon=True)
        self._thread.start()
        self._ready.wait(START_LIMIT_S)
        if self._failure is not None:
            raise self._failure
        return self

    def stop(self) -> None:
        """Hang up on everybody and end the thread."""
        if self._thread is None:
            return
        self._in_loop(self._finish)
        self._thread.join(START_LIMIT_S)
        self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def serve(self, until: asyncio.Event | None = None) -> None:
        """Serve in the running loop until `until` is set or the task is cancelled."""
        self._loop, self._end = asyncio.get_running_loop(), until or asyncio.Event()
        server = await asyncio.start_server(
            self._accept, self.host, self.port, limit=REQUEST_LIMIT_BYTES, backlog=1_024
        )
        self.port = server.sockets[0].getsockname()[1]
        for timeline in self._timelines.values():
            self._spawn(timeline)
        self._ready.set()
        try:
            await self._end.wait()
        finally:
            server.close()
            await self._close()

    def _run(self) -> None:
        try:
            asyncio.run(self.serve())
        except OSError as error:
            self._failure = error
        finally:
            self._loop = None
            self._ready.set()

    def _finish(self) -> None:
        if self._end is not None:
            self._end.set()

    async def _close(self) -> None:
        for connection in tuple(self._connections):
            connection.cut()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._called_at.append(self._clock.monotonic())
        connection = Connection(self._house, reader, writer)
        self._connections.add(connection)
        flapping = asyncio.get_running_loop().create_task(self._flap(connection))
        try:
            await connection.serve()
        except asyncio.CancelledError:
            connection.cut()  # the server is ending
        finally:
            flapping.cancel()
            self._connections.discard(connection)
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _flap(self, connection: Connection) -> None:
        """Hang up again and again while the camera of this connection flaps."""
        while True:
            camera = connection.camera
            await asyncio.sleep(camera.flap_every_s if camera else 1.0)
            if camera is not None and camera.fault is Fault.FLAP:
                connection.cut()

    def _apply(self, camera: SimulatedCamera, fault: Fault) -> None:
        camera.fault = fault
        if fault in CUTTING:
            self._cut(camera)
        for delivery in tuple(camera.deliveries):
            delivery.follow()

    def _cut(self, camera: SimulatedCamera) -> None:
        for connection in tuple(self._connections):
            if connection.camera is camera:
                connection.cut()

    def _timeline(self, clip: Clip, phase_s: float, packing: Packing) -> Timeline:
        key = (id(clip), phase_s, packing)
        if key not in self._timelines:
            ssrc = 0x42590000 + len(self._timelines)
            timeline = Timeline(clip, packing, self._clock, phase_s=phase_s, ssrc=ssrc)
            self._timelines[key] = timeline
            self._in_loop(lambda: self._spawn(timeline))
        return self._timelines[key]

    def _spawn(self, timeline: Timeline) -> None:
        if self._loop is not None and self._end is not None:
            task = self._loop.create_task(timeline.run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _in_loop(self, action: Callable[[], object]) -> None:
        """Run `action` where the cameras live, and wait for it; at once when they do not run yet."""
        loop = self._loop
        if loop is None or self._thread is None or threading.current_thread() is self._thread:
            action()
            return
        done = threading.Event()

        def run() -> None:
            action()
            done.set()

        loop.call_soon_threadsafe(run)
        done.wait(START_LIMIT_S)
