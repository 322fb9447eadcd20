"""How many cameras one `ffmpeg -c copy` each can record on this machine before pictures are lost."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from binhyen.bench.cameras import CLIP_SECONDS, cameras
from binhyen.bench.measure import cost_of
from binhyen.bench.recorder import ffmpeg_each

FIRST = 25
SETTLE_S = 4.0
LEG_S = 20.0
WHOLE = 0.95
"""A camera is recorded when this part of what it sent has reached the file; a buffer is still in hand at the end."""


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
    bytes_per_s = clip.stat().st_size / CLIP_SECONDS
    with suppress(TimeoutError, ProcessLookupError), cameras(number, clip) as urls, ffmpeg_each(folder, urls) as pids:
        time.sleep(SETTLE_S)
        begun, cost, before = time.monotonic(), cost_of(pids), _sizes(folder)
        time.sleep(LEG_S)
        seconds, later, after = time.monotonic() - begun, cost_of(pids), _sizes(folder)
        least = min(after[name] - before.get(name, 0) for name in after) / seconds / bytes_per_s
        cpu_s = (later.cpu_s - cost.cpu_s) / seconds * 60 / number
        return Leg(min(least, 1.0), round(cpu_s, 4), round(later.pss_bytes / number / 1e6, 3))
    return Leg()  # one ended, or they did not all begin


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes written for each camera, over all its files."""
    sizes: dict[str, int] = {}
    for path in folder.iterdir():
        camera = path.name.partition("-")[0]
        sizes[camera] = sizes.get(camera, 0) + path.stat().st_size
    return sizes
