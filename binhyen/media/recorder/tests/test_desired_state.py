"""Cameras that come and go while the recorder runs."""

import threading

import pytest

from binhyen.contracts import CameraSpec, GapReason, NodeSpec, SystemClock
from binhyen.media.recorder.node import NodeOptions, RecorderNode
from binhyen.media.recorder.opening import source_opener
from binhyen.media.recorder.tests.conftest import clip_of, eventually
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.store import FootageStore, SegmentIndex, StoreOptions, index_path
from binhyen.media.store.tests.film import film


@pytest.fixture
def node(tmp_path):
    """A recorder in a thread of its own that wishes for no camera yet."""
    clock = SystemClock()
    opener = source_opener(clock, AddressPolicy(allow_loopback=True))
    made = RecorderNode(
        NodeOptions(tmp_path, store=StoreOptions(reserve_bytes=0)), clock=clock, open_source=opener, random=lambda: 0.5
    )
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.stop()
    thread.join(10)


def recording(node):
    return [each.camera for each in node._statuses if each.state.value == "recording"]


def test_a_camera_that_is_taken_away_ends_and_the_others_go_on(node, cameras, tmp_path):
    cameras.add("a", clip_of(film(group=5)))
    both = [CameraSpec(code, cameras.url("a")) for code in ("CAM-01", "CAM-02")]
    node._wanted(NodeSpec(tuple(both)))
    eventually(lambda: sorted(recording(node)) == ["CAM-01", "CAM-02"])
    node._wanted(NodeSpec(tuple(both[1:])))
    eventually(lambda: recording(node) == ["CAM-02"])
    index = SegmentIndex(index_path(tmp_path / "store", 0), readonly=True)
    gaps = eventually(lambda: [gap.reason for gap in index.find_gaps("CAM-01", now=SystemClock().now())])
    index.close()
    assert gaps == [GapReason.STOPPED]
    eventually(lambda: cameras.readers("a") == 1)


def test_a_camera_that_is_taken_away_before_its_store_was_looked_through_is_never_called(node, cameras, monkeypatch):
    looked, go_on, recover = threading.Event(), threading.Event(), FootageStore.recover

    def recover_slowly(self, camera, now):
        looked.set()
        assert go_on.wait(10)
        return recover(self, camera, now)

    monkeypatch.setattr(FootageStore, "recover", recover_slowly)
    cameras.add("a", clip_of(film(group=5)))
    node._wanted(NodeSpec((CameraSpec("CAM-01", cameras.url("a")),)))
    assert looked.wait(10)
    node._wanted(NodeSpec(()))
    eventually(lambda: not node._wished)
    go_on.set()
    eventually(lambda: not node._recovering)
    assert (node._sessions, cameras.readers("a")) == ({}, 0)
