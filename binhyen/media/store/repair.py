"""Making the index true again from the files: at each start for what was open, or for all of it.

A file that was being written when the machine died is cut to its last whole fragment, named as repaired,
hashed and indexed. What cannot be read at all is left where it is, under a name that says so.
"""

import hashlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from binhyen.contracts import Instant, Segment
from binhyen.media.fmp4 import Scan, ScannedFragment, payload_is_sound, scan_file
from binhyen.media.store.index import Change, SegmentIndex, number_taken, segment_closed
from binhyen.media.store.layout import SegmentName, cameras_on_disk, segments_on_disk
from binhyen.media.store.timing import ticks_to_us

log = logging.getLogger(__name__)

UNREADABLE_SUFFIX = ".unreadable"
_LATEST_ROWS = 3
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild found."""

    segments: int
    repaired: int
    unreadable: int


def repair_segment(store: Path, name: SegmentName, *, torn: bool = False) -> Segment | None:
    """Read the file; one that a crash left open (or that is known to be `torn`) is cut to its last whole fragment.

    Damage inside a closed file is left as it is: what lies behind it may still be read by other means.
    None when nothing in it can be shown: a file left open is then deleted. OSError when the disk refuses.
    """
    path = store / name.path
    open_or_torn = name.part or torn
    found = scan_file(path)
    fragments = _sound(path, found) if open_or_torn else found.fragments
    if found.parameters is None or not fragments or fragments[0].wall_clock is None:
        _set_aside(path, worthless=open_or_torn)
        return None
    if open_or_torn and fragments[-1].end < path.stat().st_size:
        os.truncate(path, fragments[-1].end)
    final = replace(name, part=False, repaired=name.repaired or open_or_torn)
    if final != name:
        path.rename(store / final.path)
    return _segment(store, final, found, fragments)


def repair_latest(store: Path, index: SegmentIndex, camera: str) -> list[Segment]:
    """Everything that a crash or a power cut left open, unindexed or shortened, made whole.

    Only the newest files can be concerned: older ones have been on the disk for minutes.
    """
    known = index.find_latest(camera, _LATEST_ROWS)
    newest = max((row.number for row in known), default=0)
    on_disk = {name.number: name for name in segments_on_disk(store, camera, latest_days=2)}
    left_open = index.find_open_segment(camera)
    if left_open is not None and (store / left_open.path).exists():
        on_disk[left_open.number] = left_open
    torn = [on_disk[row.number] for row in known if row.number in on_disk and not _size_is(store, row)]
    found = [repair_segment(store, name, torn=True) for name in torn]
    found += [repair_segment(store, name) for name in on_disk.values() if name.part or name.number > newest]
    return [segment for segment in found if segment is not None]


def rebuild(
    store: Path, index_file: Path, *, cameras: list[str] | None = None, progress: Callable[[str], None] = lambda _: None
) -> RebuildReport:
    """Make the index again from the files alone. Gaps and used numbers are taken over where the old one is readable."""
    fresh = index_file.with_name(index_file.name + ".new")
    _remove_database(fresh)
    index = SegmentIndex(fresh)
    segments = repaired = unreadable = 0
    index.write(_kept_rows(index_file))
    for camera in cameras if cameras is not None else cameras_on_disk(store):
        progress(camera)
        for name in segments_on_disk(store, camera):
            segment = repair_segment(store, name)
            index.write([number_taken(camera, name.number)])
            if segment is None:
                unreadable += 1
                continue
            index.write([segment_closed(segment)])
            segments += 1
            repaired += segment.repaired and not name.repaired
    index.close()
    _remove_database(index_file)
    fresh.rename(index_file)
    return RebuildReport(segments, repaired, unreadable)


def _kept_rows(old: Path) -> Iterator[Change]:
    if not old.exists():
        return
    try:
        database = sqlite3.connect(f"{old.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return
    try:
        for row in database.execute("SELECT camera, start_us, end_us, reason FROM gaps").fetchall():
            yield ("INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, ?)", row)
        for camera, number in database.execute("SELECT camera, number FROM highest_numbers").fetchall():
            yield number_taken(camera, number)
    except sqlite3.Error as error:
        log.warning("Chỉ mục cũ hỏng, chỉ dùng các tệp hình: %s", error)
    finally:
        database.close()


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _set_aside(path: Path, *, worthless: bool) -> None:
    if worthless:
        path.unlink()
        return
    path.rename(path.with_name(path.name + UNREADABLE_SUFFIX))
    log.warning("Không đọc được đoạn hình %s", path)


def _sound(path: Path, found: Scan) -> tuple[ScannedFragment, ...]:
    """Without fragments whose picture bytes never reached the disk (zeros after a power cut)."""
    with path.open("rb") as file:
        for at, fragment in enumerate(found.fragments):
            if not payload_is_sound(file, fragment):
                return found.fragments[:at]
    return found.fragments


def _segment(store: Path, name: SegmentName, found: Scan, fragments: tuple[ScannedFragment, ...]) -> Segment:
    path = store / name.path
    parameters = found.parameters
    if parameters is None:
        raise ValueError(f"no parameter sets in {path}")
    return Segment(
        camera=name.camera,
        number=name.number,
        path=name.path,
        start=_wall(fragments[0], fragments[0].wall_clock_media_time),
        end=_wall(fragments[-1], fragments[-1].end_time),
        size_bytes=path.stat().st_size,
        frames=sum(len(each.table.sizes) for each in fragments),
        codec=parameters.mime,
        width=parameters.width,
        height=parameters.height,
        sha256=_sha256(path),
        repaired=name.repaired,
        clock_stepped=name.clock_stepped,
    )


def _wall(fragment: ScannedFragment, media_time: int) -> Instant:
    return Instant((fragment.wall_clock or 0) + ticks_to_us(media_time - fragment.wall_clock_media_time))


def _size_is(store: Path, row: Segment) -> bool:
    return (store / row.path).stat().st_size == row.size_bytes


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
