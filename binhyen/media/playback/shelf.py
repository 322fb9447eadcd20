"""The recorded footage of this node, found by camera and time.

Reads the indexes of the recorders and the headers of the files; never a picture, never writes.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from binhyen.contracts import SECOND, Clock, Gap, Instant, Segment
from binhyen.media import fmp4
from binhyen.media.packets import ParameterSets
from binhyen.media.store.index import SegmentIndex
from binhyen.media.store.layout import SegmentName, index_paths

TABLES_KEPT = 512
JOIN_US = SECOND // 2  # two files whose wall clocks meet within this are one uninterrupted recording


@dataclass(frozen=True, slots=True)
class StoredFragment:
    """Bytes [start, end) of a file, from `moof` on, and what they show: [shown_from, shown_until) of wall time.

    `media_start` and `media_end` are presentation times in ticks of the file, `decode_start` is when its first frame is
    decoded (earlier where frames are reordered); `key`: a player may start here.
    """

    start: int
    end: int
    media_start: int
    media_end: int
    decode_start: int
    shown_from: Instant
    shown_until: Instant
    key: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The fragments of one file, with what a decoder must know."""

    path: Path
    parameters: ParameterSets
    timescale: int
    fragments: tuple[StoredFragment, ...]


@dataclass(frozen=True, slots=True)
class Reel:
    """One file of a camera: a closed segment, or the one being written (`segment` is None)."""

    camera: str
    number: int
    table: Table
    segment: Segment | None


class Shelf:
    """Footage under one data folder. May be used from several threads."""

    def __init__(self, store: Path, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._indexes: dict[Path, tuple[int, SegmentIndex]] = {}
        self._replaced: list[SegmentIndex] = []
        self._tables: OrderedDict[Path, tuple[int, Table]] = OrderedDict()
        self._lock = Lock()

    def close(self) -> None:
        for index in (*self._replaced, *(index for _, index in self._indexes.values())):
            index.close()

    def segments(self, camera: str, start: Instant, end: Instant) -> list[Segment]:
        """Closed segments that overlap [start, end), in the order they were recorded."""
        found = {each.number: each for index in self._open() for each in index.find_segments(camera, start, end)}
        return [found[number] for number in sorted(found)]  # twice in the moment when the index is being shared out

    def gaps(self, camera: str, start: Instant, end: Instant) -> list[Gap]:
        """Gaps that overlap [start, end) and why."""
        now = self._clock.now()
        found = {gap.start: gap for index in self._open() for gap in index.find_gaps(camera, start, end, now=now)}
        return [found[at] for at in sorted(found)]

    def next_start(self, camera: str, at: Instant) -> Instant | None:
        """When recording goes on at or after `at`; None where nothing later is known."""
        starts = [s.start for index in self._open() if (s := index.find_next(camera, at)) is not None]
        starts += [f.shown_from for reel in self._being_written(camera) for f in reel.table.fragments if f.key]
        return min((start for start in starts if start >= at), default=None)

    def reels(self, camera: str, start: Instant, end: Instant, *, closed_only: bool = False) -> list[Reel]:
        """Files that show something of [start, end), in the order they were recorded; unreadable ones are left out."""
        reels = [reel for segment in self.segments(camera, start, end) if (reel := self._reel(segment)) is not None]
        if not closed_only:
            closed = {reel.number for reel in reels}
            reels += [reel for reel in self._being_written(camera) if reel.number not in closed]
        return [reel for reel in reels if _shows(reel, start, end)]

    def being_written(self, camera: str) -> dict[str, Instant] | None:
        """[start, end) of what can be read of the file in hand, for a time line."""
        for reel in self._being_written(camera):
            fragments = reel.table.fragments
            return {"start": fragments[0].shown_from, "end": fragments[-1].shown_until}
        return None

    def being_written_until(self, camera: str) -> Instant | None:
        """Up to when the file that is being written can be read."""
        ends = [reel.table.fragments[-1].shown_until for reel in self._being_written(camera)]
        return max(ends, default=None)

    def _reel(self, segment: Segment) -> Reel | None:
        table = self._table(self._store / segment.path, segment.start)
        return None if table is None else Reel(segment.camera, segment.number, table, segment)

    def _being_written(self, camera: str) -> Iterator[Reel]:
        for index in self._open():
            name: SegmentName | None = index.find_open_segment(camera)
            if name is None:
                continue
            table = self._table(self._store / name.path, name.opened_at)
            if table is not None and table.fragments:
                yield Reel(camera, name.number, table, None)

    def _open(self) -> list[SegmentIndex]:
        with self._lock:
            for path in index_paths(self._store):
                self._open_anew(path)
            return [index for _, index in self._indexes.values()]

    def _open_anew(self, path: Path) -> None:
        """Open an index that is new, or another file than before: `binhyen store rebuild` makes a new one."""
        try:
            inode = path.stat().st_ino
            known = self._indexes.get(path)
            if known is None or known[0] != inode:
                self._indexes[path] = (inode, SegmentIndex(path, readonly=True))
                if known is not None:
                    self._replaced.append(known[1])  # another thread may be reading it; closed at the end
        except (FileNotFoundError, sqlite3.OperationalError):  # just being made; the next request finds it
            return

    def _table(self, path: Path, opened_at: Instant) -> Table | None:
        """Fragments of a file; None where retention has just removed it or nothing is whole in it yet."""
        try:
            size = path.stat().st_size
            with self._lock:
                known = self._tables.get(path)
                if known is not None and known[0] == size:
                    self._tables.move_to_end(path)
                    return known[1]
            scanned = fmp4.scan_file(path)
        except FileNotFoundError:
            return None
        if scanned.parameters is None or not scanned.fragments:
            return None
        fragments = tuple(_stored(each, scanned, opened_at) for each in scanned.fragments)
        table = Table(path, scanned.parameters, scanned.timescale, fragments)
        with self._lock:
            self._tables[path] = (size, table)
            while len(self._tables) > TABLES_KEPT:
                self._tables.popitem(last=False)
        return table


def _stored(fragment: fmp4.ScannedFragment, scanned: fmp4.Scan, opened_at: Instant) -> StoredFragment:
    start, end = fragment.start_time, fragment.end_time
    if fragment.wall_clock is None:
        shown_from = opened_at + _microseconds(start - scanned.fragments[0].start_time, scanned.timescale)
    else:
        shown_from = fragment.wall_clock + _microseconds(start - fragment.wall_clock_media_time, scanned.timescale)
    length = _microseconds(end - start, scanned.timescale)
    return StoredFragment(
        start=fragment.moof_start,
        end=fragment.end,
        media_start=start,
        media_end=end,
        decode_start=fragment.decode_time,
        shown_from=Instant(shown_from),
        shown_until=Instant(shown_from + length),
        key=fragment.key,
    )


def _microseconds(ticks: int, timescale: int) -> int:
    return ticks * SECOND // timescale


def _shows(reel: Reel, start: Instant, end: Instant) -> bool:
    fragments = reel.table.fragments
    return bool(fragments) and fragments[0].shown_from < end and fragments[-1].shown_until > start


def joined(before: Reel, after: Reel) -> bool:
    """Whether `after` goes on where `before` ended, with the same parameters."""
    distance = after.table.fragments[0].shown_from - before.table.fragments[-1].shown_until
    return abs(distance) <= JOIN_US and before.table.parameters == after.table.parameters


def whole_groups(reels: Iterable[Reel]) -> Iterator[tuple[Reel, StoredFragment]]:
    """All fragments in order, with their file."""
    for reel in reels:
        for fragment in reel.table.fragments:
            yield reel, fragment
