"""One camera of the recorder, from its first connection to its last: one object, one life."""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from binhyen.contracts import SECOND, CameraSpec, CameraState, CameraStatus, Clock, GapReason, Instant
from binhyen.media.feed import Reactor
from binhyen.media.packets import AccessUnit, ParameterSets, Sink
from binhyen.media.recorder.gate import ConnectGate
from binhyen.media.recorder.rates import Rates
from binhyen.media.sources.backoff import Backoff
from binhyen.media.sources.errors import SourceError
from binhyen.media.store import CameraWriter

log = logging.getLogger(__name__)

SILENT_AFTER_US = 10 * SECOND
RECONNECT_SILENT_AFTER_US = 30 * SECOND
STEADY_AFTER_US = 30 * SECOND  # only a connection that lasted this long makes the next wait short again
ANNOUNCE_EVERY_US = 10 * SECOND  # a camera that flaps is told of no more often than this
DAY_US = 86_400 * SECOND
_REPORTS = 8
LEISURELY_BYTES = 128 * 1024
"""A camera that sent less than this since it was last read may be read every second turn only: its receive buffer
(at least 400 KB on Linux) has room for three times as much."""
NOISE_BYTES = 4096  # more than reports and keepalives of ten seconds
_SILENT = "Camera có kết nối nhưng không gửi hình"
_GARBAGE = "Camera gửi dữ liệu không phải hình. Hãy khởi động lại camera hoặc kiểm tra mã hình"
_WORDS = {
    CameraState.CONNECTING: "đang kết nối",
    CameraState.RECORDING: "đang ghi",
    CameraState.SILENT: "không gửi hình",
    CameraState.FAILING: "không ghi được",
    CameraState.NO_SPACE: "hết chỗ",
    CameraState.DISABLED: "đã tắt ghi",
}
_TROUBLE = {
    GapReason.DISK_FULL: (CameraState.NO_SPACE, "Ổ đĩa đầy, không còn đoạn hình nào được phép xoá"),
    GapReason.DISK_SLOW: (CameraState.FAILING, "Ổ đĩa ghi không kịp"),
    GapReason.DISK_ERROR: (CameraState.FAILING, "Ổ đĩa báo lỗi khi ghi"),
}


class Source(Protocol):
    """A camera connection as the session drives it; every call may raise SourceError, after which it is closed."""

    @property
    def wants_write(self) -> bool: ...

    @property
    def bytes_received(self) -> int:
        """Everything that came, pictures or not."""
        ...

    def start(self) -> None: ...

    def fileno(self) -> int:
        """-1 where there is nothing to wait for, e.g. while a name is resolved or a thread reads."""
        ...

    def on_readable(self) -> None: ...

    def on_writable(self) -> None: ...

    def on_timer(self, now_monotonic: Instant) -> None: ...

    def close(self) -> None: ...


