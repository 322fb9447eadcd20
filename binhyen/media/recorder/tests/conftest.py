import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from binhyen.contracts import Gap, Segment
from binhyen.media.packets import Codec
from binhyen.media.store import SegmentIndex, index_path, shard_of
from binhyen.media.store.tests.film import Film
from binhyen.media.testcam.clip import Clip, ClipFrame, make_clip
from binhyen.media.testcam.server import TestCameraServer


def clip_of(taken: Film, name: str = "clip") -> Clip:
    """A film as a simulated camera plays it."""
    frames = []
    for n, (payload, key, ticks) in enumerate(taken.pictures):
        nals, at = [], 0
        while at < len(payload):
            size = int.from_bytes(payload[at : at + 4], "big")
            nals.append(payload[at + 4 : at + 4 + size])
            at += 4 + size
        frames.append(ClipFrame(n * taken.step, ticks, key, tuple(nals)))
    sets = (*taken.sets.vps, *taken.sets.sps, *taken.sets.pps)
    return make_clip(name, Codec(taken.sets.codec), (taken.sets.width, taken.sets.height), sets, frames)


def eventually(condition: Callable[[], object], *, within_s: float = 10.0, every_s: float = 0.05):
    """What `condition` returns once it is true."""
    give_up_at = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < give_up_at, f"not within {within_s} s"
        time.sleep(every_s)
    return found


@dataclass
class RecorderProcess:
    """`binhyen record` as an operator starts it."""

    data: Path
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen | None = None
    shard: int = 0

    def mine(self, shards: int) -> set[str]:
        return {code for n in range(20) if shard_of(code := f"CAM-{n:02d}", shards) == self.shard}

    def start(self) -> "RecorderProcess":
        command = [sys.executable, "-m", "binhyen", "record", "--data", str(self.data), "--allow-loopback"]
        self.data.mkdir(exist_ok=True)
        with (self.data / "log").open("a") as log:
            self.process = subprocess.Popen([*command, "--reserve-mb", "0", *self.arguments], stderr=log)
        return self

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)

    def statuses(self) -> dict[str, dict]:
        path = self.data / "run" / f"status-{self.shard}.json"
        found = json.loads(path.read_text()) if path.exists() else {"cameras": []}
        return {each["camera"]: each for each in found["cameras"]}

    def state(self, camera: str) -> str:
        return self.statuses().get(camera, {}).get("state", "")

    def wait_for(self, camera: str, state: str, *, within_s: float = 10.0) -> None:
        eventually(lambda: self.state(camera) == state, within_s=within_s)

    @property
    def log(self) -> str:
        return (self.data / "log").read_text()

    def index(self) -> SegmentIndex:
        return SegmentIndex(index_path(self.data / "store", self.shard), readonly=True)

    def segments(self, camera: str) -> list[Segment]:
        index = self.index()
        try:
            return index.find_segments(camera)
        finally:
            index.close()

    def gaps(self, camera: str) -> list[Gap]:
        index = self.index()
        try:
            return index.find_gaps(camera, now=time.time_ns() // 1000)
        finally:
            index.close()


@pytest.fixture
def cameras():
    with TestCameraServer() as server:
        yield server


@pytest.fixture
def recorder(tmp_path: Path):
    """Start a recorder for a list of (code, url); whatever still runs at the end is killed."""
    started: list[RecorderProcess] = []

    def start(*pairs: tuple[str, str], arguments: tuple[str, ...] = ()) -> RecorderProcess:
        if pairs:
            spec = tmp_path / "spec.json"
            spec.write_text(json.dumps({"cameras": [{"code": code, "url": url} for code, url in pairs]}))
            arguments = ("--spec", str(spec), *arguments)
        started.append(RecorderProcess(tmp_path / "data", arguments))
        return started[-1].start()

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


@dataclass
class Centre:
    """A centre of one page each, that can be away."""

    spec: dict = field(default_factory=lambda: {"cameras": []})
    port: int = 0
    batches: list[dict] = field(default_factory=list)
    statuses: list[dict] = field(default_factory=list)
    spec_answers: list[int] = field(default_factory=list)
    refuse_events_once: bool = False
    server: ThreadingHTTPServer | None = None

    def start(self) -> "Centre":
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def events(self) -> list[dict]:
        return [event for batch in self.batches for event in batch["events"]]


def _handler(centre: Centre):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self, status, body=b"", **headers):
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            if self.headers["Authorization"] != "Bearer token-of-the-node":
                return self.answer(401)
            body = json.dumps(centre.spec).encode()
            etag = f'"{hash(body)}"'
            status = 304 if self.headers["If-None-Match"] == etag else 200
            centre.spec_answers.append(status)
            return self.answer(status, b"" if status == 304 else body, ETag=etag)

        def do_POST(self):
            value = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/api/node/status":
                centre.statuses += value["statuses"]
                return self.answer(200, b"{}")
            centre.batches.append(value)
            if centre.refuse_events_once:
                centre.refuse_events_once = False
                return self.answer(503)
            return self.answer(200, json.dumps({"accepted": len(value["events"])}).encode())

    return Handler


@pytest.fixture
def centre(tmp_path: Path):
    keys = tmp_path / "data" / "keys"
    keys.mkdir(parents=True)
    (keys / "node-token").write_text("token-of-the-node\n")
    made = Centre().start()
    yield made
    made.stop()
