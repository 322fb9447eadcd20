"""More recorders than before: each has the rows of its own cameras, and no row is lost on the way."""

import pytest

from binhyen.contracts import Gap, GapReason, Segment, SystemClock
from binhyen.media.playback.shelf import Shelf
from binhyen.media.store import IndexesMissing, SegmentIndex, index_path, index_paths, shard_of, share_out
from binhyen.media.store.index import gap_found, number_taken, segment_closed

CAMERAS = [f"CAM-{n:02d}" for n in range(12)]


@pytest.fixture
def store(tmp_path):
    """One index with two segments and a gap of each camera."""
    index = SegmentIndex(index_path(tmp_path, 0))
    for code in CAMERAS:
        for number in (1, 2):
            times = (number * 100, number * 100 + 90)
            index.write([segment_closed(Segment(code, number, f"{code}/{number}", *times, 1, 1, "avc1", 1, 1, "00"))])
        index.write([gap_found(Gap(code, 190, 200, GapReason.CONNECTION)), number_taken(code, 7)])
    index.close()
    return tmp_path


def _rows(store):
    """Camera: (which index, numbers of segments, gaps, highest number), for each index that has any of it."""
    found = {}
    for shard in range(len(index_paths(store))):
        index = SegmentIndex(index_path(store, shard), readonly=True)
        for code in index.cameras():
            numbers = [each.number for each in index.find_segments(code)]
            gaps = len(index.find_gaps(code, now=1000))
            found.setdefault(code, []).append((shard, numbers, gaps, index.highest_number(code)))
        index.close()
    return found


def _as_it_should_be(shards):
    return {code: [(shard_of(code, shards), [1, 2], 1, 7)] for code in CAMERAS}


@pytest.mark.parametrize("shards", [(2,), (3, 5), (2, 3), (4, 1), (1,)])
def test_every_row_is_in_the_index_of_its_recorder_and_in_no_other(store, shards):
    for count in shards:
        share_out(store, count)
    assert _rows(store) == _as_it_should_be(shards[-1])
    assert len(index_paths(store)) == shards[-1]
    assert share_out(store, shards[-1]) == 0


def test_F01_killed_between_copying_and_removing_the_next_run_ends_it(store):
    before = index_path(store, 0).read_bytes()
    share_out(store, 2)
    index_path(store, 0).write_bytes(before)  # as if nothing had been removed yet
    assert any(len(places) == 2 for places in _rows(store).values())
    shelf = Shelf(store, SystemClock())
    assert {len(shelf.segments(code, 0, 1000)) for code in CAMERAS} == {2}
    assert {len(shelf.gaps(code, 0, 1000)) for code in CAMERAS} == {1}
    shelf.close()
    share_out(store, 2)
    assert _rows(store) == _as_it_should_be(2)


def test_an_index_that_is_gone_or_torn_is_not_papered_over(store):
    share_out(store, 2)
    index_path(store, 0).write_bytes(b"torn" * 2000)
    with pytest.raises(IndexesMissing):
        share_out(store, 3)
    index_path(store, 0).unlink()
    with pytest.raises(IndexesMissing):
        share_out(store, 3)
    assert set(_rows_of_second(store)) == {code for code in CAMERAS if shard_of(code, 2) == 1}


def _rows_of_second(store):
    index = SegmentIndex(index_path(store, 1), readonly=True)
    try:
        return index.cameras()
    finally:
        index.close()
