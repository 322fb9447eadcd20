"""F07 over a line that delays, loses, stalls and breaks, without rights over the network."""

import time

import pytest

from binhyen.contracts import GapReason
from binhyen.media.recorder.tests.conftest import clip_of
from binhyen.media.recorder.tests.line import Line
from binhyen.media.store.tests.conftest import playable
from binhyen.media.store.tests.film import film


@pytest.fixture
def line(cameras):
    """The line to a camera `a`."""
    cameras.add("a", clip_of(film(group=5)))
    with Line(cameras.port) as made:
        yield made


@pytest.fixture
def running(line, recorder):
    """A recorder that records the camera through the line."""
    started = recorder(("CAM-01", f"rtsp://127.0.0.1:{line.port}/a"))
    started.wait_for("CAM-01", "recording")
    return started


def _ended(running):
    """Reasons of the gaps; every file plays."""
    assert running.end() == 0
    rows = running.segments("CAM-01")
    assert [playable(running.data / "store" / row.path) for row in rows] == [""] * len(rows)
    return {gap.reason for gap in running.gaps("CAM-01")} - {GapReason.STOPPED}


def test_F07_half_a_second_of_delay_and_one_packet_in_five_lost_cost_no_picture(line, running):
    line.delay_s, line.loss = 0.5, 0.2
    begun, frames = time.monotonic(), running.statuses()["CAM-01"]["last_frame_at"]
    while time.monotonic() < begun + 8:
        assert running.state("CAM-01") == "recording"
        time.sleep(0.2)
    assert running.statuses()["CAM-01"]["last_frame_at"] > frames + 5_000_000
    assert _ended(running) == set()


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_F07_a_line_that_stalls_is_told_and_called_anew(line, running):
    line.stalled = True
    running.wait_for("CAM-01", "silent", within_s=15)
    while len(line.called_at) < 2:  # not waiting for ever on a connection that nobody closes
        assert time.monotonic() < line.called_at[0] + 60
        time.sleep(0.1)
    line.mend()
    running.wait_for("CAM-01", "recording", within_s=90)
    assert GapReason.SILENT in _ended(running)


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_F07_a_line_that_breaks_is_called_ever_more_seldom_until_it_is_mended(line, running):
    line.cut()
    running.wait_for("CAM-01", "failing")
    time.sleep(40)
    calls = len(line.called_at) - 1
    assert 2 <= calls <= 30
    line.mend()
    running.wait_for("CAM-01", "recording", within_s=75)
    assert _ended(running) == {GapReason.CONNECTION}
