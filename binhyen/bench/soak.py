"""`binhyen bench soak`: a district's cameras on this machine for as long as one likes, a fifth of them bad.

A tenth goes dead, a twentieth falls silent, some hang up every three seconds, some send garbage. Measured: how long
until each one's status says so, whether the good ones noticed (from the stored files), whether memory grows, what a
camera costs, and what a province would need. The simulated cameras are measured apart.
"""

import argparse
import json
import math
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from binhyen.bench.cameras import KILOBITS_PER_SECOND, Street, render_clip, scratch, street
from binhyen.bench.fleet import Fleet, Kept, kept, recorders
from binhyen.bench.measure import Cost, cost_of
from binhyen.bench.recorder import complaints
from binhyen.bench.slope import least_squares
from binhyen.bench.surviving import largest_number_for_ffmpeg
from binhyen.contracts import SECOND, CameraState, GapReason, Instant
from binhyen.media.store.layout import CAMERAS_PER_RECORDER, STORE

SHARES = (("dead", 0.10), ("silent", 0.05), ("flap", 0.03), ("garbage", 0.02))
"""Faults of the simulated cameras, and which part of all cameras has each."""
FEWEST = 8
CAMERAS_PER_STREET = 200
PROVINCE = 1_621
LOOK_EVERY_S = 0.25
SAMPLE_EVERY_S = 2.0
SETTLE_S = 5.0
TURN_LIMIT_S = 60.0
RETURN_LIMIT_S = 150.0  # the longest wait between two calls is 60 s, and a dead camera keeps one waiting
START_LIMIT_S = 180.0
HOLE_US = SECOND // 5  # three pictures: what the clock of a segment may differ from the next one's is less
LOOKED_AT = 20


