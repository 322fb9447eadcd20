"""Run as a process: tells the centre, as a recorder would, how a story's cameras are. Nothing of theirs is recorded.

Reads `codes` (and of some `states`) as JSON from a file; knows no Django and speaks the node's own HTTP.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from binhyen.contracts import CameraStatus, Instant, StatusReport, SystemClock, dump
from binhyen.contracts.node import CameraState
from binhyen.media.recorder.centre import CentreAway, CentreClient

EVERY_S = 10.0
MINUTE_US = 60_000_000
FLICKERS = 97
"""Of so many cameras one is silent for a while, another each minute."""


def report_of(codes: list[str], states: dict[str, str], at: Instant, began: Instant) -> StatusReport:
    """All but a few record since `began`; those of `states` are as told."""
    minute = at // MINUTE_US
    statuses = (
        _status(code, states.get(code), (place + minute) % FLICKERS == 0, at, began) for place, code in enumerate(codes)
    )
    return StatusReport(tuple(statuses))


def _status(code: str, told: str | None, flickers: bool, at: Instant, began: Instant) -> CameraStatus:
    if told or flickers:
        return CameraStatus(code, CameraState(told) if told else CameraState.SILENT, since=began if told else at)
    return CameraStatus(code, CameraState.RECORDING, since=began, frames_per_second=15.0, bits_per_second=1_500_000,
                        last_frame_at=at, codec="avc1.64001f", width=1280, height=720)  # fmt: skip


def main() -> None:
    """Report until the process is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cameras", type=Path)
    parser.add_argument("--centre", required=True)
    parser.add_argument("--token-file", type=Path, required=True)
    arguments = parser.parse_args()
    told = json.loads(arguments.cameras.read_text())
    clock, client = SystemClock(), CentreClient(arguments.centre, arguments.token_file.read_text().strip())
    began = clock.now()
    while True:
        report = report_of(told["codes"], told["states"], clock.now(), began)
        try:
            client.post("/api/node/status", dump(report))
        except CentreAway as error:
            print(error, file=sys.stderr, flush=True)
        client.close()  # a server does not keep an idle connection for as long as we wait
        time.sleep(EVERY_S)


if __name__ == "__main__":
    main()
