"""The recorder process: sessions on one wheel and one epoll loop, the store behind them, the centre beside them."""

import fcntl
import json
import logging
import os
import queue
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from binhyen.contracts import (
    SECOND,
    CameraSpec,
    CameraStatus,
    Clock,
    EventKind,
    GapReason,
    Instant,
    NodeSpec,
    dump,
)
from binhyen.media.feed import FeedServer
from binhyen.media.packets import Sink
from binhyen.media.recorder.centre import CentreClient, CentreLink
from binhyen.media.recorder.files import write_private
from binhyen.media.recorder.gate import ConnectGate
from binhyen.media.recorder.reactor import EpollReactor
from binhyen.media.recorder.session import CameraSession, Source, Surroundings
from binhyen.media.recorder.spool import new_event
from binhyen.media.recorder.wheel import Wheel
from binhyen.media.store import CameraWriter, FootageStore, KeepingRules, StoreOptions, shard_of
from binhyen.media.store.layout import RUN, SPOOL

log = logging.getLogger(__name__)

REPORT_EVERY_US = 2 * SECOND
REPORT_SOON_US = SECOND // 4
STEP_NOTICED_US = SECOND
GAP_NEWS_EVERY_US = 10 * SECOND
RECOVER_AGAIN_AFTER_S = 2.0


class NodeInUse(Exception):
    """Another recorder has this data folder and shard."""


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """What the command line says. `shard` counts from 0."""

    data: Path
    shard: int = 0
    shards: int = 1
    store: StoreOptions = field(default_factory=StoreOptions)
    spec: NodeSpec | None = None  # instead of a centre's


