"""`binhyen bench export`: an hour of four cameras packed and signed, beside ffmpeg re-muxing the same files.

All read the same minute files, warm. What a user would pick instead is measured in the two ways people do it: one
ffmpeg that joins all files of a camera (`concat`), and one ffmpeg a file that re-muxes it before they are joined.
Neither hashes, signs nor waits for the disk as packing does; `ffmpeg_same_package_s` adds the first two. A plain copy
is the floor.

Legs run in turn, each begins with nothing left to be written, and the median of the rounds counts.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from binhyen.bench.cameras import render_clip, scratch
from binhyen.bench.packing import CAMERAS, MINUTE_US, START
from binhyen.bench.remuxing import copy, join, remux_each, seal
from binhyen.contracts import Instant

SHORT_MINUTES = 10
ROUNDS = 3
MIB = 1024 * 1024


class Leg(NamedTuple):
    """Wall time, processor time of all processes together, peak memory of the one that packs (else 0)."""

    seconds: float
    cpu_s: float
    peak_bytes: int = 0


def register(parser: argparse.ArgumentParser) -> None:
    """How much to pack."""
    parser.add_argument("--minutes", type=int, default=60, help="số phút hình của mỗi camera (mặc định 60)")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; exit status 0 whatever they are."""
    with scratch() as folder:
        size = _fill_store(folder, render_clip(folder, seconds=60), arguments.minutes)
        short = _packed(folder, SHORT_MINUTES, "direct")
        # Not counted: the first to fill the page cache pays for its memory.
        _packed(folder, arguments.minutes, "direct")
        rounds: dict[str, list[Leg]] = defaultdict(list)
        for _ in range(ROUNDS):
            _round(folder, arguments.minutes, rounds)
    print(json.dumps({"cameras": len(CAMERAS), "minutes": arguments.minutes, **_report(rounds, size, short)}))
    return 0


def _round(folder: Path, minutes: int, rounds: dict[str, list[Leg]]) -> None:
    rounds["pack"].append(_packed(folder, minutes, "direct"))
    rounds["served"].append(_packed(folder, minutes, "served"))
    rounds["copy"].append(_timed(lambda: copy(folder)))
    _clear(folder)
    rounds["join"].append(_timed(lambda: join(folder, "store")))
    _clear(folder)
    each = _timed(lambda: remux_each(folder))
    joined = _timed(lambda: join(folder, "plain"), settled=False)
    rounds["remux"].append(_sum(each, joined))
    sealed = _timed(lambda: seal(folder), settled=False)
    rounds["same"].append(_sum(each, joined, sealed))
    _clear(folder)


def _sum(*legs: Leg) -> Leg:
    return Leg(sum(leg.seconds for leg in legs), sum(leg.cpu_s for leg in legs))


def _report(rounds: dict[str, list[Leg]], size: int, short: Leg) -> dict[str, object]:
    took = {name: median(leg.seconds for leg in legs) for name, legs in rounds.items()}
    spent = {name: round(median(leg.cpu_s for leg in legs) / size * 1e9, 2) for name, legs in rounds.items()}
    peak = median(leg.peak_bytes for leg in rounds["pack"])
    return {
        "mib": round(size / MIB),
        "rounds": ROUNDS,
        "pack_and_sign_s": round(took["pack"], 2),
        "pack_through_live_process_s": round(took["served"], 2),
        "copy_s": round(took["copy"], 2),
        "ffmpeg_join_s": round(took["join"], 2),
        "ffmpeg_remux_each_and_join_s": round(took["remux"], 2),
        "ffmpeg_same_package_s": round(took["same"], 2),
        "speed_vs_ffmpeg": round(took["remux"] / took["pack"], 2),
        "speed_vs_ffmpeg_through_live_process": round(took["remux"] / took["served"], 2),
        "speed_vs_ffmpeg_same_package": round(took["same"] / took["pack"], 2),
        "speed_vs_one_ffmpeg_join": round(took["join"] / took["pack"], 2),
        "copy_vs_ffmpeg": round(took["remux"] / took["copy"], 2),
        "cpu_s_per_gb": {name: spent[name] for name in ("pack", "copy", "join", "remux", "same")},
        "peak_mib": round(peak / MIB, 1),
        "memory_growth_mib": round((peak - short.peak_bytes) / MIB, 1),
    }


def _fill_store(folder: Path, clip: Path, minutes: int) -> int:
    """Minute files of every camera, made by our own muxer, and their index. Returns their bytes."""
    from binhyen.media.store import index_path, rebuild
    from binhyen.media.store.layout import SegmentName

    store = folder / "store"
    for number in range(minutes):
        opened = Instant(START + number * MINUTE_US)
        content = _minute_file(clip, opened)
        for camera in CAMERAS:
            path = store / SegmentName(camera, number + 1, opened).path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    rebuild(store, index_path(store, 0), cameras=list(CAMERAS), progress=lambda _: None)
    return sum(path.stat().st_size for path in store.rglob("*.mp4"))


def _minute_file(clip: Path, opened: Instant) -> bytes:
    from binhyen.media.codec import ParameterSetStore
    from binhyen.media.fmp4 import Fragmenter
    from binhyen.media.packets import TICKS_PER_SECOND, AccessUnit
    from binhyen.media.testcam.clip import read_clip

    playing = read_clip(clip)
    known = ParameterSetStore(playing.codec)
    for nal in playing.parameter_sets:
        known.take(nal)
    fragmenter = Fragmenter(known.current())
    groups: list[list[AccessUnit]] = []
    for frame in playing.frames:
        parts = [piece for nal in frame.nals for piece in (len(nal).to_bytes(4, "big"), nal)]
        at = Instant(opened + frame.pts * 1_000_000 // TICKS_PER_SECOND)
        unit = AccessUnit(parts, sum(map(len, parts)), frame.pts, frame.key, at)
        if frame.key:
            groups.append([])
        groups[-1].append(unit)
    following = [group[0].pts for group in groups[1:]] + [playing.duration]
    fragments = [
        fragmenter.fragment(group, next_pts=pts, wall_clock=group[0].arrived_at)
        for group, pts in zip(groups, following, strict=True)
    ]
    return b"".join([fragmenter.init, *fragments])


def _packed(folder: Path, minutes: int, way: str) -> Leg:
    """What packing took, in a process of its own (see `packing`)."""
    os.sync()
    command = [sys.executable, "-m", "binhyen.bench.packing", str(folder), str(minutes), way]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Leg(**json.loads(done.stdout.splitlines()[-1]))


def _timed(work: Callable[[], None], *, settled: bool = True) -> Leg:
    """What `work` and the programs it starts took; `settled`: begin with nothing left to be written to the disk."""
    if settled:
        os.sync()
    began, spent = time.perf_counter(), _processor_seconds()
    work()
    return Leg(time.perf_counter() - began, _processor_seconds() - spent)


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _clear(folder: Path) -> None:
    """Take away what a leg left, so that the next one writes anew."""
    shutil.rmtree(folder / "joined")
    shutil.rmtree(folder / "plain", ignore_errors=True)
    (folder / "joined.zip").unlink(missing_ok=True)
