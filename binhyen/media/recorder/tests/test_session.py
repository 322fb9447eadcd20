"""One camera of the recorder over hours that pass at once: what its viewers are told, when it is called again."""

from dataclasses import dataclass, field

import pytest

from binhyen.contracts import SECOND, CameraSpec, CameraState, GapReason, Instant
from binhyen.media.packets import AccessUnit
from binhyen.media.recorder.gate import ConnectGate
from binhyen.media.recorder.session import CameraSession, Surroundings
from binhyen.media.recorder.tests.test_storm import NoReactor, Paper
from binhyen.media.sources.errors import CameraUnreachable
from binhyen.media.store.tests.conftest import HandClock
from binhyen.media.store.tests.film import film

TURN_US = SECOND // 4
NO_WAY = "Không có đường mạng tới camera."


@dataclass
class Viewers:
    """What who watches is given."""

    given: list = field(default_factory=list)

    def parameters(self, code, sets):
        self.given.append(("parameters", code, sets))

    def unit(self, code, unit):
        self.given.append(("unit", code, unit.arrived_at))

    def ended(self, code, reason):
        self.given.append(("ended", code, reason))


class Camera:
    """Does at each turn what it is told: "pictures", "nothing" or "gone"."""

    bytes_received = 0

    def __init__(self, clock):
        self.clock, self.does, self.called_at, self.closed = clock, "pictures", [], 0
        self.waiting_to_write, self.written = False, 0

    def open(self, _url, sink):
        self.sink = sink
        return self

    @property
    def wants_write(self):
        return self.waiting_to_write

    def start(self):
        self.called_at.append(self.clock.steady)
        self.on_readable()

    def fileno(self):
        return 3

    def on_readable(self):
        if self.does == "gone":
            raise CameraUnreachable(NO_WAY)
        if self.does == "pictures":
            self.sink.access_unit(AccessUnit([b""], 0, 0, True, self.clock.now()))

    def on_writable(self):
        self.waiting_to_write, self.written = False, self.written + 1

    def on_timer(self, _now):
        self.on_readable()  # nothing else calls it while it is watched: there is no reactor

    def close(self):
        self.closed += 1


@dataclass
class Street:
    clock: HandClock
    camera: Camera
    viewers: Viewers
    session: CameraSession

    def pass_time(self, seconds):
        for _ in range(round(seconds * SECOND / TURN_US)):
            self.clock.advance(TURN_US)
            self.session.turn(self.clock.monotonic())

    @property
    def state(self):
        return self.session.status().state


@pytest.fixture
def street():
    clock, viewers = HandClock(), Viewers()
    camera = Camera(clock)
    nobody = (lambda status: None, lambda: None, lambda: None)
    # chance says 0.99: every wait is nearly as long as it may be
    around = Surroundings(clock, NoReactor(), ConnectGate(), viewers, camera.open, lambda: 0.99, *nobody)
    made = Street(clock, camera, viewers, CameraSession(CameraSpec("CAM-01", "rtsp://x"), Paper(), around))
    made.pass_time(1)
    return made


def test_who_watches_gets_new_parameters_pictures_and_the_reason_of_the_end(street):
    street.camera.sink.parameters(film().sets)
    assert street.viewers.given == []
    street.session.watched = True
    street.camera.sink.parameters(film(width=640, height=480).sets)
    street.pass_time(0.25)
    street.camera.does = "gone"
    street.pass_time(0.25)
    sets, *pictures, end = street.viewers.given
    assert sets == ("parameters", "CAM-01", film(width=640, height=480).sets)
    assert {kind for kind, *_ in pictures} == {"unit"}
    assert end == ("ended", "CAM-01", NO_WAY)
    assert (street.state, street.session.status().error) == (CameraState.FAILING, NO_WAY)


def test_F06_a_camera_that_falls_silent_is_told_to_who_watches_and_called_anew(street):
    street.session.watched = True
    street.camera.does = "nothing"
    street.pass_time(11)
    assert street.state == CameraState.SILENT
    assert street.viewers.given[-1] == ("ended", "CAM-01", "Camera có kết nối nhưng không gửi hình")
    calls = len(street.camera.called_at)
    street.pass_time(25)
    assert len(street.camera.called_at) == calls + 1
    street.camera.does = "pictures"
    street.pass_time(1)
    assert street.state == CameraState.RECORDING


def wait_after_a_break_s(street):
    """Break the connection; the seconds until the camera, which works again, is called."""
    street.camera.does = "gone"
    street.pass_time(0.25)
    broke_at, calls = street.clock.steady, len(street.camera.called_at)
    street.camera.does = "pictures"
    while len(street.camera.called_at) == calls:
        street.pass_time(0.25)
    return (street.camera.called_at[-1] - broke_at) / SECOND


def test_only_a_connection_that_lasted_makes_the_next_wait_short_again(street):
    waits = [wait_after_a_break_s(street) for _ in range(4)]
    assert waits == sorted(set(waits))
    street.pass_time(20)
    assert wait_after_a_break_s(street) > waits[-1]
    street.pass_time(31)
    assert (street.state, wait_after_a_break_s(street)) == (CameraState.RECORDING, waits[0])


def test_gaps_of_the_last_day_are_counted_and_older_ones_are_not(street):
    began = Instant(street.clock.now())
    for hours in (0, 1, 23):
        street.session.note_gap(Instant(began + hours * 3600 * SECOND))
    street.clock.wall = began + int(24.5 * 3600) * SECOND
    assert street.session.status().gaps_last_day == 2


def test_what_the_source_has_to_say_is_sent_at_its_turn(street):
    street.pass_time(1)
    street.camera.waiting_to_write = True
    street.pass_time(0.25)
    assert street.camera.written == 1


def test_a_stop_hangs_up_and_says_why(street):
    street.session.stop(GapReason.STOPPED)
    assert (street.camera.closed, street.session._writer.gap_reason) == (1, GapReason.STOPPED)
