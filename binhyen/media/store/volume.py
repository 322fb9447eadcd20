"""One disk that footage is written to: one writer thread, one bounded queue, one state.

What the recorder hands in is taken whole or refused with the reason, at once; nothing here makes it wait.
"""

import errno
import hashlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from binhyen.contracts import SECOND, Clock, GapReason, Instant, Segment
from binhyen.media.store.disk import Disk, SystemDisk
from binhyen.media.store.index import Change, number_taken, segment_closed, segment_left, segment_opened
from binhyen.media.store.layout import SegmentName

log = logging.getLogger(__name__)

QUEUE_BYTES_MAX = 64 * 1024 * 1024
RETRY_AFTER_US = 5 * SECOND
SYNC_EVERY_S = 5.0
_NEVER = Instant(0)
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(slots=True, eq=False)
class SegmentFile:
    """A segment being written. The recorder fills it in, the writer thread owns what begins with `_`.

    `failed` tells the recorder that nothing more will reach this file, `written_until` how far it got.
    """

    name: SegmentName
    start: Instant
    codec: str
    width: int
    height: int
    failed: GapReason | None = None
    written_until: Instant = _NEVER
    frames: int = 0
    size_bytes: int = 0
    _fd: int = -1
    _torn: bool = False  # what stands behind the last whole fragment could not be cut off
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def segment(self) -> Segment:
        """The row of the index, once closed."""
        name = replace(self.name, part=False)
        return Segment(
            camera=name.camera,
            number=name.number,
            path=name.path,
            start=self.start,
            end=self.written_until,
            size_bytes=self.size_bytes,
            frames=self.frames,
            codec=self.codec,
            width=self.width,
            height=self.height,
            sha256=self._hash.hexdigest(),
            repaired=name.repaired,
            clock_stepped=name.clock_stepped,
        )


@dataclass(frozen=True, slots=True)
class _Job:
    file: SegmentFile
    content: tuple[bytes, ...] = ()
    size: int = 0
    frames: int = 0
    until: Instant = _NEVER
    first: bool = False
    last: bool = False


class Volume:
    """`folder` holds the camera folders; `commit` takes rows for the index from the writer thread."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        commit: Callable[..., None],
        disk: Disk | None = None,
        queue_bytes_max: int = QUEUE_BYTES_MAX,
        sync_every_s: float = SYNC_EVERY_S,
    ) -> None:
        self.folder = folder
        self.disk = disk or SystemDisk()
        self.full = False
        self.out_of_space = threading.Event()  # set when a write met a full disk; the keeper clears it
        self._clock, self._commit = clock, commit
        self._queue_bytes_max = queue_bytes_max
        self._jobs: deque[_Job] = deque()
        self._queued_bytes = 0
        self._written_bytes = 0
        self._slow = False
        self._retry_at: Instant | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._writer = threading.Thread(target=self._run, name=f"writer {folder.name}", daemon=True)
        self._writer.start()
        syncing = threading.Thread(target=self._sync, args=(sync_every_s,), name=f"sync {folder.name}", daemon=True)
        syncing.start()

    @property
    def waiting_bytes(self) -> int:
        """What has been taken and not yet been written."""
        return self._queued_bytes - self._written_bytes

    def refusal(self) -> GapReason | None:
        """Why nothing can be written now; None when all is well."""
        if self._slow and self.waiting_bytes * 2 > self._queue_bytes_max:
            return GapReason.DISK_SLOW
        self._slow = False
        if self.full:
            return GapReason.DISK_FULL
        if self._retry_at is not None and self._clock.monotonic() < self._retry_at:
            return GapReason.DISK_ERROR
        return None

    def open(self, file: SegmentFile, content: tuple[bytes, ...]) -> None:
        """Create the file with what comes before the first fragment. Call after `refusal()` said None."""
        self._put(_Job(file, content, sum(map(len, content)), first=True, until=file.start))

    def append(
        self, file: SegmentFile, content: tuple[bytes, ...], *, size: int, frames: int, until: Instant
    ) -> GapReason | None:
        """One whole fragment, which ends at `until`; or the reason why it was not taken."""
        if file.failed is not None:
            return file.failed
        if self.waiting_bytes + size > self._queue_bytes_max:
            self._slow = True
            return GapReason.DISK_SLOW
        self._put(_Job(file, content, size, frames, until))
        return None

    def finish(self, file: SegmentFile) -> None:
        """Close, name and index the file. Always taken."""
        self._put(_Job(file, last=True))

    def wake(self) -> None:
        """Let the writer work on what was handed in; called once for many hand-ins."""
        if self._jobs:
            self._wake.set()

    def close(self, *, timeout_s: float = 30.0) -> bool:
        """Write what waits and stop; False when the disk did not take it in time."""
        self._stopping.set()
        self._wake.set()
        self._writer.join(timeout_s)
        return not self._writer.is_alive()

    # -- the writer thread

    def _put(self, job: _Job) -> None:
        self._queued_bytes += job.size
        self._jobs.append(job)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._jobs:
                job = self._jobs.popleft()
                self._perform(job)
                self._written_bytes += job.size
            if self._stopping.is_set() and not self._jobs:
                return

    def _perform(self, job: _Job) -> None:
        file = job.file
        try:
            if job.first:
                self._create(file)
            if job.content and file.failed is None:
                self._write(file, job)
        except OSError as error:
            self._fail(file, error)
        if job.last and file._fd >= 0:
            self._finish(file)

    def _create(self, file: SegmentFile) -> None:
        file._fd = self.disk.create(self.folder / file.name.path)
        self._commit(segment_opened(file.name), number_taken(file.name.camera, file.name.number))

    def _write(self, file: SegmentFile, job: _Job) -> None:
        content = b"".join(job.content)
        self.disk.write(file._fd, content)
        file._hash.update(content)
        file.size_bytes += len(content)
        file.frames += job.frames
        file.written_until = job.until
        self._retry_at = None

    def _fail(self, file: SegmentFile, error: OSError) -> None:
        full = error.errno in _FULL
        file.failed = GapReason.DISK_FULL if full else GapReason.DISK_ERROR
        log.error("Không ghi được %s: %s", self.folder / file.name.path, error.strerror)
        if full:
            self.full = True
            self.out_of_space.set()
        else:
            self._retry_at = Instant(self._clock.monotonic() + RETRY_AFTER_US)
        if file._fd >= 0:
            file._torn = not self._attempt(lambda: self.disk.truncate(file._fd, file.size_bytes))

    def _finish(self, file: SegmentFile) -> None:
        self._attempt(lambda: self.disk.close(file._fd))
        file._fd = -1
        part, final = self.folder / file.name.path, self.folder / replace(file.name, part=False).path
        rows: list[Change] = [segment_left(file.name.camera)]
        if file.frames == 0:
            self._attempt(lambda: self.disk.unlink(part))
        elif not file._torn and self._attempt(lambda: self.disk.rename(part, final)):
            rows.append(segment_closed(file.segment()))
        self._commit(*rows)

    def _attempt(self, action: Callable[[], None]) -> bool:
        """Do what a failing disk may refuse; what is left behind is repaired at the next start."""
        try:
            action()
        except OSError as error:
            log.error("Ổ %s: %s", self.folder, error.strerror)
            return False
        return True

    def _sync(self, every_s: float) -> None:
        synced = 0
        while not self._stopping.wait(every_s):
            if self._written_bytes != synced:
                synced = self._written_bytes
                self._attempt(lambda: self.disk.sync(self.folder))
