"""Parts of the recorder that only strange days reach."""

import queue
import socket
import sqlite3
import threading
import time

import pytest

from binhyen.contracts import SECOND, CameraSpec, EventKind, Instant, NodeSpec, SystemClock
from binhyen.media.packets import AccessUnit
from binhyen.media.recorder import node as node_module
from binhyen.media.recorder import threaded
from binhyen.media.recorder.centre import CentreAway, CentreClient, CentreLink
from binhyen.media.recorder.node import NodeOptions, RecorderNode
from binhyen.media.recorder.opening import source_opener
from binhyen.media.recorder.rates import Rates
from binhyen.media.recorder.reactor import EpollReactor
from binhyen.media.recorder.spool import EventSpool, new_event
from binhyen.media.recorder.tests.conftest import clip_of, eventually
from binhyen.media.recorder.threaded import ThreadedSource
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import CameraUnreachable
from binhyen.media.store import FootageStore
from binhyen.media.store.tests.film import film

CLOCK = SystemClock()


def link_to(centre, tmp_path, **more):
    wanted = queue.SimpleQueue()
    client = CentreClient(centre.url, "token-of-the-node") if centre else None
    made = CentreLink(
        client,
        clock=CLOCK,
        kept_spec=tmp_path / "spec.json",
        spool=tmp_path / "events.sqlite3",
        wanted=wanted.put,
        statuses=list,
        **more,
    )
    return made, wanted


@pytest.mark.parametrize("address", ["", "127.0.0.1:8000", "ftp://x/", "http://"])
def test_an_address_of_a_centre_that_is_none_is_refused(address):
    with pytest.raises(ValueError, match="Địa chỉ trung tâm không hợp lệ"):
        CentreClient(address, "token")


def test_a_centre_behind_https_that_is_not_there_is_away():
    client = CentreClient("https://127.0.0.1:1/prefix", "token", timeout_s=1)
    with pytest.raises(CentreAway):
        client.get("/api/node/spec")
    client.close()


def test_a_wrong_token_is_a_centre_that_is_away(centre):
    client = CentreClient(centre.url, "wrong")
    with pytest.raises(CentreAway, match="HTTP 401"):
        client.get("/api/node/spec")
    client.close()


def test_a_desired_state_that_makes_no_sense_leaves_the_old_one(centre, tmp_path):
    link, wanted = link_to(centre, tmp_path)
    link.start()
    assert wanted.get(timeout=5).cameras == ()
    centre.spec = {"cameras": "all of them"}
    eventually(lambda: centre.spec_answers.count(200) >= 2)
    centre.spec = {"cameras": [{"code": "CAM-01", "url": "rtsp://x/"}]}
    assert wanted.get(timeout=5).cameras[0].code == "CAM-01"
    link.close()


def test_a_kept_desired_state_that_is_torn_does_not_stop_the_start(tmp_path):
    (tmp_path / "spec.json").write_text('{"cameras": [')
    link, wanted = link_to(None, tmp_path)
    link.start()
    link.tell(new_event(EventKind.NODE_STARTED, CLOCK))
    link.close()
    assert wanted.empty()
    spool = EventSpool(tmp_path / "events.sqlite3", clock=CLOCK)
    assert len(spool) == 1
    spool.close()


def test_F04_a_spool_that_cannot_be_written_loses_no_news(centre, tmp_path, monkeypatch):
    link, _ = link_to(centre, tmp_path)
    refusals = [sqlite3.OperationalError("database or disk is full")] * 2
    add = link._spool.add

    def refuse_twice(*events):
        if refusals:
            raise refusals.pop()
        add(*events)

    monkeypatch.setattr(link._spool, "add", refuse_twice)
    link.start()
    link.tell(new_event(EventKind.GAP, CLOCK, "CAM-01", reason="disk_full"))
    eventually(lambda: [event["kind"] for event in centre.events()] == ["gap"])
    link.close()


def test_a_spool_that_fails_half_way_keeps_its_count(tmp_path, monkeypatch):
    spool = EventSpool(tmp_path / "events.sqlite3", clock=CLOCK)
    spool.add(new_event(EventKind.GAP, CLOCK))
    with pytest.raises(AttributeError):
        spool.add(new_event(EventKind.GAP, CLOCK), None)
    assert len(spool) == 1
    spool.close()


