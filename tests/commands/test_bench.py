"""Every benchmark runs, at a small size, and prints the keys that docs/benchmarks.md names."""

import json
import subprocess
import sys

import pytest

SMALL = {
    "recorder": (("--streams", "4", "--seconds", "5"), {"cpu_vs_ffmpeg", "memory_vs_ffmpeg", "cpu_vs_floor", "gaps"}),
    "soak": (
        ("--cameras", "8", "--minutes", "0.2", "--kbits", "300", "--beside-ffmpeg"),
        {"gaps", "status_seconds_max", "memory_slope", "memory_slope_error", "province", "ffmpeg"},
    ),
    "live": (("--seconds", "3", "--no-browser"), set()),
    "export": (("--minutes", "1"), set()),
    "lists": (("--rows", "10000"), {"p95_ms", "vs_admin"}),
    "measures": (("--communes", "100"), {"page_p95_ms", "change_seconds", "vs_group_by"}),
    "users": (
        ("--rows", "30000", "--users", "10", "--seconds", "10", "--think", "1"),
        {"alone_p95_ms", "beside_export_p95_ms"},
    ),
}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_prints_its_figures_last(name):
    sizes, keys = SMALL[name]
    command = [sys.executable, "-m", "binhyen", "bench", name, "--json", *sizes]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    assert (ended.returncode, ended.stderr[-2000:] if ended.returncode else "") == (0, "")
    assert keys <= set(json.loads(ended.stdout.splitlines()[-1]))
