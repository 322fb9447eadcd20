"""How many cameras one `ffmpeg -c copy` each can record on this machine before pictures are lost."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from binhyen.bench.cameras import CLIP_SECONDS, cameras
from binhyen.bench.measure import cost_of
from binhyen.bench.recorder import ffmpeg_each

FIRST = 25
LEG_S = 20.0
WHOLE = 0.95
"""A camera is recorded when this part of what it sent has reached the file; a buffer is still in hand at the end."""


def largest_number_for_ffmpeg(folder: Path, clip: Path, most: int, say: Callable[[str], None]) -> dict[str, object]:
    """Doubled from FIRST up to `most` until one process ends or one file falls behind."""
    report: dict[str, object] = {"cameras_max": 0}
    number = min(FIRST, most)
    while True:
        leg = _leg(folder / f"ffmpeg-{number}", clip, number)
        say(f"ffmpeg, {number} camera: {'ghi đủ' if leg else 'không ghi đủ'}")
        if leg is None:
            return report | {"cameras_failed": number}
        report = {"cameras_max": number, **leg}
        if number == most:
            return report
        number = min(2 * number, most)


def _leg(folder: Path, clip: Path, number: int) -> dict[str, object] | None:
    """What it costs; None where it did not record all."""
    expected = clip.stat().st_size / CLIP_SECONDS * LEG_S * WHOLE
    with suppress(TimeoutError, ProcessLookupError), cameras(number, clip) as urls, ffmpeg_each(folder, urls) as pids:
        begun, before = time.monotonic(), _sizes(folder)
        cost = cost_of(pids)
        time.sleep(LEG_S)
        after, later = _sizes(folder), cost_of(pids)
        minutes = (time.monotonic() - begun) / 60
        if any(after[name] - before.get(name, 0) < expected for name in after) or len(after) < number:
            return None
        return {
            "cpu_s_per_camera_minute": round((later.cpu_s - cost.cpu_s) / minutes / number, 4),
            "pss_mb_per_camera": round(later.pss_bytes / number / 1e6, 3),
        }
    return None


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes written for each camera, over all its files."""
    sizes: dict[str, int] = {}
    for path in folder.iterdir():
        camera = path.name.partition("-")[0]
        sizes[camera] = sizes.get(camera, 0) + path.stat().st_size
    return sizes
