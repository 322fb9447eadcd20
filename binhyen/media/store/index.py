"""The index of one recorder process: which segments exist, and where nothing was recorded.

SQLite in WAL mode. The files are the truth; `binhyen store rebuild` makes this again from them alone.
Readers (playback) open it read-only at any time. A gap without an end is still going on.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from binhyen.contracts import Gap, GapReason, Hold, Instant, Segment
from binhyen.media.store.layout import SegmentName, parse_path

SCHEMA = """
CREATE TABLE IF NOT EXISTS segments (
    camera TEXT NOT NULL, number INTEGER NOT NULL, path TEXT NOT NULL UNIQUE,
    start_us INTEGER NOT NULL, end_us INTEGER NOT NULL, size_bytes INTEGER NOT NULL, frames INTEGER NOT NULL,
    codec TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, sha256 TEXT NOT NULL,
    repaired INTEGER NOT NULL, clock_stepped INTEGER NOT NULL,
    PRIMARY KEY (camera, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS segments_by_start ON segments (start_us);
CREATE INDEX IF NOT EXISTS segments_by_camera_start ON segments (camera, start_us);
CREATE TABLE IF NOT EXISTS gaps (
    camera TEXT NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER, reason TEXT NOT NULL,
    PRIMARY KEY (camera, start_us)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS open_segments (camera TEXT PRIMARY KEY, path TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS highest_numbers (camera TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = (
    "camera, number, path, start_us, end_us, size_bytes, frames, codec, width, height, sha256, repaired, clock_stepped"
)
SEGMENT_AT_MOST_US = 3600 * 1_000_000  # a segment that began before a window may still reach into it
_BEGINNING, _FOREVER = Instant(0), Instant(1 << 62)


class SegmentIndex:
    """One open index. May be used from several threads; each call is one transaction."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self._lock = Lock()
        where = f"{path.resolve().as_uri()}?mode={'ro' if readonly else 'rwc'}"
        self._database = sqlite3.connect(where, uri=True, check_same_thread=False, isolation_level=None, timeout=10)
        if readonly:
            return
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    # -- what is there

    def find_segments(
        self, camera: str | None = None, start: Instant = _BEGINNING, end: Instant = _FOREVER
    ) -> list[Segment]:
        """Closed segments that overlap [start, end), of one camera or all, in the order they were recorded."""
        whose, values = ("", ()) if camera is None else ("camera = ? AND ", (camera,))
        rows = self._read(
            f"SELECT {_COLUMNS} FROM segments WHERE {whose}start_us >= ? AND start_us < ? AND end_us > ?"  # noqa: S608 (constants)
            " ORDER BY camera, number",
            (*values, start - SEGMENT_AT_MOST_US, end, start),
        )
        return [_segment(row) for row in rows]

    def find_next(self, camera: str, at: Instant) -> Segment | None:
        """The first segment that begins at or after `at`."""
        rows = self._read(
            f"SELECT {_COLUMNS} FROM segments WHERE camera = ? AND start_us >= ? ORDER BY start_us LIMIT 1",  # noqa: S608  # a constant of ours
            (camera, at),
        )
        return _segment(rows[0]) if rows else None

    def find_open_segment(self, camera: str) -> SegmentName | None:
        """The file that is being written now; its whole fragments can be read."""
        rows = self._read("SELECT path FROM open_segments WHERE camera = ?", (camera,))
        return parse_path(rows[0][0]) if rows else None

    def find_gaps(
        self, camera: str, start: Instant = _BEGINNING, end: Instant = _FOREVER, *, now: Instant
    ) -> list[Gap]:
        """Gaps that overlap [start, end); one that is still going on ends `now`."""
        rows = self._read(
            "SELECT camera, start_us, coalesce(end_us, max(start_us, ?)) AS until, reason FROM gaps"
            " WHERE camera = ? AND start_us < ? AND until > ? ORDER BY start_us",
            (now, camera, end, start),
        )
        return [Gap(row[0], Instant(row[1]), Instant(row[2]), GapReason(row[3])) for row in rows]

    def find_open_gap(self, camera: str) -> Gap | None:
        """The gap that is still going on; its end is its start."""
        rows = self._read("SELECT start_us, reason FROM gaps WHERE camera = ? AND end_us IS NULL", (camera,))
        return Gap(camera, Instant(rows[0][0]), Instant(rows[0][0]), GapReason(rows[0][1])) if rows else None

    def find_latest(self, camera: str, count: int = 1) -> list[Segment]:
        """The segments with the highest numbers, highest first."""
        rows = self._read(
            f"SELECT {_COLUMNS} FROM segments WHERE camera = ? ORDER BY number DESC LIMIT ?",  # noqa: S608 (constants)
            (camera, count),
        )
        return [_segment(row) for row in rows]

    def cameras(self) -> list[str]:
        """Codes that have any row."""
        return [row[0] for row in self._read("SELECT camera FROM segments UNION SELECT camera FROM gaps", ())]

    def highest_number(self, camera: str) -> int:
        """The highest number this camera ever had; 0 when none."""
        rows = self._read("SELECT number FROM highest_numbers WHERE camera = ?", (camera,))
        return int(rows[0][0]) if rows else 0

    def total_bytes(self) -> int:
        return int(self._read("SELECT coalesce(sum(size_bytes), 0) FROM segments", ())[0][0])

    def oldest(self, limit: int, *, after: tuple[Instant, str, int] = (Instant(-1), "", 0)) -> list[Segment]:
        """The oldest segments of all cameras by start; `after` is the (start, camera, number) to go on from."""
        rows = self._read(
            f"SELECT {_COLUMNS} FROM segments WHERE (start_us, camera, number) > (?, ?, ?)"  # noqa: S608 (constants)
            " ORDER BY start_us, camera, number LIMIT ?",
            (*after, limit),
        )
        return [_segment(row) for row in rows]

    def expired(self, camera: str, before: Instant) -> list[Segment]:
        """Segments that ended before `before`, by the clock of their recording."""
        rows = self._read(
            f"SELECT {_COLUMNS} FROM segments WHERE camera = ? AND start_us < ? AND end_us <= ? ORDER BY number",  # noqa: S608  # as above
            (camera, before, before),
        )
        return [_segment(row) for row in rows]

    # -- what changes

    def write(self, changes: "Iterable[Change]") -> None:
        """All of `changes` in one transaction."""
        with self._transaction() as database:
            for statement, values in changes:
                database.execute(statement, values)

    def forget_segments(self, segments: Iterable[Segment]) -> None:
        """Remove the rows of files that are gone."""
        self.write(("DELETE FROM segments WHERE camera = ? AND number = ?", (s.camera, s.number)) for s in segments)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                if self._database.in_transaction:  # a full disk has rolled back by itself
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def _read(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()


Change = tuple[str, tuple[object, ...]]
"""One statement with its values; made by the functions below."""


def segment_opened(name: SegmentName) -> Change:
    """A file has been opened; from now on its number is taken."""
    return ("INSERT OR REPLACE INTO open_segments VALUES (?, ?)", (name.camera, name.path))


def number_taken(camera: str, number: int) -> Change:
    """The number will not be used again, even when its file is gone."""
    return (
        "INSERT INTO highest_numbers VALUES (?, ?)"
        " ON CONFLICT (camera) DO UPDATE SET number = max(number, excluded.number)",
        (camera, number),
    )


def segment_left(camera: str) -> Change:
    """No file of this camera is being written."""
    return ("DELETE FROM open_segments WHERE camera = ?", (camera,))


def segment_closed(segment: Segment) -> Change:
    """A file is complete."""
    s = segment
    return (
        "INSERT OR REPLACE INTO segments VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (s.camera, s.number, s.path, s.start, s.end, s.size_bytes, s.frames, s.codec, s.width, s.height, s.sha256,
         int(s.repaired), int(s.clock_stepped)),
    )  # fmt: skip


def gap_opened(camera: str, start: Instant, reason: GapReason) -> Change:
    """Recording has stopped; the gap has no end yet."""
    return ("INSERT OR REPLACE INTO gaps VALUES (?, ?, NULL, ?)", (camera, start, reason.value))


def gap_ended(camera: str, end: Instant) -> Change:
    """Whatever gap was open ends here; never before it began."""
    return ("UPDATE gaps SET end_us = max(start_us, ?) WHERE camera = ? AND end_us IS NULL", (end, camera))


def gap_found(gap: Gap) -> Change:
    """A gap whose both ends are known."""
    return ("INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, ?)", (gap.camera, gap.start, gap.end, gap.reason.value))


def gaps_forgotten(camera: str, before: Instant) -> Change:
    """Gaps that ended before footage of that age is kept."""
    return ("DELETE FROM gaps WHERE camera = ? AND end_us IS NOT NULL AND end_us < ?", (camera, before))


def held(segment: Segment, holds: Iterable[Hold]) -> bool:
    """Does any hold keep a part of this segment?"""
    return any(h.camera == segment.camera and h.start < segment.end and segment.start < h.end for h in holds)


def _segment(row: tuple[Any, ...]) -> Segment:
    values = dict(zip(_COLUMNS.replace("_us", "").split(", "), row, strict=True))
    return Segment(**values | {"repaired": bool(row[11]), "clock_stepped": bool(row[12])})