def register(parser: argparse.ArgumentParser) -> None:
    """Arguments of the measurement."""
    parser.add_argument("--cameras", type=_number_from(FEWEST), default=100, help="số camera (mặc định 100)")
    parser.add_argument("--minutes", type=float, default=5.0, help="thời gian đo, phút (mặc định 5)")
    parser.add_argument("--shards", type=int, default=0, help="số tiến trình ghi (mặc định: như số camera cần)")
    parser.add_argument("--kbits", type=_number_from(1), default=KILOBITS_PER_SECOND, help="kbit/s mỗi camera")
    parser.add_argument("--folder", type=Path, help="nơi đặt thư mục tạm, ví dụ trên ổ đĩa rộng hơn")
    parser.add_argument("--beside-ffmpeg", action="store_true", help="tìm thêm số camera lớn nhất mà ffmpeg ghi được")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; exit status 2 where the disk is too small for them."""
    with scratch(arguments.folder) as folder:
        needed, free = _bytes_needed(arguments), shutil.disk_usage(folder).free
        if needed > free:
            _say(
                f"{folder.parent} còn {free / 2**30:.1f} GiB, phép đo cần {needed / 2**30:.1f} GiB."
                " Hãy giảm --cameras, --minutes, --kbits hoặc chọn ổ khác bằng --folder."
            )
            return 2
        clip = render_clip(folder, kbits=arguments.kbits)
        report = _soak(folder, clip, arguments)
        if arguments.beside_ffmpeg:
            shutil.rmtree(folder / "own")
            report["ffmpeg"] = largest_number_for_ffmpeg(folder, clip, arguments.cameras, _say)
    print(json.dumps(report))
    return 0


# -- the cameras


def faults_of(count: int) -> dict[int, str]:
    """Number of each bad camera and its fault, one of each at least, spread evenly over all."""
    bad = [fault for fault, share in SHARES for _ in range(max(1, round(count * share)))]
    return {place * count // len(bad): fault for place, fault in enumerate(bad)}


@dataclass(frozen=True, slots=True)
class District:
    """All simulated cameras, in as many processes as they need."""

    streets: list[Street]

    @property
    def cameras(self) -> list[tuple[str, str]]:
        urls = [url for each in self.streets for url in each.urls]
        return [(_code(n), url) for n, url in enumerate(urls)]

    @property
    def pids(self) -> list[int]:
        return [each.pid for each in self.streets]

    def set_faults(self, faults: Mapping[int, str]) -> None:
        for number, each in enumerate(self.streets):
            first = number * CAMERAS_PER_STREET
            mine = {n - first: fault for n, fault in faults.items() if 0 <= n - first < CAMERAS_PER_STREET}
            each.set_faults(mine)


@contextmanager
def _district(count: int, clip: Path) -> Iterator[District]:
    with ExitStack() as ending:
        sizes = [min(CAMERAS_PER_STREET, count - first) for first in range(0, count, CAMERAS_PER_STREET)]
        yield District([ending.enter_context(street(size, clip)) for size in sizes])


def _code(number: int) -> str:
    return f"SOAK-{number:04d}"


# -- the run


@dataclass(slots=True)
class Watch:
    """What was seen from the fault to the end of the soak."""

    turned: dict[str, float] = field(default_factory=dict)  # bad camera: seconds until its status said so
    memory: list[tuple[float, float]] = field(default_factory=list)  # seconds, bytes
    wavering: set[str] = field(default_factory=set)  # good cameras that were seen in another state


@dataclass(frozen=True, slots=True)
class Spent:
    """What recorders and simulated cameras used, and in how many minutes."""

    minutes: float
    own: Cost
    cameras: Cost


def _soak(folder: Path, clip: Path, arguments: argparse.Namespace) -> dict[str, object]:
    faults = faults_of(arguments.cameras)
    bad = {_code(n) for n in faults}
    watch = Watch()
    with (
        _district(arguments.cameras, clip) as district,
        recorders(folder / "own", district.cameras, shards=arguments.shards) as fleet,
    ):
        good = [code for code, _ in district.cameras if code not in bad]
        started_s = _until(lambda: _all_record(fleet, [code for code, _ in district.cameras]), START_LIMIT_S)
        _say(f"{arguments.cameras} camera đang ghi sau {started_s:.0f} giây, {len(fleet.pids)} tiến trình ghi")
        time.sleep(SETTLE_S)
        begin, lines = _now(), fleet.log_lines()
        district.set_faults(faults)
        spent = _hold(fleet, district, watch, bad, arguments.minutes * 60)
        end, lines = _now(), fleet.log_lines() - lines
        _say(f"trạng thái chậm nhất: {_slowest(watch, bad)} giây")
        district.set_faults(dict.fromkeys(faults, "none"))
        returned_s = _until(lambda: _all_record(fleet, bad), RETURN_LIMIT_S)
    recorded = kept(folder / "own", good, begin, end)
    return {
        "cameras": arguments.cameras,
        "bad_cameras": {fault: list(faults.values()).count(fault) for fault, _ in SHARES},
        "minutes": round(spent.minutes, 2),
        "recorders": len(fleet.pids),
        "start_seconds": round(started_s, 1),
        "status_seconds_max": _slowest(watch, bad),
        "return_seconds_max": round(returned_s, 1),
        "good_wavering": len(watch.wavering),
        "gaps": sum(count_gaps(each, begin, end) for each in recorded.values()),
        **_looked_at(folder / "own" / STORE, recorded),
        "log_lines_per_bad_camera_minute": round(lines / len(bad) / spent.minutes, 2),
        **_memory(watch),
        **_costs(spent, arguments.cameras, arguments.kbits),
    }


def _hold(fleet: Fleet, district: District, watch: Watch, bad: set[str], seconds: float) -> Spent:
    """Look on for `seconds`, and at least until every bad camera's status has turned or TURN_LIMIT_S are over."""
    begun, next_sample = time.monotonic(), 0.0
    own, cameras = cost_of(fleet.pids), cost_of(district.pids)
    while (passed := time.monotonic() - begun) < seconds or (passed < TURN_LIMIT_S and watch.turned.keys() < bad):
        for code, state in fleet.states().items():
            if state == CameraState.RECORDING:
                continue
            if code in bad:
                watch.turned.setdefault(code, time.monotonic() - begun)
            else:
                watch.wavering.add(code)
        if passed >= next_sample:
            watch.memory.append((passed, cost_of(fleet.pids).pss_bytes))
            next_sample = passed + SAMPLE_EVERY_S
        time.sleep(LOOK_EVERY_S if watch.turned.keys() < bad else SAMPLE_EVERY_S)
    return Spent(
        (time.monotonic() - begun) / 60, _between(own, cost_of(fleet.pids)), _between(cameras, cost_of(district.pids))
    )