class RecorderNode:
    """`run` returns after `stop` (from any thread or signal) with every segment closed."""

    def __init__(
        self,
        options: NodeOptions,
        *,
        clock: Clock,
        open_source: Callable[[str, Sink], Source],
        random: Callable[[], float],
        client: CentreClient | None = None,
    ) -> None:
        self._options, self._clock = options, clock
        for folder in (RUN, SPOOL):
            (options.data / folder).mkdir(parents=True, exist_ok=True)
        self._lock_fd = _lock(options.data / RUN / f"record-{options.shard}.lock")
        self._reactor = EpollReactor()
        self._store = FootageStore(
            options.data,
            shard=options.shard,
            clock=clock,
            gap=self._gap_opened,
            room=self._room_changed,
            owns=self._is_mine,
            options=options.store,
        )
        self._feed = FeedServer(self._run_path("feed-{}.sock"), self._reactor, self._find)
        self._link = CentreLink(
            client,
            clock=clock,
            kept_spec=options.data / SPOOL / f"spec-{options.shard}.json",
            spool=options.data / SPOOL / f"events-{options.shard}.sqlite3",
            wanted=self._wanted,
            statuses=lambda: self._statuses,
        )
        gate = ConnectGate()
        news = (self._state_changed, self._report_soon, self._watch_clock)
        self._around = Surroundings(clock, self._reactor, gate, self._feed, open_source, random, *news)
        self._wheel = Wheel(clock.monotonic())
        self._sessions: dict[str, CameraSession] = {}
        self._recovering: set[str] = set()
        self._wished: dict[str, CameraSpec] = {}
        self._mail: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._to_recover: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._statuses: list[CameraStatus] = []
        self._statuses_are_old = False
        self._gap_news: dict[str, tuple[Instant, int]] = {}
        self._stopping = False
        self._report_at = Instant(0)
        self._wall_minus_monotonic = clock.now() - clock.monotonic()

    def run(self) -> None:
        """Record until stopped."""
        recovery = threading.Thread(target=self._recover_cameras, name="recovery", daemon=True)
        recovery.start()
        self._store.start(KeepingRules({}))
        self._link.tell(new_event(EventKind.NODE_STARTED, self._clock, shard=str(self._options.shard)))
        self._link.start()
        if self._options.spec is not None:
            self._wanted(self._options.spec)
        while not self._stopping:
            self._turn()
        self._close()

    def stop(self) -> None:
        """End `run` soon; safe in a signal handler."""
        self._stopping = True
        self._reactor.wake()

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the recording cleanly. Call from the main thread."""

        def ended(_signal: int, _frame: FrameType | None) -> None:
            self.stop()

        signal.signal(signal.SIGTERM, ended)
        signal.signal(signal.SIGINT, ended)

    # -- the loop

    def _turn(self) -> None:
        now = self._clock.monotonic()
        self._reactor.turn((self._wheel.next_at - now) / SECOND)
        while not self._mail.empty():
            self._mail.get()()
        self._watch_clock()
        now = self._clock.monotonic()
        for session in self._wheel.due(now):
            session.turn(now)
        self._store.wake()
        if self._statuses_are_old:
            self._refresh_statuses()
            self._link.status_changed()
        if now >= self._report_at:
            self._report_at = Instant(now + REPORT_EVERY_US)
            self._report(now)

    def _watch_clock(self) -> None:
        difference = self._clock.now() - self._clock.monotonic()
        step_us = difference - self._wall_minus_monotonic
        self._wall_minus_monotonic = difference  # slow corrections are followed, not noticed
        if abs(step_us) < STEP_NOTICED_US:
            return
        log.warning("Đồng hồ máy bị chỉnh %+.1f giây; đoạn hình kế tiếp được đánh dấu", step_us / SECOND)
        self._link.tell(new_event(EventKind.CLOCK_STEP, self._clock, by_us=str(step_us)))
        for session in self._sessions.values():
            session.clock_stepped(step_us)

    def _report_soon(self) -> None:
        self._report_at = min(self._report_at, Instant(self._clock.monotonic() + REPORT_SOON_US))

    def _report(self, now: Instant) -> None:
        for session in self._sessions.values():
            session.note_rates(now)
        self._refresh_statuses()
        state = {
            "written_at": self._clock.now(),
            "shard": self._options.shard,
            "shards": self._options.shards,
            "lost_packets": sum(session.lost_packets for session in self._sessions.values()),
            "cameras": dump(self._statuses),
        }
        try:
            write_private(self._run_path("status-{}.json"), json.dumps(state, ensure_ascii=False).encode())
        except OSError as error:
            log.error("Không ghi được tệp trạng thái: %s", error.strerror)

    def _refresh_statuses(self) -> None:
        self._statuses = [session.status() for session in self._sessions.values()]
        self._statuses_are_old = False

    def _close(self) -> None:
        self._to_recover.put(None)
        for session in self._sessions.values():
            session.stop()
        self._report(self._clock.monotonic())
        self._feed.close()
        if not self._store.close():
            log.error("Ổ đĩa không nhận hết dữ liệu khi dừng; lần khởi động sau sẽ sửa các đoạn còn dở")
        self._link.close()
        self._reactor.close()
        os.close(self._lock_fd)

    # -- desired state

    def _is_mine(self, camera: str) -> bool:
        return shard_of(camera, self._options.shards) == self._options.shard

    def _wanted(self, spec: NodeSpec) -> None:
        self._post(lambda: self._adopt(spec))

    def _adopt(self, spec: NodeSpec) -> None:
        mine = {camera.code: camera for camera in spec.cameras if self._is_mine(camera.code)}
        self._store.keeper.rules = KeepingRules(
            retention_days={camera.code: camera.retention_days for camera in spec.cameras},
            holds=spec.holds,
            quota_bytes=spec.quota_bytes // self._options.shards,
            forget=tuple(code for code in spec.forget if self._is_mine(code)),
        )
        self._wished = mine
        for code in self._sessions.keys() - mine.keys():
            session = self._sessions.pop(code)
            session.stop()
            self._wheel.remove(session)
            self._feed.ended(code, "Camera đã được gỡ khỏi hệ thống")
        for code, camera in mine.items():
            if code in self._sessions:
                self._sessions[code].respecify(camera)
            elif code not in self._recovering:
                self._recovering.add(code)
                self._to_recover.put(code)

    def _recover_cameras(self) -> None:
        """A thread: what a crash left open is repaired camera by camera, while others already record."""
        while (code := self._to_recover.get()) is not None:
            try:
                self._store.recover(code, self._clock.now())
                writer = self._store.writer(code)
            except (OSError, sqlite3.Error) as error:
                log.error("Camera %s: chưa mở được kho hình, sẽ thử lại: %s", code, error)
                self._to_recover.put(code)
                time.sleep(RECOVER_AGAIN_AFTER_S)
                continue
            self._post(lambda code=code, writer=writer: self._begin(code, writer))  # type: ignore[misc]  # bound now

    def _begin(self, code: str, writer: CameraWriter) -> None:
        self._recovering.discard(code)
        spec = self._wished.get(code)
        if spec is None:
            return
        session = CameraSession(spec, writer, self._around)
        session.watched = self._feed.is_watched(code)
        self._sessions[code] = session
        self._wheel.add(session)

    # -- news

    def _post(self, action: Callable[[], None]) -> None:
        self._mail.put(action)
        self._reactor.wake()

    def _find(self, code: str) -> CameraSession | None:
        return self._sessions.get(code)

    def _state_changed(self, status: CameraStatus) -> None:
        detail = {"state": status.state.value, "error": status.error}
        self._link.tell(new_event(EventKind.CAMERA_STATE, self._clock, status.camera, **detail))
        self._statuses_are_old = True

    def _gap_opened(self, camera: str, start: Instant, reason: GapReason) -> None:
        """Called from the loop, or from the recovery of a camera that has no session yet."""
        session = self._sessions.get(camera)
        if session is not None:
            session.note_gap(start)
        told_at, untold = self._gap_news.get(camera, (Instant(-GAP_NEWS_EVERY_US), 0))
        now = self._clock.monotonic()
        if now - told_at < GAP_NEWS_EVERY_US:
            self._gap_news[camera] = (told_at, untold + 1)
            return
        self._gap_news[camera] = (now, 0)
        detail = {"reason": reason.value, "start": str(start), "untold": str(untold)}
        self._link.tell(new_event(EventKind.GAP, self._clock, camera, **detail))

    def _room_changed(self, folder: Path, has_room: bool) -> None:
        """Called from the keeper's thread."""
        state = "room" if has_room else "full"
        log.warning("Ổ %s: %s", folder, "đã có chỗ trở lại" if has_room else "đầy, không còn gì được phép xoá")
        self._link.tell(new_event(EventKind.DISK, self._clock, volume=str(folder), state=state))

    def _run_path(self, pattern: str) -> Path:
        return self._options.data / RUN / pattern.format(self._options.shard)


def _lock(path: Path) -> int:
    """Held as long as the process lives; the system lets go of it however the process ends."""
    fd = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(fd, 32).decode(errors="replace").strip()
        os.close(fd)
        raise NodeInUse(
            f"Thư mục dữ liệu {path.parent.parent} đang được một tiến trình ghi hình khác dùng (pid {owner})."
            " Hãy dừng tiến trình đó hoặc chọn thư mục khác."
        ) from None
    os.ftruncate(fd, 0)
    os.write(fd, f"{os.getpid()}\n".encode())
    return fd
