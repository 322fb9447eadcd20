"""F08: whatever happens to the machine's clock, nothing is overwritten and the order stays."""

from datetime import UTC, datetime

import pytest

from binhyen.contracts import SECOND, GapReason
from binhyen.media.fmp4 import scan_file
from binhyen.media.store.tests.conftest import NOON
from binhyen.media.store.tests.film import film

HOUR = 3600 * SECOND


def record_across_a_step(world, step_us):
    store = world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 10)
    world.clock.wall += step_us
    writer.clock_stepped(step_us)
    world.record(writer, 10, first_pts=10 * 90_000)
    writer.fail(GapReason.STOPPED)
    world.clock.advance(SECOND)
    store.wake()
    for volume in store.volumes:
        volume.close()
    store.journal.close()
    return store.index


def test_F08_a_clock_set_back_marks_the_next_segment_and_overwrites_nothing(world):
    index = record_across_a_step(world, -HOUR)
    rows = index.find_segments("CAM-01")
    assert [(row.number, row.start - NOON, row.clock_stepped) for row in rows] == [
        (1, 0, False),
        (2, 10 * SECOND - HOUR, True),
    ]
    assert [row.path for row in rows] == [
        "CAM-01/2026-10-18/120000-000001.mp4",
        "CAM-01/2026-10-18/110010-000002-c.mp4",
    ]


def test_F08_a_clock_set_forward_leaves_a_gap_that_says_so(world):
    index = record_across_a_step(world, HOUR)
    assert [(row.start - NOON, row.end - NOON) for row in index.find_segments("CAM-01")] == [
        (0, 10 * SECOND),
        (10 * SECOND + HOUR, 20 * SECOND + HOUR),
    ]
    gap = index.find_gaps("CAM-01", now=world.clock.now())[0]
    assert (gap.reason, gap.start - NOON, gap.end - NOON) == (
        GapReason.CLOCK_STEP,
        10 * SECOND,
        10 * SECOND + HOUR,
    )


def test_F08_the_same_time_of_day_recorded_twice_gives_two_files(world):
    store = world.open()
    writer = world.writer("CAM-01")
    for _ in range(3):
        world.record(writer, 5)
        writer.fail(GapReason.CONNECTION)
        world.clock.wall = NOON
    world.close()
    paths = sorted(path.name for path in (world.data / "store/CAM-01/2026-10-18").iterdir())
    assert paths == ["120000-000001.mp4", "120000-000002.mp4", "120000-000003.mp4"]
    assert store.folder == world.data / "store"


@pytest.mark.parametrize(
    ("begin", "days"),
    [
        (datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC), ["2026-12-31", "2027-01-01"]),
        (datetime(2028, 2, 28, 23, 59, 30, tzinfo=UTC), ["2028-02-28", "2028-02-29"]),
        (datetime(2028, 2, 29, 23, 59, 30, tzinfo=UTC), ["2028-02-29", "2028-03-01"]),
        (datetime(2026, 11, 21, 23, 59, 30, tzinfo=UTC), ["2026-11-21", "2026-11-22"]),
    ],
    ids=["year end", "into the leap day", "out of the leap day", "midnight"],
)
def test_F08_a_new_day_begins_a_new_folder_without_a_hole(world, begin, days):
    world.clock.wall = int(begin.timestamp()) * SECOND
    store = world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 60)
    writer.fail(GapReason.STOPPED)
    world.close()
    world.open()
    rows = world.store.index.find_segments("CAM-01")
    assert [row.path.split("/")[1] for row in rows] == days
    assert rows[0].end == rows[1].start
    assert store is not world.store


def test_F08_numbers_never_repeat_even_when_every_file_is_gone(world):
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 5)
    writer.fail(GapReason.STOPPED)
    world.close()
    store = world.open()
    store.keeper.forget("CAM-01")
    world.close()
    world.open()
    writer = world.writer("CAM-01")
    world.record(writer, 5)
    writer.fail(GapReason.STOPPED)
    world.close()
    world.open()
    assert [row.number for row in world.store.index.find_segments("CAM-01")] == [2]


def test_a_camera_clock_that_drifts_is_followed(world):
    world.open()
    writer = world.writer("CAM-01")
    taken = film()
    writer.parameters(taken.sets)
    fast = 1.001  # the camera's second is a thousandth longer than ours
    for unit in taken.units(NOON, pictures=15 * 300):
        unit.arrived_at = NOON + round((unit.arrived_at - NOON) * fast)
        world.clock.wall = unit.arrived_at
        writer.unit(unit)
    writer.fail(GapReason.STOPPED)
    world.close()
    last = sorted((world.data / "store/CAM-01/2026-10-18").iterdir())[-1]
    fragment = scan_file(last).fragments[-1]
    assert abs(fragment.wall_clock - (NOON + 299 * fast * SECOND)) < 60_000
