"""F01: a recorder that is killed at any moment loses the group in hand and nothing else."""

import hashlib
import random
import signal
import time

import pytest

from binhyen.contracts import SECOND, GapReason
from binhyen.media.recorder.tests.conftest import clip_of, eventually
from binhyen.media.store.tests.conftest import playable
from binhyen.media.store.tests.film import film

GROUP_US = SECOND // 3
STALL_US = SECOND
READING_US = SECOND  # the recorder reads every half second, and the writer thread may be one behind


def kill_and_look(start, url, kills, *, seed):
    """Returns for each kill how much before it the footage ends, and the recorder after a clean stop."""
    chance = random.Random(seed)
    killed_at = []
    newest = 0
    for _ in range(kills):
        running = start(("CAM-01", url))
        wait_for_another(running, newest)
        time.sleep(0.3 + chance.random())
        running.end(signal.SIGKILL)
        killed_at.append(time.time_ns() // 1000)
        newest = newest_number(running)
    running = start(("CAM-01", url))
    wait_for_another(running, newest)
    eventually(lambda: running.statuses().get("CAM-01", {}).get("since", 0) > killed_at[-1])
    running.wait_for("CAM-01", "recording")
    assert running.end() == 0
    repaired = [row for row in running.segments("CAM-01") if row.repaired]
    lost = [at - max(row.end for row in repaired if row.start < at) for at in killed_at]
    return lost, killed_at, running


def wait_for_another(running, newest):
    """A segment after the `newest` of the recorder before; a full minute may have begun one of its own there."""
    eventually(lambda: newest_number(running) > newest, within_s=15)


def newest_number(running):
    """The number of the segment that is being written."""
    try:
        found = running.index().find_open_segment("CAM-01")
    except Exception:  # noqa: BLE001  there is no index yet
        return 0
    return found.number if found and (running.data / "store" / found.path).exists() else 0


def check_everything(running, killed_at):
    rows = running.segments("CAM-01")
    store = running.data / "store"
    on_disk = sorted(path.relative_to(store).as_posix() for path in store.rglob("*.mp4"))
    assert on_disk == sorted(row.path for row in rows)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert [hashlib.sha256((store / row.path).read_bytes()).hexdigest() for row in rows] == [row.sha256 for row in rows]
    assert [playable(store / row.path) for row in rows] == [""] * len(rows)
    crashes = [gap for gap in running.gaps("CAM-01") if gap.reason == GapReason.CRASH]
    assert len(crashes) == len(killed_at)
    assert all(gap.start <= at <= gap.end for gap, at in zip(crashes, killed_at, strict=True))


def check_loss(lost):
    """The group in hand and what one reading brings; a machine that stalls may hold one reading back for longer."""
    assert sorted(lost)[len(lost) // 2] <= GROUP_US + READING_US
    assert max(lost) <= GROUP_US + READING_US + STALL_US


def test_F01_killed_three_times_only_the_group_in_hand_is_lost(cameras, recorder):
    cameras.add("a", clip_of(film(group=5)))
    lost, killed_at, running = kill_and_look(recorder, cameras.url("a"), 3, seed=1)
    check_loss(lost)
    check_everything(running, killed_at)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_F01_killed_fifty_times_only_the_group_in_hand_is_lost(cameras, recorder):
    cameras.add("a", clip_of(film(group=5)))
    lost, killed_at, running = kill_and_look(recorder, cameras.url("a"), 50, seed=2)
    check_loss(lost)
    check_everything(running, killed_at)


def test_a_clean_stop_closes_the_segment_and_says_why_nothing_follows(cameras, recorder):
    cameras.add("a", clip_of(film()))
    running = recorder(("CAM-01", cameras.url("a")))
    running.wait_for("CAM-01", "recording")
    assert running.end(signal.SIGINT) == 0
    assert {row.repaired for row in running.segments("CAM-01")} == {False}  # two, where a minute ended meanwhile
    assert [gap.reason for gap in running.gaps("CAM-01")] == [GapReason.STOPPED]
    assert list(running.data.rglob("*.part.mp4")) == []