class Feed(Protocol):
    """Where pictures of watched cameras go."""

    def parameters(self, code: str, sets: ParameterSets) -> None: ...

    def unit(self, code: str, unit: AccessUnit) -> None: ...

    def ended(self, code: str, reason: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all sessions of a recorder share."""

    clock: Clock
    reactor: Reactor
    gate: ConnectGate
    feed: Feed
    open_source: Callable[[str, Sink], Source]
    random: Callable[[], float]
    changed: Callable[[CameraStatus], None]  # news for the centre, no more often than ANNOUNCE_EVERY_US per camera
    moved: Callable[[], None]  # some camera's state is another one now
    look_at_clock: Callable[[], None]  # before anything is read: what arrives is stamped by a clock that may be set


class CameraSession:
    """Connects, reads, records, notices silence, tries again. `turn` is called every quarter of a second."""

    def __init__(self, spec: CameraSpec, writer: CameraWriter, around: Surroundings) -> None:
        self.spec = spec
        self.watched = False
        self.sets: ParameterSets | None = None
        self.frames = 0
        self.octets = 0
        self.lost_packets = 0
        self._writer = writer
        self._around = around
        self._backoff = Backoff(around.random)
        self._source: Source | None = None
        self._registered = -1
        self._registered_writing = False
        self._streaming = False
        self._attempt_at = Instant(0)
        self._connected_at = Instant(0)
        self._progress_at = Instant(0)
        self._progress_frames = 0
        self._progress_bytes = 0
        self._quiet = False
        self._may_wait = False
        self._state = CameraState.CONNECTING
        self._error = ""
        self._since = around.clock.now()
        self._last_frame_at: Instant | None = None
        self._announced = CameraState.CONNECTING
        self._announce_at = Instant(0)
        self._rates = Rates()
        self._gaps: deque[Instant] = deque()
        self._offsets: deque[int] = deque(maxlen=_REPORTS)

    # -- life

    def turn(self, now: Instant) -> None:
        """Read what has arrived, keep the connection, judge the state. `now` is monotonic."""
        if not self.spec.recording:
            self._become(CameraState.DISABLED)
        elif self._source is None:
            self._try_to_connect(now)
        else:
            self._serve(self._read_and_tick, now)
            self._judge(now)
        if self._state != self._announced and now >= self._announce_at:
            self._announce(now)

    def respecify(self, spec: CameraSpec) -> None:
        """The desired state has changed."""
        moved = spec.url != self.spec.url or not spec.recording
        if moved and self.spec.recording:
            self.stop(GapReason.CONNECTION if spec.recording else GapReason.STOPPED)
            self._attempt_at = Instant(0)
        self.spec = spec

    def stop(self, reason: GapReason = GapReason.STOPPED) -> None:
        """Hang up and close the segment; the gap that begins has this reason."""
        self._hang_up()
        self._writer.fail(reason)

    def clock_stepped(self, by_us: int) -> None:
        """This machine's wall clock was set."""
        self._writer.clock_stepped(by_us)
        self._offsets.clear()

    def since_key(self) -> Iterable[AccessUnit]:
        return tuple(self._writer.group)

    def note_gap(self, start: Instant) -> None:
        """The store has opened a gap."""
        self._gaps.append(start)

    def note_rates(self, now: Instant) -> None:
        """Called every second or two."""
        self._rates.note(now, self.frames, self.octets)

    def status(self) -> CameraStatus:
        """As it stands."""
        sets = self.sets
        yesterday = self._around.clock.now() - DAY_US
        while self._gaps and self._gaps[0] < yesterday:
            self._gaps.popleft()
        return CameraStatus(
            camera=self.spec.code,
            state=self._state,
            since=self._since,
            frames_per_second=self._rates.frames_per_second,
            bits_per_second=self._rates.bits_per_second,
            last_frame_at=self._last_frame_at,
            gaps_last_day=len(self._gaps),
            clock_offset_us=max(self._offsets, default=None),
            codec=sets.mime if sets else "",
            width=sets.width if sets else 0,
            height=sets.height if sets else 0,
            error=self._error,
        )

    # -- what the source delivers

    def parameters(self, sets: ParameterSets) -> None:
        self.sets = sets
        self._writer.parameters(sets)
        if self.watched:
            self._around.feed.parameters(self.spec.code, sets)

    def access_unit(self, unit: AccessUnit) -> None:
        self.frames += 1
        self.octets += unit.size
        self._last_frame_at = unit.arrived_at
        self._writer.unit(unit)
        if self.watched:
            self._around.feed.unit(self.spec.code, unit)

    def lost(self, packets: int) -> None:
        # The source drops what is damaged; where that leaves a hole, the writer sees it in the time stamps.
        self.lost_packets += packets

    def sender_report(self, camera_clock: Instant, arrived_at: Instant) -> None:
        # A report is read up to a quarter of a second late, never early: the largest offset is the truest.
        self._offsets.append(camera_clock - arrived_at)

    # -- connection

    def _try_to_connect(self, now: Instant) -> None:
        if now < self._attempt_at or not self._around.gate.admits(now):
            return
        self._connected_at = self._progress_at = now
        self._progress_frames = self.frames
        self._progress_bytes = 0
        self._streaming = self._quiet = False
        self._serve(self._connect, now)

    def _connect(self, _now: Instant) -> None:
        self._source = self._around.open_source(self.spec.url, self)
        self._source.start()

    def _read_and_tick(self, now: Instant) -> None:
        source = self._source
        if source is None:
            return
        if self._registered < 0 and source.fileno() >= 0:
            if self._may_wait:
                self._may_wait = False
                return
            before = source.bytes_received
            source.on_readable()
            self._may_wait = 0 < source.bytes_received - before < LEISURELY_BYTES
            if source.wants_write:
                source.on_writable()
        source.on_timer(now)

    def _ready(self, readable: bool, writable: bool) -> None:
        self._serve(self._transfer, self._around.clock.monotonic(), readable, writable)

    def _transfer(self, _now: Instant, readable: bool, writable: bool) -> None:
        if self._source is not None and writable:
            self._source.on_writable()
        if self._source is not None and readable:
            self._source.on_readable()

    def _serve(self, step: Callable[..., None], now: Instant, *more: bool) -> None:
        self._around.look_at_clock()
        try:
            step(now, *more)
        except SourceError as error:
            self._lost_connection(error, now)
        self._register()

    def _register(self) -> None:
        """In the epoll set while it connects or is watched live; else it is read once a turn, which is cheapest."""
        source = self._source
        wanted = source.fileno() if source is not None and (self.watched or not self._streaming) else -1
        writing = source is not None and source.wants_write
        if wanted == self._registered:
            # While connecting always said again: after a redirect the new socket may have the old one's number.
            if wanted >= 0 and (writing != self._registered_writing or not self._streaming):
                self._around.reactor.change(wanted, writing=writing)
                self._registered_writing = writing
            return
        if self._registered >= 0:
            self._around.reactor.remove(self._registered)
        if wanted >= 0:
            self._around.reactor.add(wanted, self._ready, writing=writing)
        self._registered, self._registered_writing = wanted, writing

    def _hang_up(self) -> None:
        if self._registered >= 0:
            self._around.reactor.remove(self._registered)
            self._registered = -1
        if self._source is not None:
            self._source.close()
            self._source = None

    def _lost_connection(self, error: SourceError, now: Instant) -> None:
        self._hang_up()
        self._writer.fail(error.gap_reason)
        if self._connected_at and now - self._connected_at > STEADY_AFTER_US:
            self._backoff.succeeded()
        self._attempt_at = Instant(now + self._backoff.next_wait())
        self._become(CameraState.FAILING, str(error))
        if self.watched:
            self._around.feed.ended(self.spec.code, str(error))

    # -- state

    def _judge(self, now: Instant) -> None:
        if self._source is None:
            return
        if self._progress_frames != self.frames:
            self._progress_frames, self._progress_at, self._streaming = self.frames, now, True
            self._progress_bytes = self._source.bytes_received
            self._quiet = False
            trouble = _TROUBLE.get(self._writer.gap_reason) if self._writer.gap_reason else None
            if trouble is not None:
                self._become(*trouble)
            elif self._writer.writing:
                self._become(CameraState.RECORDING)
            return
        quiet_us = now - self._progress_at
        if quiet_us > SILENT_AFTER_US and not self._quiet:
            self._quiet = True
            self._fall_silent(self._source.bytes_received - self._progress_bytes)
        if quiet_us > RECONNECT_SILENT_AFTER_US:
            self._hang_up()
            self._attempt_at = Instant(now + self._backoff.next_wait())

    def _fall_silent(self, bytes_without_picture: int) -> None:
        noisy = bytes_without_picture > NOISE_BYTES
        self._writer.fail(GapReason.GARBAGE if noisy else GapReason.SILENT)
        self._become(CameraState.FAILING if noisy else CameraState.SILENT, _GARBAGE if noisy else _SILENT)
        if self.watched:
            self._around.feed.ended(self.spec.code, self._error)

    def _become(self, state: CameraState, error: str = "") -> None:
        self._error = error
        if state == self._state:
            return
        self._state = state
        self._since = self._around.clock.now()
        self._around.moved()

    def _announce(self, now: Instant) -> None:
        self._announced = self._state
        self._announce_at = Instant(now + ANNOUNCE_EVERY_US)
        # The reason may quote an address, and a household's stands in no log: it travels with the status alone.
        log.info("Camera %s: %s", self.spec.code, _WORDS[self._state])
        self._around.changed(self.status())
