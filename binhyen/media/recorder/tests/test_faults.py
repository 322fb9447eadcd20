"""F06: cameras that are silent, send garbage, come and go; F09: that change their coding."""

import json

from binhyen.contracts import GapReason
from binhyen.media.recorder.tests.conftest import clip_of, eventually
from binhyen.media.store.tests.conftest import playable
from binhyen.media.store.tests.film import film
from binhyen.media.testcam.faults import Fault


def test_F06_each_bad_camera_is_told_apart_and_the_good_one_does_not_notice(cameras, recorder):
    faults = {"SILENT": Fault.SILENT, "GARBAGE": Fault.GARBAGE, "FLAP": Fault.FLAP, "REFUSE": Fault.REFUSE}
    for name in ("GOOD", *faults):
        cameras.add(name, clip_of(film(group=5)))
    running = recorder(*((name, cameras.url(name)) for name in ("GOOD", *faults)))
    for name in ("GOOD", *faults):
        running.wait_for(name, "recording")
    for name, fault in faults.items():
        cameras.set_fault(name, fault)
    running.wait_for("REFUSE", "failing", within_s=15)
    running.wait_for("SILENT", "silent", within_s=15)
    running.wait_for("GARBAGE", "failing", within_s=15)
    eventually(lambda: len(running.gaps("FLAP")) >= 2, within_s=20)
    assert running.state("GOOD") == "recording"
    for name in ("SILENT", "GARBAGE"):
        cameras.set_fault(name, Fault.NONE)
        running.wait_for(name, "recording", within_s=45)
    assert running.end() == 0
    reasons = {name: {gap.reason for gap in running.gaps(name)} - {GapReason.STOPPED} for name in ("GOOD", *faults)}
    assert reasons["GOOD"] == set()
    assert reasons["REFUSE"] == reasons["FLAP"] == {GapReason.CONNECTION}
    assert GapReason.SILENT in reasons["SILENT"]
    assert reasons["GARBAGE"] & {GapReason.GARBAGE, GapReason.CONNECTION}
    assert len(running.log.splitlines()) < 40


def test_F09_another_size_in_the_middle_is_a_new_segment_and_no_gap(cameras, recorder):
    cameras.add("a", clip_of(film(group=5)), changed=clip_of(film(width=640, height=480), "larger"))
    running = recorder(("CAM-01", cameras.url("a")))
    running.wait_for("CAM-01", "recording")
    cameras.set_fault("a", Fault.PARAMETER_CHANGE)
    eventually(lambda: running.statuses()["CAM-01"]["width"] == 640)
    assert running.end() == 0
    rows = running.segments("CAM-01")
    assert sorted({row.width for row in rows}) == [320, 640]
    assert [playable(running.data / "store" / row.path) for row in rows] == [""] * len(rows)
    assert [gap.reason for gap in running.gaps("CAM-01")] == [GapReason.STOPPED]


def test_F07_a_camera_that_loses_one_packet_in_five_leaves_only_whole_pictures(cameras, recorder):
    cameras.add("a", clip_of(film(group=5, noisy=True)))
    running = recorder(("CAM-01", cameras.url("a")))
    running.wait_for("CAM-01", "recording")
    cameras.set_fault("a", Fault.LOSS)
    lost = eventually(lambda: json.loads((running.data / "run" / "status-0.json").read_text())["lost_packets"])
    cameras.set_fault("a", Fault.NONE)
    eventually(lambda: running.state("CAM-01") == "recording")
    assert running.end() == 0
    assert lost > 0
    rows = running.segments("CAM-01")
    assert [playable(running.data / "store" / row.path) for row in rows] == [""] * len(rows)


def test_the_clock_of_the_camera_is_measured_against_ours(cameras, recorder):
    cameras.add("a", clip_of(film(group=5)), clock_offset_us=90_000_000)
    running = recorder(("CAM-01", cameras.url("a")))
    offset = eventually(lambda: running.statuses().get("CAM-01", {}).get("clock_offset_us"), within_s=15)
    assert abs(offset - 90_000_000) < 500_000