def _between(before: Cost, after: Cost) -> Cost:
    return Cost(after.cpu_s - before.cpu_s, after.pss_bytes)


def _all_record(fleet: Fleet, codes: Sequence[str] | set[str]) -> bool:
    states = fleet.states()
    return all(states.get(code) == CameraState.RECORDING for code in codes)


def _slowest(watch: Watch, bad: set[str]) -> float | None:
    """None where one has not turned at all."""
    return round(max(watch.turned.values()), 2) if watch.turned.keys() == bad else None


# -- what it left behind


def count_gaps(camera: Kept, start: Instant, end: Instant) -> int:
    """Pieces of [start, end) that no stored segment covers, or gaps the recorder told of where these are more."""
    holes, until = 0, start
    for segment in sorted(camera.segments, key=lambda each: each.start):
        holes += segment.start - until > HOLE_US
        until = max(until, segment.end)
    holes += end - until > HOLE_US
    return max(holes, sum(gap.reason != GapReason.STOPPED for gap in camera.gaps))


def _looked_at(store: Path, recorded: Mapping[str, Kept]) -> dict[str, object]:
    """Every file is there in its full size, and a player has nothing to say about some of them."""
    segments = [segment for each in recorded.values() for segment in each.segments]
    some = segments[:: max(1, len(segments) // LOOKED_AT)]
    return {
        "segments": len(segments),
        "short_files": sum(_size(store / each.path) != each.size_bytes for each in segments),
        "bad_segments": sum(bool(complaints(store / each.path)) for each in some),
        "decoded_segments": len(some),
    }


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else -1


def _memory(watch: Watch) -> dict[str, object]:
    """Growth in MiB an hour from the samples after the first quarter, in which buffers find their size."""
    last = watch.memory[-1][0]
    slope = least_squares([(s / 3600, b / 2**20) for s, b in watch.memory if s >= last / 4])
    return {
        "memory_slope": round(slope.value, 2) if slope else None,
        "memory_slope_error": round(slope.error, 2) if slope else None,
        "memory_samples": len(watch.memory),
    }


def _costs(spent: Spent, cameras: int, kbits: int) -> dict[str, object]:
    cpu, pss = spent.own.cpu_s / spent.minutes / cameras, spent.own.pss_bytes / cameras
    return {
        "cpu_s_per_camera_minute": round(cpu, 4),
        "pss_mb_per_camera": round(pss / 1e6, 3),
        "simulated_cpu_s_per_camera_minute": round(spent.cameras.cpu_s / spent.minutes / cameras, 4),
        "province": {
            "cameras": PROVINCE,
            "cores": round(cpu * PROVINCE / 60, 2),
            "memory_mb": round(pss * PROVINCE / 1e6),
            "recorders": math.ceil(PROVINCE / CAMERAS_PER_RECORDER),
            "disk_mb_per_s": round(PROVINCE * kbits / 8000, 1),
            "basis": f"tỉ lệ thuận từ {cameras} camera đo được trên máy này, {kbits} kbit/s, một phần năm bị lỗi",
        },
    }


# -- small things


def _bytes_needed(arguments: argparse.Namespace) -> int:
    seconds = max(arguments.minutes * 60, TURN_LIMIT_S) + RETURN_LIMIT_S + SETTLE_S
    return int(arguments.cameras * arguments.kbits * 125 * seconds) + 2**30


def _until(condition: Callable[[], bool], limit_s: float) -> float:
    """Seconds until `condition` came about. TimeoutError where it did not within `limit_s`."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > limit_s:
            raise TimeoutError(f"not within {limit_s:.0f} s")
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - begun


def _now() -> Instant:
    return Instant(time.time_ns() // 1000)


def _number_from(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"phải là số từ {least} trở lên, không phải {text!r}")
        return int(text)

    return number


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