class Listener:
    """Notes what it is given."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        return lambda *values: self.calls.append((name, *values))


def threaded_source(listener, url="http://127.0.0.1:1/x"):
    policy = AddressPolicy(allow_loopback=True)
    return ThreadedSource(url, listener, clock=CLOCK, address_policy=policy)


def test_what_a_thread_delivers_is_handed_on_in_the_loop(monkeypatch):
    listener = Listener()
    source = threaded_source(listener)
    source.on_readable()
    source.parameters("sets")
    source.lost(3)
    source.sender_report(Instant(1), Instant(2))
    assert listener.calls == []
    source.on_readable()
    assert listener.calls == [("parameters", "sets"), ("lost", 3), ("sender_report", 1, 2)]
    monkeypatch.setattr(threaded, "WAITING_MAX", 2)
    unit = AccessUnit([b""], 0, 0, True, Instant(0))
    source.access_unit(unit)
    source.access_unit(unit)
    with pytest.raises(CameraUnreachable):
        source.access_unit(unit)
    source.on_writable()
    source.close()
    source.close()
    assert source.fileno() == -1


def test_a_thread_that_ends_is_an_error_in_the_loop():
    source = threaded_source(Listener())
    source.start()
    eventually(lambda: source._ended is not None)
    with pytest.raises(type(source._ended)):
        source.on_readable()
    source.close()


def test_rates_are_means_over_ten_seconds():
    rates = Rates()
    assert (rates.frames_per_second, rates.bits_per_second) == (0.0, 0)
    for second in range(0, 40, 2):
        frames = 15 * min(second, 20)
        rates.note(Instant(second * SECOND), frames, frames * 1000)
    assert (rates.frames_per_second, rates.bits_per_second) == (0.0, 0)
    rates.note(Instant(40 * SECOND), 15 * 20 + 100, 300_000 + 100_000)
    assert (rates.frames_per_second, rates.bits_per_second) == (10.0, 80_000)


def test_a_loop_can_be_woken_and_forgets_what_was_closed():
    reactor = EpollReactor()
    reactor.wake()
    reactor.turn(1.0)
    ours, theirs = socket.socketpair()
    seen = []
    reactor.add(ours.fileno(), lambda *ready: seen.append(ready), writing=True)
    reactor.turn(0.1)
    assert seen == [(False, True)]
    fd = ours.fileno()
    ours.close()
    reactor.remove(fd)
    reactor.remove(fd)
    theirs.close()
    reactor.close()
    reactor.wake()


def test_a_descriptor_that_was_reused_is_waited_for_again():
    reactor = EpollReactor()
    ours, theirs = socket.socketpair()
    fd, seen = ours.fileno(), []
    reactor.add(fd, lambda *ready: seen.append(ready))
    ours.close()
    again, other = socket.socketpair()
    assert again.fileno() == fd
    reactor.change(fd, writing=False)
    other.send(b"x")
    reactor.turn(1.0)
    assert seen == [(True, False)]
    for each in (again, other, theirs):
        each.close()
    reactor.close()


def test_a_camera_whose_store_cannot_be_opened_is_tried_again(cameras, monkeypatch, tmp_path):
    monkeypatch.setattr(node_module, "RECOVER_AGAIN_AFTER_S", 0.05)
    refusals = [OSError(5, "made to fail")]
    recover = FootageStore.recover

    def refuse_once(self, camera, now):
        if refusals:
            raise refusals.pop()
        return recover(self, camera, now)

    monkeypatch.setattr(FootageStore, "recover", refuse_once)
    cameras.add("a", clip_of(film(group=5)))
    spec = NodeSpec((CameraSpec("CAM-01", cameras.url("a")),))
    opener = source_opener(CLOCK, AddressPolicy(allow_loopback=True))
    made = RecorderNode(NodeOptions(tmp_path / "d", spec=spec), clock=CLOCK, open_source=opener, random=lambda: 0.5)
    made._wanted(spec)
    until = time.monotonic() + 10
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    while not made._sessions and time.monotonic() < until:
        time.sleep(0.05)
    assert list(made._sessions) == ["CAM-01"]
    made.stop()
    thread.join(10)
