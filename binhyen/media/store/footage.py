"""The store of one recorder process: volumes, index, journal, keeper and segment numbers, with one life."""

import logging
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from binhyen.contracts import Clock, Gap, GapReason, Instant, Segment
from binhyen.media.store.camera_writer import CameraWriter
from binhyen.media.store.disk import Disk
from binhyen.media.store.index import (
    SegmentIndex,
    gap_found,
    gap_opened,
    number_taken,
    segment_closed,
    segment_left,
)
from binhyen.media.store.journal import IndexJournal
from binhyen.media.store.keeper import Keeper, KeepingRules
from binhyen.media.store.layout import STORE, cameras_on_disk, index_path, segments_on_disk
from binhyen.media.store.repair import rebuild, repair_latest
from binhyen.media.store.volume import QUEUE_BYTES_MAX, SYNC_EVERY_S, Volume

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """What an operator or a test may choose. `folders` empty: footage lies in the data folder itself."""

    folders: tuple[Path, ...] = ()
    disks: tuple[Disk, ...] = ()
    reserve_bytes: int | None = None
    queue_bytes_max: int = QUEUE_BYTES_MAX
    sync_every_s: float = SYNC_EVERY_S


class FootageStore:
    """`owns` says which cameras are this process's.

    `gap` is told of each gap when it opens, `room` of each volume that fills up or has room again.
    """

    def __init__(
        self,
        data: Path,
        *,
        shard: int,
        clock: Clock,
        gap: Callable[[str, Instant, GapReason], None],
        room: Callable[[Path, bool], None],
        owns: Callable[[str], bool] = lambda _: True,
        options: StoreOptions | None = None,
    ) -> None:
        options = options or StoreOptions()
        self.folder = data / STORE
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clock, self._gap = clock, gap
        self._numbers: dict[str, int] = {}
        self._placed: dict[str, Volume] = {}
        file = index_path(self.folder, shard)
        if not _is_usable(file):
            mine = [each for each in cameras_on_disk(self.folder) if owns(each)]
            if mine:
                log.warning("Không có chỉ mục kho hình dùng được, dựng lại từ các tệp hình")
            rebuild(self.folder, file, cameras=mine)
        self.index = SegmentIndex(file)
        self.journal = IndexJournal(self.index)
        self.volumes = self._open_volumes(options)
        self.keeper = Keeper(
            self.index,
            self.volumes,
            clock=clock,
            volume_of=self.volume_of,
            report=lambda volume, has_room: room(volume.folder, has_room),
            reserve_bytes=options.reserve_bytes,
        )

    def start(self, rules: KeepingRules) -> None:
        """Begin to delete what the rules no longer keep."""
        self.keeper.rules = rules
        self.keeper.start()

    def wake(self) -> None:
        """Let the writers take up what was handed in."""
        for volume in self.volumes:
            volume.wake()

    def close(self) -> bool:
        """Write what waits; False when a disk did not take it."""
        self.keeper.close()
        all_written = sum(volume.close() for volume in self.volumes) == len(self.volumes)
        self.journal.close()
        self.index.close()
        return all_written

    # -- cameras

    def writer(self, camera: str) -> CameraWriter:
        """The way to disk of one camera; what was open when the recorder died is closed first (see `recover`)."""
        open_gap = self.index.find_open_gap(camera)
        return CameraWriter(
            camera,
            volume=self.volume_of(camera),
            clock=self._clock,
            number=self._next_number,
            commit=self.journal.put,
            gap=self._gap,
            open_gap=open_gap.reason if open_gap else None,
        )

    def recover(self, camera: str, now: Instant) -> list[Segment]:
        """Repair what a crash left open, and say what it cost: a gap that still goes on. Returns what was repaired.

        After a clean stop there is nothing to do: a gap with its reason is already open.
        """
        index = self.index
        repaired = repair_latest(self.folder, index, camera)
        index.write([segment_left(camera), *(segment_closed(each) for each in repaired)])
        index.write(number_taken(camera, each.number) for each in repaired)
        latest = index.find_latest(camera)
        open_gap = index.find_open_gap(camera)
        if latest and open_gap is None and latest[0].end < now:
            index.write([gap_opened(camera, latest[0].end, GapReason.CRASH)])
            self._gap(camera, latest[0].end, GapReason.CRASH)
        return repaired

    def record_gap(self, gap: Gap) -> None:
        """A gap whose both ends are known."""
        self.journal.put(gap_found(gap))

    def volume_of(self, camera: str) -> Volume:
        """Where a camera's folder lies; a new camera is given a volume, and stays there."""
        if camera not in self._placed:
            self._placed[camera] = self._place(camera)
        return self._placed[camera]

    # -- inside

    def _open_volumes(self, options: StoreOptions) -> list[Volume]:
        """Those that were asked for, and those that hold footage from before."""
        asked = [folder.resolve() for folder in options.folders] or [self.folder]
        earlier = {_home(self.folder, camera) for camera in cameras_on_disk(self.folder)} - set(asked)
        self._spread_over = len(asked)
        folders = asked + sorted(earlier)
        disks: list[Disk | None] = [*options.disks, *(None,) * (len(folders) - len(options.disks))]
        return [
            Volume(
                folder,
                clock=self._clock,
                commit=self.journal.put,
                disk=disk,
                queue_bytes_max=options.queue_bytes_max,
                sync_every_s=options.sync_every_s,
            )
            for folder, disk in zip(folders, disks, strict=True)
        ]

    def _place(self, camera: str) -> Volume:
        home = self.folder / camera
        if home.is_symlink() or home.is_dir():
            there = _home(self.folder, camera)
            return next((each for each in self.volumes if each.folder == there), self.volumes[0])
        chosen = self.volumes[zlib.crc32(b"volume" + camera.encode()) % self._spread_over]
        if chosen.folder != self.folder:
            (chosen.folder / camera).mkdir(exist_ok=True)
            home.symlink_to(chosen.folder / camera)
        return chosen

    def _next_number(self, camera: str) -> int:
        if camera not in self._numbers:
            on_disk = max((name.number for name in segments_on_disk(self.folder, camera, latest_days=2)), default=0)
            self._numbers[camera] = max(self.index.highest_number(camera), on_disk)
        self._numbers[camera] += 1
        return self._numbers[camera]


def _home(store: Path, camera: str) -> Path:
    """The volume that holds a camera's folder."""
    folder = store / camera
    return folder.readlink().parent if folder.is_symlink() else store


def _is_usable(file: Path) -> bool:
    if not file.exists():
        return False
    try:
        index = SegmentIndex(file)
        index.cameras()
        index.close()
    except Exception as error:  # noqa: BLE001  whatever is wrong with it, the files make it new
        log.warning("%s: %s", file, error)
        return False
    return True
