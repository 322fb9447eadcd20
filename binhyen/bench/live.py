"""`binhyen bench live`: from the arrival of a frame at the recorder to its display in a real Chromium.

A simulated 720p camera at 15 frames/s goes through recorder, live node and gateway, each as it runs in service. Then
what viewers cost the recorder: none, one and twenty of one camera.
"""

import argparse
import asyncio
import json
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from binhyen.bench.cameras import cameras, render_clip, scratch
from binhyen.bench.measure import cpu_seconds

if TYPE_CHECKING:
    import aiohttp

CAMERA = "CAM-001"
VIEWERS = 20
ROUNDS = 3
WARM_UP_S = 5.0
SETTLE_S = 5.0  # longer than a channel lingers after its last viewer
START_LIMIT_S = 30.0
BROWSER_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PLAYING = f"by-live-tile[camera={CAMERA}][state=playing]"
LATENCIES = "document.querySelector('by-live-tile').player.latencies"


def register(parser: argparse.ArgumentParser) -> None:
    """Arguments of the measurement."""
    parser.add_argument("--seconds", type=float, default=20.0, help="thời gian đo mỗi lượt (mặc định 20)")
    parser.add_argument("--no-browser", action="store_true", help="chỉ đo chi phí người xem, không mở Chromium")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; exit status 2 where there is no Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None and not arguments.no_browser:
        print("Không tìm thấy Chromium. Hãy cài gói chromium, hoặc dùng --no-browser.", file=sys.stderr)
        return 2
    report: dict[str, object] = {"seconds": arguments.seconds}
    with scratch() as folder, cameras(1, render_clip(folder)) as urls, _node(folder, urls[0]) as node:
        pids, node_url, token = node
        if chromium is not None and not arguments.no_browser:
            report |= _display_delays(chromium, node_url, token, arguments.seconds)
            _say(f"từ lúc nhận đến lúc hiện: p50 {report['p50_ms']} ms, p95 {report['p95_ms']} ms")
        report |= asyncio.run(_viewer_costs(pids, node_url, token, arguments.seconds))
    print(json.dumps(report))
    return 0


@contextmanager
def _node(folder: Path, url: str) -> Iterator[tuple[dict[str, int], str, str]]:
    """Recorder and live process over `folder`: their process numbers, the node's address, its token."""
    token, token_file, spec = secrets.token_urlsafe(16), folder / "token", folder / "spec.json"
    token_file.write_text(token)
    spec.write_text(json.dumps({"cameras": [{"code": CAMERA, "url": url}]}))
    base = [sys.executable, "-m", "binhyen"]
    where = ["--data", str(folder / "data"), "--allow-loopback", "--token-file", str(token_file)]
    with (folder / "log").open("w") as log:
        recorder = subprocess.Popen([*base, "record", *where, "--spec", str(spec)], stderr=log)
        live = subprocess.Popen([*base, "live", *where], stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            if live.stdout is None:
                raise RuntimeError("no pipe to the live process")
            port = json.loads(live.stdout.readline())["port"]
            yield {"recorder": recorder.pid, "live": live.pid}, f"http://127.0.0.1:{port}", token
        finally:
            for process in (live, recorder):
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=START_LIMIT_S)


def _display_delays(chromium: str, node_url: str, token: str, seconds: float) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    from binhyen.bench.live_page import serve_page

    with serve_page(node_url, token) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_ARGUMENTS))
        try:
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(f"{address}/?camera={CAMERA}")
            page.wait_for_selector(PLAYING, timeout=START_LIMIT_S * 1000)
            page.wait_for_timeout(WARM_UP_S * 1000)
            before = page.evaluate(f"{LATENCIES}.length")
            page.wait_for_timeout(seconds * 1000)
            delays = page.evaluate(LATENCIES)[before:]
        finally:
            browser.close()
    if len(delays) < 20:
        raise RuntimeError(f"only {len(delays)} frames were shown in {seconds} s")
    percentiles = statistics.quantiles(delays, n=100)
    return {
        "p50_ms": round(percentiles[49], 1),
        "p95_ms": round(percentiles[94], 1),
        "max_ms": round(max(delays), 1),
        "frames": len(delays),
    }


async def _viewer_costs(pids: dict[str, int], node_url: str, token: str, seconds: float) -> dict[str, object]:
    """CPU seconds of recorder and live process per second of watching, by number of viewers.

    Each number of viewers has several turns, taken alternately, and its cheapest one counts: what else runs on the
    machine only ever adds.
    """
    recorder: dict[int, list[float]] = {0: [], 1: [], VIEWERS: []}
    live: dict[int, list[float]] = {0: [], 1: [], VIEWERS: []}
    for viewers in (0, 1, VIEWERS) * ROUNDS:
        before, after = await _watch(node_url, token, viewers, seconds / ROUNDS, pids)
        recorder[viewers].append((after["recorder"] - before["recorder"]) * ROUNDS / seconds)
        live[viewers].append((after["live"] - before["live"]) * ROUNDS / seconds)
    for viewers, costs in recorder.items():
        _say(f"{viewers} người xem: máy ghi {min(costs):.4f}, máy phát {min(live[viewers]):.4f} giây CPU mỗi giây")
    one = min(recorder[1])
    return {
        "recorder_cpu": {str(n): round(min(costs), 4) for n, costs in recorder.items()},
        "live_cpu": {str(n): round(min(costs), 4) for n, costs in live.items()},
        "recorder_cpu_20_vs_1": round(min(recorder[VIEWERS]) / one, 3) if one else None,
    }


def _costs(pids: dict[str, int]) -> dict[str, float]:
    return {name: _seconds_on_cpu(pid) for name, pid in pids.items()}


def _seconds_on_cpu(pid: int) -> float:
    """Time that all threads have run, to the nanosecond where the kernel tells it: one camera costs few clock ticks."""
    try:
        told = [task.joinpath("schedstat").read_text().split()[0] for task in Path(f"/proc/{pid}/task").iterdir()]
    except FileNotFoundError:
        return cpu_seconds(pid)
    return sum(map(int, told)) / 1e9


async def _watch(
    node_url: str, token: str, viewers: int, seconds: float, pids: dict[str, int]
) -> tuple[dict[str, float], dict[str, float]]:
    """What the processes had used when all viewers had their first frames, and `seconds` later."""
    import aiohttp

    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        counts = [0] * viewers
        tasks = [asyncio.create_task(_look(session, f"{node_url}/v1/live/{CAMERA}", counts, n)) for n in range(viewers)]
        deadline = time.monotonic() + START_LIMIT_S
        while any(count < 2 for count in counts) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        await asyncio.sleep(SETTLE_S)
        before, settled = _costs(pids), sum(counts)
        await asyncio.sleep(seconds)
        after = _costs(pids)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if viewers and sum(counts) - settled < viewers * seconds * 10:
        raise RuntimeError("the viewers did not get their frames")
    return before, after


async def _look(session: "aiohttp.ClientSession", url: str, counts: list[int], place: int) -> None:
    async with session.ws_connect(url, max_msg_size=0) as socket:
        async for message in socket:
            counts[place] += isinstance(message.data, bytes)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
