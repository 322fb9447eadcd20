"""What is written, when it is cut, and what the index says of it."""

import hashlib

from binhyen.contracts import SECOND, Gap, GapReason
from binhyen.media.fmp4 import scan_file
from binhyen.media.store import SegmentIndex, index_path
from binhyen.media.store.tests.conftest import NOON, playable
from binhyen.media.store.tests.film import film

MINUTE = 60 * SECOND


def finish(world, writer, reason=GapReason.STOPPED):
    writer.fail(reason)
    world.close()
    return SegmentIndex(index_path(world.data / "store", 0), readonly=True)


def test_a_segment_ends_on_the_first_key_frame_of_the_next_minute(world):
    world.open()
    writer = world.writer("CAM-01")
    world.clock.advance(30 * SECOND + SECOND // 2)
    world.record(writer, 95)
    rows = finish(world, writer).find_segments("CAM-01")
    assert [(row.number, row.start, row.frames) for row in rows] == [
        (1, NOON + 30_500_000, 450),
        (2, NOON + 60_500_000, 900),
        (3, NOON + 120_500_000, 75),
    ]
    assert [row.end for row in rows[:-1]] == [row.start for row in rows[1:]]


def test_a_segment_lies_under_its_camera_and_day_and_any_player_opens_it(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 61)
    rows = finish(world, writer).find_segments("CAM-01")
    assert [row.path for row in rows] == [
        "CAM-01/2026-10-18/120000-000001.mp4",
        "CAM-01/2026-10-18/120100-000002.mp4",
    ]
    assert [playable(world.data / "store" / row.path) for row in rows] == ["", ""]


def test_the_hash_size_and_coding_in_the_index_are_those_of_the_file(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 10)
    (row,) = finish(world, writer).find_segments("CAM-01")
    content = (world.data / "store" / row.path).read_bytes()
    assert (row.sha256, row.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (row.codec, row.width, row.height, row.repaired, row.clock_stepped) == (
        film().sets.mime,
        320,
        240,
        False,
        False,
    )


def test_every_fragment_is_one_group_and_says_when_it_was_taken(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 5)
    (row,) = finish(world, writer).find_segments("CAM-01")
    fragments = scan_file(world.data / "store" / row.path).fragments
    assert [len(each.samples) for each in fragments] == [15] * 5
    assert [each.wall_clock - NOON for each in fragments] == [n * SECOND for n in range(5)]


def test_a_long_group_is_written_in_parts_so_that_little_is_in_hand(world):
    world.open()
    writer = world.writer("CAM-01")
    slow = film(group=300)
    world.record(writer, 30, taken=slow)
    (row,) = finish(world, writer).find_segments("CAM-01")
    fragments = scan_file(world.data / "store" / row.path).fragments
    assert [each.key for each in fragments] == [True, False, False, True, False]
    assert max(len(each.samples) for each in fragments) <= 8 * 15 + 1
    assert playable(world.data / "store" / row.path) == ""


def test_pictures_out_of_order_are_kept_whole(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 12, taken=film(b_frames=2, group=30))
    (row,) = finish(world, writer).find_segments("CAM-01")
    assert row.frames == 180
    assert playable(world.data / "store" / row.path) == ""


def test_h265_is_recorded_as_it_comes(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 8, taken=film("libx265"))
    (row,) = finish(world, writer).find_segments("CAM-01")
    assert row.codec.startswith("hvc1.")
    assert playable(world.data / "store" / row.path) == ""


def test_F09_new_parameter_sets_begin_a_new_segment_without_a_gap(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 5)
    world.record(writer, 5, taken=film(width=640, height=480), first_pts=5 * 90_000)
    index = finish(world, writer)
    assert [(row.width, row.frames) for row in index.find_segments("CAM-01")] == [(320, 75), (640, 75)]
    assert index.find_gaps("CAM-01", now=world.clock.now()) == [
        Gap("CAM-01", NOON + 10 * SECOND, NOON + 10 * SECOND, GapReason.STOPPED)
    ]


def test_a_lost_connection_is_a_gap_with_its_reason_until_the_next_picture(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 5)
    writer.fail(GapReason.CONNECTION)
    world.clock.advance(20 * SECOND)
    world.record(writer, 5, first_pts=900_000)
    index = finish(world, writer)
    assert index.find_gaps("CAM-01", end=NOON + MINUTE // 2, now=world.clock.now())[:1] == [
        Gap("CAM-01", NOON + 5 * SECOND, NOON + 25 * SECOND, GapReason.CONNECTION)
    ]
    assert [row.start for row in index.find_segments("CAM-01")] == [NOON, NOON + 25 * SECOND]


def test_another_reason_for_the_same_silence_begins_another_gap(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 5)
    writer.fail(GapReason.SILENT)
    world.clock.advance(20 * SECOND)
    writer.fail(GapReason.CONNECTION)
    world.clock.advance(20 * SECOND)
    world.record(writer, 5)
    index = finish(world, writer)
    assert [(gap.reason, gap.start - NOON, gap.end - NOON) for gap in index.find_gaps("CAM-01", now=0)][:2] == [
        (GapReason.SILENT, 5 * SECOND, 25 * SECOND),
        (GapReason.CONNECTION, 25 * SECOND, 45 * SECOND),
    ]


def test_time_stamps_that_jump_are_a_gap_and_a_new_segment(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 5)
    world.clock.advance(9 * SECOND)
    world.record(writer, 5, first_pts=14 * 90_000)
    index = finish(world, writer)
    assert index.find_gaps("CAM-01", now=0)[:1] == [
        Gap("CAM-01", NOON + 5 * SECOND, NOON + 14 * SECOND, GapReason.CONNECTION)
    ]


def test_arrival_in_batches_does_not_shake_the_recorded_time(world):
    world.open()
    writer = world.writer("CAM-01")
    taken = film()
    writer.parameters(taken.sets)
    batch = SECOND // 4
    for unit in taken.units(NOON, pictures=30 * 15):
        unit.arrived_at = -(-unit.arrived_at // batch) * batch
        world.clock.wall = unit.arrived_at
        writer.unit(unit)
    index = finish(world, writer)
    (row,) = index.find_segments("CAM-01")
    assert (row.start, row.end) == (NOON, NOON + 30 * SECOND)


def test_a_window_finds_the_segments_that_reach_into_it(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 200)
    index = finish(world, writer)
    found = index.find_segments("CAM-01", NOON + 90 * SECOND, NOON + 125 * SECOND)
    assert [row.number for row in found] == [2, 3]
    assert index.find_next("CAM-01", NOON + 61 * SECOND).number == 3
