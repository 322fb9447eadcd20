"""What a running installation says of itself: `run/state.json`, for `binhyen status` and other commands."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from binhyen.supervisor.folder import is_in_use

NAME = "state.json"


class NotRunningError(Exception):
    """No installation runs on this data folder; the message is a sentence."""


@dataclass
class State:
    """`url` is where browsers go; `database_url` carries the password, so the file is its owner's alone."""

    pid: int
    version: str
    url: str
    node_url: str
    database_url: str
    started_at: str
    ready: bool = False
    allow_loopback_cameras: bool = False
    processes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, run: Path) -> None:
        """Replace the file atomically."""
        beside = run / f".{NAME}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(self), file, indent=1)
        beside.replace(run / NAME)


def read_state(root: Path) -> State:
    """State of the installation that runs on the data folder `root`. Raises NotRunningError."""
    path = root / "run" / NAME
    if not path.exists() or not is_in_use(root):
        raise NotRunningError(f"Bình Yên chưa chạy trên thư mục {root}. Hãy chạy: binhyen up --data {root}")
    return State(**json.loads(path.read_text()))
