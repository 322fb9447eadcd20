"""F03: with the centre away recording goes on, and what happened arrives afterwards once."""

import json
import stat

from binhyen.contracts import Clock, EventKind, SystemClock
from binhyen.media.recorder.spool import EventSpool, new_event
from binhyen.media.recorder.tests.conftest import clip_of, eventually
from binhyen.media.store.tests.film import film
from binhyen.media.testcam.faults import Fault

CLOCK: Clock = SystemClock()


def test_F03_a_recorder_records_with_the_centre_away_and_tells_all_of_it_later_once(cameras, recorder, centre):
    cameras.add("a", clip_of(film(group=5)))
    centre.spec = {"cameras": [{"code": "CAM-01", "url": cameras.url("a")}]}
    running = recorder(arguments=("--centre", centre.url))
    running.wait_for("CAM-01", "recording")
    eventually(lambda: centre.events())
    assert running.end() == 0
    centre.stop()
    told = len(centre.events())

    running = recorder(arguments=("--centre", centre.url))
    running.wait_for("CAM-01", "recording")
    cameras.set_fault("a", Fault.REFUSE)
    running.wait_for("CAM-01", "failing", within_s=15)
    assert len(centre.events()) == told

    centre.start()
    news = eventually(lambda: [e for e in centre.events() if e["detail"].get("reason") == "connection"], within_s=15)
    eventually(lambda: [e for e in centre.statuses if e["state"] == "failing"], within_s=15)
    running.end()
    ids = [event["id"] for event in centre.events()]
    assert len(ids) == len(set(ids))
    assert [event["kind"] for event in news] == ["gap"]
    assert sum(event["kind"] == "node_started" for event in centre.events()) == 2


def test_the_desired_state_is_fetched_again_only_when_it_changed(cameras, recorder, centre):
    cameras.add("a", clip_of(film(group=5)))
    cameras.add("b", clip_of(film(group=5)))
    centre.spec = {"cameras": [{"code": "CAM-01", "url": cameras.url("a")}]}
    running = recorder(arguments=("--centre", centre.url))
    eventually(lambda: centre.spec_answers.count(304) >= 1)
    centre.spec = {"cameras": [{"code": "CAM-02", "url": cameras.url("b")}]}
    running.wait_for("CAM-02", "recording")
    assert list(running.statuses()) == ["CAM-02"]
    eventually(lambda: running.segments("CAM-01"))
    kept = running.data / "spool" / "spec-0.json"
    assert json.loads(kept.read_text()) == centre.spec
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_batch_that_was_not_confirmed_is_sent_again_under_the_same_id(tmp_path, recorder, centre):
    centre.refuse_events_once = True
    recorder(arguments=("--centre", centre.url))
    eventually(lambda: len(centre.batches) >= 2, within_s=15)
    assert centre.batches[0]["id"] == centre.batches[1]["id"]


def test_a_full_spool_drops_the_oldest_that_is_no_gap_and_says_so(tmp_path):
    spool = EventSpool(tmp_path / "events.sqlite3", clock=CLOCK, limit=20)
    gaps = [new_event(EventKind.GAP, CLOCK, f"CAM-{n:02d}") for n in range(10)]
    states = [new_event(EventKind.CAMERA_STATE, CLOCK, f"CAM-{n:02d}") for n in range(15)]
    for event in [*gaps, *states]:
        spool.add(event)
    kept = spool.next_batch().events
    assert [event for event in kept if event.kind == EventKind.GAP] == gaps
    assert states[-1] in kept
    assert states[0] not in kept
    assert {event.detail["state"] for event in kept if event.kind == EventKind.DISK} == {"spool_overflow"}
    assert len(kept) <= 20
    spool.close()


def test_what_is_spooled_survives_the_process(tmp_path):
    event = new_event(EventKind.GAP, CLOCK, "CAM-01", reason="crash")
    first = EventSpool(tmp_path / "events.sqlite3", clock=CLOCK)
    first.add(event, event)
    first.close()
    second = EventSpool(tmp_path / "events.sqlite3", clock=CLOCK)
    assert second.next_batch().events == (event,)
    second.delivered(second.next_batch())
    assert (second.next_batch(), len(second)) == (None, 0)
    second.close()
