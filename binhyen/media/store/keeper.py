"""What leaves the disk, and when: days per camera, bytes per node, room for what is being recorded now.

A hold outranks everything: what a case keeps is never deleted, rather recording stops and says so.
"""

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from binhyen.contracts import SECOND, Clock, Hold, Instant, Segment
from binhyen.media.store.index import SegmentIndex, gaps_forgotten, held
from binhyen.media.store.volume import Volume

log = logging.getLogger(__name__)

DAY_US = 86_400 * SECOND
LOOK_EVERY_S = 1.0
EXPIRE_EVERY_US = 60 * SECOND
RESERVE_BYTES_MAX = 2 * 1024**3
RESERVE_SHARE = 20  # one part in twenty of the disk
_PAGE = 200


@dataclass(frozen=True, slots=True)
class KeepingRules:
    """What the desired state says about keeping. Cameras not named keep `default_days`."""

    retention_days: dict[str, int]
    holds: tuple[Hold, ...] = ()
    quota_bytes: int = 0
    forget: tuple[str, ...] = ()
    default_days: int = 30

    def days(self, camera: str) -> int:
        return self.retention_days.get(camera, self.default_days)


class Keeper:
    """Deletes by the rules, in a thread of its own or step by step in a test.

    `reserve_bytes` is what stays free on each volume; by default a twentieth of it, at most 2 GiB.
    `report` is told of every change between "there is room" and "there is none", per volume.
    """

    def __init__(
        self,
        index: SegmentIndex,
        volumes: Sequence[Volume],
        *,
        clock: Clock,
        volume_of: Callable[[str], Volume],
        report: Callable[[Volume, bool], None],
        reserve_bytes: int | None = None,
    ) -> None:
        self.rules = KeepingRules({})
        self._index, self._volumes, self._clock = index, volumes, clock
        self._volume_of, self._report, self._reserve_bytes = volume_of, report, reserve_bytes
        self._expire_at = Instant(0)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._thread.start()

    def close(self, *, timeout_s: float = 10.0) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def step(self) -> None:
        """One look at everything: expiry when due, then room on each volume."""
        if self._clock.monotonic() >= self._expire_at:
            self.expire()
            self._expire_at = Instant(self._clock.monotonic() + EXPIRE_EVERY_US)
        for camera in self.rules.forget:
            self.forget(camera)
        within_quota = self._keep_quota()
        for volume in self._volumes:
            self._make_room(volume, within_quota=within_quota)

    def expire(self) -> int:
        """Delete what is older than its camera's days and not held; the number of files deleted."""
        gone = 0
        for camera in self._index.cameras():
            before = Instant(self._clock.now() - self.rules.days(camera) * DAY_US)
            gone += len(self._delete(self._unheld(self._index.expired(camera, before))))
            self._index.write([gaps_forgotten(camera, before)])
        return gone

    def forget(self, camera: str) -> list[Segment]:
        """A camera has withdrawn: delete all of it that no hold keeps. Returns what was deleted."""
        return self._delete(self._unheld(self._index.find_segments(camera)))

    # -- room

    def _keep_quota(self) -> bool:
        """Delete the oldest beyond the quota; False when holds alone exceed it."""
        if not self.rules.quota_bytes:
            return True
        over = self._index.total_bytes() - self.rules.quota_bytes
        return over <= 0 or self._free_oldest(over) >= over

    def _make_room(self, volume: Volume, *, within_quota: bool) -> None:
        try:
            has_room = self._keep_reserve(volume) and within_quota
        except OSError as error:
            log.error("Không đọc được dung lượng của %s: %s", volume.folder, error.strerror)
            return
        if volume.full == has_room:
            volume.full = not has_room
            self._report(volume, has_room)

    def _keep_reserve(self, volume: Volume) -> bool:
        """Delete the oldest until the reserve is free; False when recording has to stop.

        Half of the reserve is lent before recording stops; all of it must be back before it goes on.
        """
        reserve, refused = self._reserve(volume), volume.out_of_space.is_set()
        missing = reserve - volume.disk.space(volume.folder).free_bytes
        wanted = max(missing, reserve // 4 if refused else 0)
        freed = self._free_oldest(wanted, on=volume) if wanted > 0 else 0
        if freed >= wanted or missing <= 0:
            volume.out_of_space.clear()
            return True
        lent = (missing - freed) * 2 <= reserve
        return lent and not refused and not volume.full

    def _reserve(self, volume: Volume) -> int:
        if self._reserve_bytes is not None:
            return self._reserve_bytes
        return min(RESERVE_BYTES_MAX, volume.disk.space(volume.folder).total_bytes // RESERVE_SHARE)

    def _free_oldest(self, wanted: int, *, on: Volume | None = None) -> int:
        freed, after = 0, (Instant(-1), "", 0)
        while freed < wanted and (page := self._index.oldest(_PAGE, after=after)):
            after = (page[-1].start, page[-1].camera, page[-1].number)
            chosen, size = [], 0
            for segment in self._unheld(each for each in page if on in (None, self._volume_of(each.camera))):
                if freed + size >= wanted:
                    break
                chosen.append(segment)
                size += segment.size_bytes
            freed += sum(each.size_bytes for each in self._delete(chosen))
        return freed

    # -- deleting

    def _unheld(self, segments: Iterable[Segment]) -> list[Segment]:
        holds = self.rules.holds
        return [segment for segment in segments if not held(segment, holds)]

    def _delete(self, segments: Iterable[Segment]) -> list[Segment]:
        """File first, row after: a crash in between leaves a row without a file, which is deleted again."""
        gone: list[Segment] = []
        folders: set[Path] = set()
        for segment in segments:
            volume = self._volume_of(segment.camera)
            path = volume.folder / segment.path
            try:
                volume.disk.unlink(path)
            except FileNotFoundError:
                pass
            except OSError as error:
                log.error("Không xoá được %s: %s", path, error.strerror)
                continue
            gone.append(segment)
            folders.add(path.parent)
        self._index.forget_segments(gone)
        for folder in folders:
            _remove_if_empty(folder)
        return gone

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            try:
                self.step()
            except (sqlite3.Error, OSError) as error:
                log.error("Chưa dọn được kho hình, sẽ thử lại: %s", error)


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not empty, or the disk refuses: the next night will do
        folder.rmdir()
