"""As many recorder processes as so many cameras need, over one data folder, each with its share of them."""

import json
import math
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from binhyen.contracts import Gap, Instant, Segment
from binhyen.media.store import SegmentIndex, index_paths
from binhyen.media.store.layout import CAMERAS_PER_RECORDER, RUN, STORE

STOP_WITHIN_S = 120


@dataclass(frozen=True, slots=True)
class Fleet:
    """Recorders that run."""

    folder: Path
    pids: tuple[int, ...]

    def states(self) -> dict[str, str]:
        """Code of each camera and the state its recorder last wrote down."""
        return {camera["camera"]: camera["state"] for told in self._told() for camera in told["cameras"]}

    def lost_packets(self) -> int:
        return sum(told["lost_packets"] for told in self._told())

    def log_lines(self) -> int:
        return sum(path.read_bytes().count(b"\n") for path in self.folder.glob("record-*.log"))

    def _told(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_bytes()) for path in (self.folder / RUN).glob("status-*.json")]


@contextmanager
def recorders(folder: Path, cameras: Sequence[tuple[str, str]], *, shards: int = 0) -> Iterator[Fleet]:
    """Record `cameras` (code, URL) into `folder` until the end of the block; 0 `shards`: as many as they need."""
    shards = shards or max(1, math.ceil(len(cameras) / CAMERAS_PER_RECORDER))
    folder.mkdir(parents=True)
    spec = folder / "spec.json"
    spec.write_text(json.dumps({"cameras": [{"code": code, "url": url} for code, url in cameras]}))
    command = [sys.executable, "-m", "binhyen", "record", "--data", str(folder), "--spec", str(spec)]
    with ExitStack() as ending:
        processes = []
        for shard in range(1, shards + 1):
            with (folder / f"record-{shard}.log").open("w") as log:
                process = subprocess.Popen([*command, "--allow-loopback", "--shard", f"{shard}/{shards}"], stderr=log)
            processes.append(process)
            ending.callback(process.wait, STOP_WITHIN_S)
        for process in processes:  # all are asked before one is waited for
            ending.callback(process.send_signal, signal.SIGTERM)
        yield Fleet(folder, tuple(process.pid for process in processes))


@dataclass(frozen=True, slots=True)
class Kept:
    """What the recorders left of one camera."""

    segments: list[Segment]
    gaps: list[Gap]


def kept(folder: Path, codes: Sequence[str], start: Instant, end: Instant) -> dict[str, Kept]:
    """Closed segments and gaps that overlap [start, end), of each camera."""
    found = {code: Kept([], []) for code in codes}
    for path in index_paths(folder / STORE):
        index = SegmentIndex(path, readonly=True)
        for code in codes:
            found[code].segments.extend(index.find_segments(code, start, end))
            found[code].gaps.extend(index.find_gaps(code, start, end, now=end))
        index.close()
    return found
