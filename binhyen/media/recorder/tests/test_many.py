"""F06 and F07 with 300 cameras over sockets and one recorder process."""

import time
from pathlib import Path

import pytest

from binhyen.bench.measure import pss_bytes
from binhyen.contracts import SECOND, GapReason
from binhyen.media.recorder.gate import STARTS_PER_SECOND
from binhyen.media.recorder.session import ANNOUNCE_EVERY_US
from binhyen.media.recorder.tests.conftest import clip_of, eventually
from binhyen.media.store.tests.film import film
from binhyen.media.testcam.faults import Fault

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.reported(
        "300 cameras and their recorder share two cores: how soon they answer hangs on what else runs"
    ),
]
MANY = 300
BURST = 12  # what the gate lets through at once after a pause, and what two clocks' seconds may share
TOLD_WITHIN_S = 30.0
LOOKED_ON_S = 40.0
WATCHED = {"SILENT": Fault.SILENT, "GARBAGE": Fault.GARBAGE, "FLAP": Fault.FLAP}


@pytest.fixture
def many(cameras, recorder):
    """A recorder that records 300 cameras of five pictures a second."""
    clip = clip_of(film(group=5, fps=5))
    codes = [f"{kind}-{n:03d}" for kind in WATCHED for n in range(20)]
    codes += [f"GOOD-{n:03d}" for n in range(MANY - len(codes))]
    for n, code in enumerate(codes):
        cameras.add(code, clip, phase_s=n % 10 / 10)
    running = recorder(*((code, cameras.url(code)) for code in codes))
    eventually(lambda: _recording(running) == MANY, within_s=90, every_s=0.5)
    return running


def _recording(running) -> int:
    return sum(each["state"] == "recording" for each in running.statuses().values())


def _open_files(running) -> int:
    return len(list(Path(f"/proc/{running.process.pid}/fd").iterdir()))


def test_F06_sixty_bad_cameras_are_told_within_30_s_and_240_good_ones_do_not_notice(cameras, many):
    files, memory, lines = _open_files(many), pss_bytes(many.process.pid), len(many.log.splitlines())
    bad = [name for name in cameras.names if not name.startswith("GOOD")]
    begun = time.monotonic()
    for name in bad:
        cameras.set_fault(name, WATCHED[name.partition("-")[0]])
    told: set[str] = set()

    def all_told() -> bool:
        told.update(code for code, each in many.statuses().items() if each["state"] != "recording")
        return told >= set(bad)

    eventually(all_told, within_s=TOLD_WITHIN_S, every_s=0.2)
    time.sleep(max(0, LOOKED_ON_S - (time.monotonic() - begun)))
    assert told == set(bad)
    passed_s = time.monotonic() - begun
    assert len(many.log.splitlines()) - lines <= len(bad) * (1 + passed_s * SECOND / ANNOUNCE_EVERY_US)
    assert _open_files(many) <= files + 5
    assert pss_bytes(many.process.pid) <= memory * 1.2
    assert many.end() == 0
    good = [name for name in cameras.names if name.startswith("GOOD")]
    assert {gap.reason for name in good for gap in many.gaps(name)} == {GapReason.STOPPED}


def test_F07_300_cameras_that_return_at_once_are_called_at_most_40_a_second(cameras, many):
    before = len(cameras.called_at())
    for name in cameras.names:
        cameras.set_fault(name, Fault.REFUSE)
    eventually(lambda: _recording(many) == 0, within_s=30)
    time.sleep(LOOKED_ON_S)
    dark = cameras.called_at()[before:]
    for name in cameras.names:
        cameras.set_fault(name, Fault.NONE)
    eventually(lambda: _recording(many) == MANY, within_s=120, every_s=0.5)
    assert _most_in_a_second(cameras.called_at()[before:]) <= STARTS_PER_SECOND + BURST
    last_ten_s = sum(at > dark[-1] - 10 * SECOND for at in dark)
    assert last_ten_s < MANY, "a street that stays dark is asked ever more seldom"
    assert many.end() == 0


def _most_in_a_second(moments: list[int]) -> int:
    """The most moments that lie within one second, wherever it begins."""
    first = most = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - SECOND:
            first += 1
        most = max(most, last - first + 1)
    return most
