"""Where footage lies on disk, so that the files alone say what they are.

`store/<CAMERA>/<YYYY-MM-DD>/<HHMMSS>-<number>[-marks].mp4`, UTC. While a file is being written it ends in
`.part.mp4`. Marks: `r` it was repaired after a crash, `c` the machine's clock had just been set. A camera's
folder may be a symbolic link into another volume; paths in the index stay relative to the store.
"""

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from binhyen.contracts import SECOND, Instant
from binhyen.contracts.node import CAMERA_CODE

STORE, SPOOL, RUN = "store", "spool", "run"
PART_SUFFIX = ".part.mp4"
_NAME = re.compile(r"(\d{6})-(\d{1,12})(?:-(r?c?))?(\.part)?\.mp4")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class SegmentName:
    """What the path of a segment says. `opened_at` is cut to whole seconds."""

    camera: str
    number: int
    opened_at: Instant
    repaired: bool = False
    clock_stepped: bool = False
    part: bool = False

    @property
    def path(self) -> str:
        """Relative to the store."""
        opened = datetime.fromtimestamp(self.opened_at // SECOND, UTC)
        marks = "r" * self.repaired + "c" * self.clock_stepped
        ending = ("-" + marks if marks else "") + (PART_SUFFIX if self.part else ".mp4")
        return f"{self.camera}/{opened:%Y-%m-%d}/{opened:%H%M%S}-{self.number:06d}{ending}"


def parse_path(path: str) -> SegmentName | None:
    """The name behind a path relative to the store; None when it is not a segment's."""
    camera, _, rest = path.partition("/")
    day, _, name = rest.partition("/")
    match = _NAME.fullmatch(name)
    if match is None or not CAMERA_CODE.fullmatch(camera) or not _DAY.fullmatch(day):
        return None
    try:
        opened = datetime.strptime(f"{day} {match[1]}", "%Y-%m-%d %H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    marks = match[3] or ""
    return SegmentName(
        camera=camera,
        number=int(match[2]),
        opened_at=Instant(int(opened.timestamp()) * SECOND),
        repaired="r" in marks,
        clock_stepped="c" in marks,
        part=bool(match[4]),
    )


def cameras_on_disk(store: Path) -> list[str]:
    """Codes that have a folder (or a link to one)."""
    if not store.is_dir():
        return []
    return sorted(each.name for each in store.iterdir() if CAMERA_CODE.fullmatch(each.name) and each.is_dir())


def segments_on_disk(store: Path, camera: str, *, latest_days: int | None = None) -> Iterator[SegmentName]:
    """Every file of a camera whose name is a segment's, in the order of their numbers.

    With `latest_days` only that many of its newest days are read: a month of a camera is 40,000 files.
    """
    folder = store / camera
    days = sorted(each for each in folder.iterdir() if _DAY.fullmatch(each.name)) if folder.is_dir() else []
    found: list[SegmentName] = []
    for day in days if latest_days is None else days[-latest_days:]:
        names = os.listdir(day)  # noqa: PTH208 (names are all that is needed, for tens of thousands of files)
        found += [name for each in names if (name := parse_path(f"{camera}/{day.name}/{each}"))]
    yield from sorted(found, key=lambda name: name.number)


CAMERAS_PER_RECORDER = 300
"""One process runs on one core; so many cameras leave it half of that (docs/benchmarks.md)."""


def shard_of(camera: str, shards: int) -> int:
    """Which of the recorder processes of a node has this camera: the same for ever, 0 to `shards` - 1."""
    return zlib.crc32(camera.encode()) % shards


def index_path(store: Path, shard: int) -> Path:
    """The index of one recorder process."""
    return store / f"index-{shard}.sqlite3"


def index_paths(store: Path) -> list[Path]:
    """The indexes of all recorder processes of this node."""
    return sorted(store.glob("index-*.sqlite3"))
