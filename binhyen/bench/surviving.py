"""How many cameras one `ffmpeg -c copy` each can record on this machine before pictures are lost."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from binhyen.bench.cameras import street
from binhyen.bench.measure import cost_of
from binhyen.bench.recorder import ffmpeg_each

FIRST = 25
SETTLE_S = 4.0
LEG_S = 20.0
WHOLE = 0.95
"""A camera is recorded when this part of what it sent has reached the file; packet headers never do."""
BUFFER_BYTES = 256 * 1024
"""FFmpeg writes files in pieces of this size, so as much may still be in hand."""


def largest_number_for_ffmpeg(folder: Path, clip: Path, most: int, say: Callable[[str], None]) -> dict[str, object]:
    """Doubled from FIRST up to `most` until one process ends or one file falls behind."""
    report: dict[str, object] = {"cameras_max": 0}
    number = min(FIRST, most)
    while True:
        leg = _leg(folder / f"ffmpeg-{number}", clip, number)
        say(f"ffmpeg, {number} camera: {leg.least:.0%} dữ liệu của camera kém nhất đã vào tệp")
        if leg.least < WHOLE:
            return report | {"cameras_failed": number, "least_recorded": round(leg.least, 3)}
        costs = {"cpu_s_per_camera_minute": leg.cpu_s, "pss_mb_per_camera": leg.pss_mb}
        report = {"cameras_max": number, **costs}
        if number == most:
            return report
        number = min(2 * number, most)


@dataclass(frozen=True, slots=True)
class Leg:
    """The least part of what a camera sent that is in its file; CPU seconds a camera and minute; memory a camera."""

    least: float = 0.0
    cpu_s: float = 0.0
    pss_mb: float = 0.0


def _leg(folder: Path, clip: Path, number: int) -> Leg:
    with (
        suppress(TimeoutError, ProcessLookupError),
        street(number, clip) as made,
        ffmpeg_each(folder, made.urls) as pids,
    ):
        time.sleep(SETTLE_S)
        begun, cost, sent, got = time.monotonic(), cost_of(pids), made.sent_bytes(), _sizes(folder, number)
        time.sleep(LEG_S)
        seconds, later = time.monotonic() - begun, cost_of(pids)
        sent_later, got_later = made.sent_bytes(), _sizes(folder, number)
        least = min((got_later[n] - got[n] + BUFFER_BYTES) / max(1, sent_later[n] - sent[n]) for n in range(number))
        cpu_s = (later.cpu_s - cost.cpu_s) / seconds * 60 / number
        return Leg(min(least, 1.0), round(cpu_s, 4), round(later.pss_bytes / number / 1e6, 3))
    return Leg()  # one ended, or they did not all begin


def _sizes(folder: Path, number: int) -> list[int]:
    """Bytes written for each camera, over all its files."""
    sizes = [0] * number
    for path in folder.iterdir():
        sizes[int(path.name.partition("-")[0])] += path.stat().st_size
    return sizes
