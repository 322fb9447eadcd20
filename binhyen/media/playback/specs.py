"""What the recorders last heard from the centre, as they keep it on disk: cameras, sub-streams, holds."""

import json
from pathlib import Path

from binhyen.contracts import CameraSpec, ContractError, Hold, NodeSpec, load


class Specs:
    """The specs of all shards under `spool/`, read again when they change."""

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._read: dict[Path, tuple[int, NodeSpec]] = {}

    def camera(self, code: str) -> CameraSpec | None:
        """The camera as the centre last described it."""
        for spec in self._current():
            for camera in spec.cameras:
                if camera.code == code:
                    return camera
        return None

    def holds(self, code: str) -> list[Hold]:
        """What cases keep of this camera."""
        found = {hold.id: hold for spec in self._current() for hold in spec.holds if hold.camera == code}
        return sorted(found.values(), key=lambda hold: hold.start)

    def _current(self) -> list[NodeSpec]:
        found = []
        for path in sorted(self._spool.glob("spec-*.json")):
            try:
                changed = path.stat().st_mtime_ns
                if path not in self._read or self._read[path][0] != changed:
                    self._read[path] = (changed, load(NodeSpec, json.loads(path.read_text())))
                found.append(self._read[path][1])
            except (OSError, ValueError, ContractError):  # being replaced just now: the one before stands
                if path in self._read:
                    found.append(self._read[path][1])
        return found
