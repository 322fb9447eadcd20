"""A station whose cameras become too many for one recorder starts a second one by itself."""

import subprocess
import sys

import pytest

from binhyen.contracts import GapReason
from binhyen.media.recorder.tests.conftest import clip_of, eventually
from binhyen.media.store import SegmentIndex, index_path, shard_of
from binhyen.media.store.tests.film import film
from binhyen.media.testcam.server import TestCameraServer
from tests.station.running import RunningStation, clean_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LOOPBACK = {"BINHYEN_ALLOW_LOOPBACK_CAMERAS": "1"}
ADD = """
import sys
from datetime import date
from pathlib import Path
from binhyen.commands.database import use_installation
use_installation(Path(sys.argv[1]))
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.domain import open_unit
from binhyen.kernel.units.models import Unit
from binhyen.modules.cameras import public as cameras
with across_units():
    facts = {"code": "X99001", "name": "Công an xã Mẫu", "level": "xa", "valid_from": date(2026, 1, 1)}
    unit = Unit.objects.filter(code="X99001").first() or open_unit(**facts)
    for line in sys.stdin:
        code, url = line.split()
        cameras.add_camera(by=None, unit=unit, tier=1, name=code, code=code, url=url)
"""
GOOD = [f"CAM-{n:02d}" for n in range(6)]
DARK = [f"TOI-{n:03d}" for n in range(300)]


def _add(station, urls):
    lines = "".join(f"{code} {url}\n" for code, url in urls.items())
    command = [sys.executable, "-c", ADD, str(station.data)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, env=clean_environment(**LOOPBACK))
    assert done.returncode == 0, done.stderr[-3000:]


def _recorders(station):
    return {name for name, each in station.state()["processes"].items() if name.startswith("record")}


def _kept(station, code):
    """The index that has rows of this camera, with its segments and the reasons of its gaps."""
    found = []
    for shard in range(2):
        path = index_path(station.data / "store", shard)
        if path.exists():
            index = SegmentIndex(path, readonly=True)
            rows, gaps = index.find_segments(code), index.find_gaps(code, now=1 << 60)
            index.close()
            found += [(shard, rows, [gap.reason for gap in gaps])] if rows or gaps else []
    return found


def test_the_306th_camera_brings_a_second_recorder_and_what_was_recorded_stays_found(tmp_path):
    with TestCameraServer() as server, RunningStation(tmp_path / "data", environment=LOOPBACK) as station:
        for code in GOOD:
            server.add(code, clip_of(film(group=5, fps=5)))
        _add(station, {code: server.url(code) for code in GOOD})
        eventually(lambda: all(server.readers(code) == 1 for code in GOOD), within_s=60)
        assert _recorders(station) == {"record"}
        _add(station, dict.fromkeys(DARK, "rtsp://127.0.0.1:9/nobody"))
        station.wait_for(lambda: _recorders(station) == {"record", "record-2"}, 150)
        eventually(lambda: all(server.readers(code) == 1 for code in GOOD), within_s=60)
        assert "chuyển sang 2 tiến trình ghi" in station.said()
        assert "Chưa chia được" not in station.said()
        assert station.end() == 0
    for code in GOOD:
        ((shard, rows, reasons),) = _kept(station, code)
        assert shard == shard_of(code, 2)
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert len(rows) >= 2  # from before and after
        assert set(reasons) == {GapReason.STOPPED}
