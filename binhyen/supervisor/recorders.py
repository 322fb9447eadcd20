"""How many recorder processes a station needs, and how they are started.

One recorder runs on one core (`CAMERAS_PER_RECORDER`). Their number grows with the cameras and never shrinks by
itself: fewer cameras do no harm, and each change costs every camera a few seconds.
"""

import json
import math
import subprocess
from collections.abc import Mapping
from pathlib import Path

from binhyen.media.store.layout import CAMERAS_PER_RECORDER, index_paths
from binhyen.supervisor.folder import DataFolder
from binhyen.supervisor.processes import ChildSpec, python

NAME = "record"


def recorders_needed(folder: DataFolder) -> int:
    """For the cameras that the recorders last heard of; at least as many as already keep an index."""
    cameras = max(map(_cameras, folder.spool.glob("spec-*.json")), default=0)
    return max(1, math.ceil(cameras / CAMERAS_PER_RECORDER), len(index_paths(folder.store)))


def recorder_specs(folder: DataFolder, count: int, environment: Mapping[str, str], *more: str) -> list[ChildSpec]:
    """`record`, `record-2`, …; each knows by itself which cameras are its own."""
    command = ["binhyen", "record", "--data", str(folder.root), "--centre", environment["BINHYEN_CENTRE_URL"], *more]
    names = [NAME, *(f"{NAME}-{number}" for number in range(2, count + 1))]
    return [
        ChildSpec(name, python(*command, "--shard", f"{number}/{count}"), folder.log / f"{name}.log", environment)
        for number, name in enumerate(names, 1)
    ]


def is_recorder(name: str) -> bool:
    """Is the process of this name one of them?"""
    return name == NAME or name.startswith(f"{NAME}-")


def share_index(folder: DataFolder, count: int) -> str:
    """Give each of `count` recorders the index rows of its cameras; none may run. "" or what went wrong."""
    if not folder.store.is_dir() or max(count, len(index_paths(folder.store))) < 2:
        return ""
    command = python("binhyen", "store", "share", "--data", str(folder.root), "--shards", str(count))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip()[-400:] if done.returncode else ""


def _cameras(path: Path) -> int:
    try:
        return len(json.loads(path.read_bytes())["cameras"])
    except (OSError, ValueError, KeyError):  # being replaced, or torn: the next look tells
        return 0
