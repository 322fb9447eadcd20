"""`binhyen bench recorder`: the recorder beside one `ffmpeg -c copy` per camera and beside a receive-and-write floor.

Ratios of one run on one machine; absolute numbers say more about the machine than about the program. All three get
the same simulated cameras over loopback and write to the same disk.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from binhyen.bench.cameras import cameras, render_clip, scratch
from binhyen.bench.measure import Cost, cost_of
from binhyen.contracts import CameraState, GapReason
from binhyen.media.store import SegmentIndex, index_path

GROWTH = (10, 25, 50, 100, 300)
SETTLE_S = 4.0
START_LIMIT_S = 120.0
READ_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Leg:
    """One recorder measured: CPU seconds per stream and minute of video, bytes of memory per stream."""

    cpu_s_per_stream_minute: float
    pss_bytes_per_stream: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the own recorder left behind."""

    gaps: int
    segments: int
    bad_segments: int


def register(parser: argparse.ArgumentParser) -> None:
    """Arguments of the measurement."""
    parser.add_argument("--streams", type=int, default=100, help="số camera (mặc định 100)")
    parser.add_argument("--seconds", type=float, default=30.0, help="thời gian đo mỗi lượt (mặc định 30)")
    parser.add_argument("--growth", action="store_true", help=f"đo thêm với {', '.join(map(str, GROWTH))} camera")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; exit status 0 whatever they are."""
    report: dict[str, object] = {"streams": arguments.streams, "seconds": arguments.seconds}
    with scratch() as folder:
        clip = render_clip(folder)
        report |= _compare(folder, clip, arguments.streams, arguments.seconds)
        if arguments.growth:
            report["growth"] = {str(n): record_alone(folder, clip, n, arguments.seconds) for n in GROWTH}
    print(json.dumps(report))
    return 0


def _compare(folder: Path, clip: Path, streams: int, seconds: float) -> dict[str, object]:
    with cameras(streams, clip) as urls:
        own, recorded = _measure_own(folder / "own", urls, seconds)
        _say(f"bộ ghi hình: {own.cpu_s_per_stream_minute:.4f} giây CPU mỗi camera mỗi phút")
        floor = _measure(lambda: _floor(folder / "floor", urls, 0.0), len(urls), seconds)
        batched = _measure(lambda: _floor(folder / "batched", urls, READ_EVERY_S), len(urls), seconds)
        _say(f"mức sàn: {floor.cpu_s_per_stream_minute:.4f}, đọc theo đợt: {batched.cpu_s_per_stream_minute:.4f}")
        ffmpeg = _measure(lambda: ffmpeg_each(folder / "ffmpeg", urls), len(urls), seconds)
        _say(f"ffmpeg: {ffmpeg.cpu_s_per_stream_minute:.4f}")
    return {
        "cpu_vs_ffmpeg": _ratio(own.cpu_s_per_stream_minute, ffmpeg.cpu_s_per_stream_minute),
        "memory_vs_ffmpeg": _ratio(own.pss_bytes_per_stream, ffmpeg.pss_bytes_per_stream),
        "cpu_vs_floor": _ratio(own.cpu_s_per_stream_minute, floor.cpu_s_per_stream_minute),
        "cpu_vs_batched_floor": _ratio(own.cpu_s_per_stream_minute, batched.cpu_s_per_stream_minute),
        "gaps": recorded.gaps,
        "segments": recorded.segments,
        "bad_segments": recorded.bad_segments,
        "cpu_s_per_stream_minute": {
            "own": own.cpu_s_per_stream_minute,
            "floor": floor.cpu_s_per_stream_minute,
            "batched_floor": batched.cpu_s_per_stream_minute,
            "ffmpeg": ffmpeg.cpu_s_per_stream_minute,
        },
        "pss_mb_per_stream": {
            "own": round(own.pss_bytes_per_stream / 1e6, 3),
            "ffmpeg": round(ffmpeg.pss_bytes_per_stream / 1e6, 3),
        },
    }


def record_alone(folder: Path, clip: Path, streams: int, seconds: float) -> dict[str, object]:
    """The own recorder with so many cameras and nothing beside it: cost, gaps, files that a player complains about."""
    with cameras(streams, clip) as urls:
        own, recorded = _measure_own(folder / f"grow-{streams}", urls, seconds)
    _say(f"{streams} camera: {own.cpu_s_per_stream_minute:.4f} giây CPU mỗi camera mỗi phút")
    return {
        "cpu_s_per_stream_minute": own.cpu_s_per_stream_minute,
        "pss_mb_per_stream": round(own.pss_bytes_per_stream / 1e6, 3),
        "gaps": recorded.gaps,
        "segments": recorded.segments,
        "bad_segments": recorded.bad_segments,
    }


# -- the three recorders


def _measure_own(folder: Path, urls: list[str], seconds: float) -> tuple[Leg, Recorded]:
    leg = _measure(lambda: own_recorder(folder, urls), len(urls), seconds)
    lost = json.loads((folder / "run" / "status-0.json").read_text())["lost_packets"]
    store = folder / "store"
    index = SegmentIndex(index_path(store, 0), readonly=True)
    segments = index.find_segments()
    gaps = sum(
        gap.reason != GapReason.STOPPED
        for camera in index.cameras()
        for gap in index.find_gaps(camera, now=segments[-1].end)
    )
    index.close()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        bad = sum(pool.map(lambda segment: bool(complaints(store / segment.path)), segments))
    return leg, Recorded(gaps + lost, len(segments), bad)


@contextmanager
def own_recorder(folder: Path, urls: list[str]) -> Iterator[list[int]]:
    """The recorder process, recording every camera."""
    folder.mkdir()
    spec = {"cameras": [{"code": f"BENCH-{n:04d}", "url": url} for n, url in enumerate(urls)]}
    (folder / "spec.json").write_text(json.dumps(spec))
    command = [sys.executable, "-m", "binhyen", "record", "--data", str(folder), "--spec", str(folder / "spec.json")]
    with (folder / "log").open("w") as log, subprocess.Popen([*command, "--allow-loopback"], stderr=log) as process:
        try:
            _wait_for(lambda: _all_recording(folder / "run" / "status-0.json", len(urls)))
            yield [process.pid]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _all_recording(status: Path, streams: int) -> bool:
    if not status.exists():
        return False
    states = [each["state"] for each in json.loads(status.read_text())["cameras"]]
    return states == [CameraState.RECORDING] * streams


@contextmanager
def _floor(folder: Path, urls: list[str], every_s: float) -> Iterator[list[int]]:
    folder.mkdir()
    command = [sys.executable, "-m", "binhyen.bench.floor", str(folder), "--every", str(every_s)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipe to the floor")
        process.stdin.write(json.dumps(urls) + "\n")
        process.stdin.flush()
        process.stdout.readline()
        yield [process.pid]
    finally:
        process.communicate("")


@contextmanager
def ffmpeg_each(folder: Path, urls: list[str]) -> Iterator[list[int]]:
    """One `ffmpeg -c copy` for each camera."""
    folder.mkdir()
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    reading = [ffmpeg, "-nostdin", "-v", "error", "-rtsp_transport", "tcp", "-i"]
    writing = ["-c", "copy", "-f", "segment", "-segment_time", "60", "-segment_format", "mp4", "-reset_timestamps", "1"]
    with ExitStack() as ending:
        processes = []
        for n, url in enumerate(urls):
            target = folder / f"{n}-%05d.mp4"
            process = subprocess.Popen([*reading, url, *writing, str(target)], stderr=subprocess.DEVNULL)
            processes.append(ending.enter_context(process))
            ending.callback(process.terminate)
        _wait_for(lambda: len({each.name.partition("-")[0] for each in folder.iterdir()}) == len(urls))
        yield [process.pid for process in processes]


# -- measuring


def _measure(recorder: Callable[[], object], streams: int, seconds: float) -> Leg:
    with recorder() as pids:  # type: ignore[attr-defined]  # a context manager made by the functions above
        time.sleep(SETTLE_S)
        begin, begun_at = cost_of(pids), time.monotonic()
        time.sleep(seconds)
        end, minutes = cost_of(pids), (time.monotonic() - begun_at) / 60
    return _leg(begin, end, minutes, streams)


def _leg(begin: Cost, end: Cost, minutes: float, streams: int) -> Leg:
    return Leg(round((end.cpu_s - begin.cpu_s) / minutes / streams, 5), end.pss_bytes / streams)


def complaints(segment: Path) -> str:
    """What FFmpeg says when it decodes the whole file; "" when nothing."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-threads", "1", "-i", str(segment), "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def _wait_for(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + START_LIMIT_S
    while not condition():
        if time.monotonic() > give_up_at:
            raise TimeoutError("Không camera nào được ghi đủ trong hai phút")
        time.sleep(0.2)


def _ratio(ours: float, theirs: float) -> float:
    return round(ours / theirs, 4) if theirs else 0.0


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
