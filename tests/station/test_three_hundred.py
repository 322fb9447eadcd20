"""One recorder process and 300 cameras that speak RTSP over sockets."""

import pytest

from binhyen.bench.cameras import render_clip
from binhyen.bench.recorder import record_alone


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_one_recorder_carries_300_cameras_without_a_gap(tmp_path):
    found = record_alone(tmp_path, render_clip(tmp_path), streams=300, seconds=30)
    assert found["segments"] >= 300  # more where the machine took its minutes to settle
    assert (found["gaps"], found["bad_segments"]) == (0, 0)
