"""F07: links that break and return; 300 cameras that return at once are called one after another."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from binhyen.contracts import SECOND, CameraSpec, CameraState, GapReason, Instant
from binhyen.media.packets import AccessUnit
from binhyen.media.recorder.gate import STARTS_PER_SECOND, ConnectGate
from binhyen.media.recorder.session import CameraSession, Surroundings
from binhyen.media.recorder.wheel import PERIOD_US, SLOTS, Wheel
from binhyen.media.sources.errors import CameraUnreachable
from binhyen.media.store.tests.conftest import HandClock


class NoReactor:
    """Nothing is ever ready."""

    def add(self, fd, ready, *, writing=False): ...

    def change(self, fd, *, writing): ...

    def remove(self, fd): ...


class NoFeed:
    """Nobody watches."""

    def parameters(self, code, sets): ...

    def unit(self, code, unit): ...

    def ended(self, code, reason): ...


@dataclass
class Paper:
    """A writer that only notes."""

    gap_reason: GapReason | None = None
    writing: bool = False
    group: list = field(default_factory=list)

    def parameters(self, sets): ...

    def unit(self, unit):
        self.gap_reason, self.writing = None, True

    def fail(self, reason):
        self.gap_reason, self.writing = reason, False

    def clock_stepped(self, by_us): ...


@dataclass
class Street:
    """Cameras behind one switch that has power or not."""

    clock: HandClock
    powered: bool = True
    calls: Counter = field(default_factory=Counter)

    def open(self, _url, sink):
        return StreetCamera(self, sink)


class StreetCamera:
    wants_write = False
    bytes_received = 0

    def __init__(self, street, sink):
        self.street, self.sink = street, sink

    def start(self):
        self.street.calls[self.street.clock.steady // SECOND] += 1
        self._check()

    def fileno(self):
        return 3

    def on_readable(self):
        self._check()
        self.sink.access_unit(AccessUnit([b""], 0, 0, True, self.street.clock.now()))

    def on_writable(self): ...

    def on_timer(self, _now):
        self.on_readable()

    def close(self): ...

    def _check(self):
        if not self.street.powered:
            raise CameraUnreachable("Không có đường mạng tới camera.")


def a_street(count):
    clock = HandClock()
    street = Street(clock)
    chance = random.Random(3)
    nobody = (lambda status: None, lambda: None, lambda: None)
    around = Surroundings(clock, NoReactor(), ConnectGate(), NoFeed(), street.open, chance.random, *nobody)
    wheel = Wheel(clock.monotonic())
    sessions = [CameraSession(CameraSpec(f"CAM-{n:03d}", "rtsp://x"), Paper(), around) for n in range(count)]
    for session in sessions:
        wheel.add(session)
    return clock, street, wheel, sessions


def run_for(clock, wheel, seconds):
    for _ in range(round(seconds * SLOTS * SECOND / PERIOD_US)):
        clock.advance(PERIOD_US // SLOTS)
        for session in wheel.due(clock.monotonic()):
            session.turn(clock.monotonic())


def test_F07_300_cameras_that_return_at_once_are_not_stormed():
    clock, street, wheel, sessions = a_street(300)
    run_for(clock, wheel, 15)
    assert {session.status().state for session in sessions} == {CameraState.RECORDING}
    street.powered = False
    run_for(clock, wheel, 60)
    assert {session.status().state for session in sessions} == {CameraState.FAILING}
    street.powered = True
    run_for(clock, wheel, 65)
    assert {session.status().state for session in sessions} == {CameraState.RECORDING}
    assert max(street.calls.values()) <= STARTS_PER_SECOND + 11


def test_F07_a_street_that_stays_dark_is_asked_ever_more_seldom():
    clock, street, wheel, _ = a_street(100)
    run_for(clock, wheel, 10)
    street.powered = False
    street.calls.clear()
    run_for(clock, wheel, 300)
    second_minute = sum(count for second, count in street.calls.items() if second >= 1010 + 240)
    assert second_minute < 100 * 60 / 20


def test_the_gate_lets_no_more_than_its_rate_through():
    gate = ConnectGate(40)
    admitted = sum(gate.admits(Instant(SECOND + n * 1000)) for n in range(1000))
    assert 40 <= admitted <= 51


def test_after_a_long_pause_every_camera_has_one_turn():
    clock, _, wheel, sessions = a_street(25)
    clock.advance(60 * SECOND)
    assert sorted(map(id, wheel.due(clock.monotonic()))) == sorted(map(id, sessions))
    assert wheel.due(clock.monotonic()) == []


def test_a_camera_that_was_removed_has_no_more_turns():
    clock, _, wheel, sessions = a_street(3)
    wheel.remove(sessions[1])
    clock.advance(SECOND)
    assert sessions[1] not in wheel.due(clock.monotonic())


NETWORK = """
set -e
ip netns add {name}
ip link add {name}h type veth peer name {name}c
ip link set {name}c netns {name}
ip addr add 10.77.0.1/24 dev {name}h
ip link set {name}h up
ip -n {name} addr add 10.77.0.2/24 dev {name}c
ip -n {name} link set {name}c up
ip -n {name} link set lo up
"""

CAMERA = """
import sys
from binhyen.media.recorder.tests.conftest import clip_of
from binhyen.media.store.tests.film import film
from binhyen.media.testcam.server import TestCameraServer
with TestCameraServer(host="10.77.0.2", port=8554) as server:
    server.add("a", clip_of(film()))
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def far_camera():
    """A camera in a network of its own; yields the name of that network."""
    name = f"by{os.getpid() % 10000}"
    made = subprocess.run(["sh", "-c", NETWORK.format(name=name)], check=False, capture_output=True)
    if made.returncode != 0:
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        pytest.skip("network namespaces need root")
    command = ["ip", "netns", "exec", name, sys.executable, "-c", CAMERA]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    yield name
    process.communicate("")
    subprocess.run(["ip", "netns", "del", name], check=True)


@pytest.fixture
def far_recorder(far_camera, recorder):
    """A recorder that records the far camera."""
    running = recorder(("CAM-01", "rtsp://10.77.0.2:8554/a"))
    running.wait_for("CAM-01", "recording", within_s=20)
    return running


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_F07_loss_and_delay_are_survived(far_camera, far_recorder):
    running = far_recorder
    shape = ["ip", "netns", "exec", far_camera, "tc", "qdisc", "replace", "dev", f"{far_camera}c", "root", "netem"]
    if subprocess.run([*shape, "loss", "20%", "delay", "500ms"], check=False, capture_output=True).returncode != 0:
        pytest.skip("this kernel loses and delays nothing on purpose (no netem)")
    time.sleep(20)
    subprocess.run([*shape, "delay", "0ms"], check=True)
    running.wait_for("CAM-01", "recording", within_s=60)
    assert running.end() == 0


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_F07_a_cut_link_is_survived(far_camera, far_recorder):
    running = far_recorder
    link = ["ip", "-n", far_camera, "link", "set", f"{far_camera}c"]
    subprocess.run([*link, "down"], check=True)
    running.wait_for("CAM-01", "silent", within_s=30)
    subprocess.run([*link, "up"], check=True)
    running.wait_for("CAM-01", "recording", within_s=90)
    assert running.end() == 0
    assert {gap.reason for gap in running.gaps("CAM-01")} <= set(GapReason)
