from hypothesis import given
from hypothesis import strategies as st

from binhyen.contracts import SECOND, Instant
from binhyen.media.sources.presentation import PresentationClock


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(-20 * 90_000, 20 * 90_000), max_size=20))
def test_steps_are_kept_across_the_wrap(start, steps):
    clock, stamp, expected = PresentationClock(), start, 0
    clock.ticks(stamp, Instant(0))
    for step in steps:
        stamp = (stamp + step) & 0xFFFFFFFF
        expected += step
        assert clock.ticks(stamp, Instant(0)) == expected


def test_a_leap_counts_as_the_time_that_passed():
    clock = PresentationClock()
    clock.ticks(0, Instant(0))
    assert clock.ticks(90_000_000, Instant(2 * SECOND)) == 180_000
    assert clock.ticks(5, Instant(2 * SECOND)) == 180_001


def test_F08_a_clock_of_ours_that_is_set_does_not_move_pictures():
    clock = PresentationClock()
    clock.ticks(0, Instant(0))
    assert clock.ticks(6000, Instant(3600 * SECOND)) == 6000
    assert clock.ticks(12_000, Instant(0)) == 12_000


def test_hours_of_silence_do_not_make_hours_of_a_picture():
    clock = PresentationClock()
    clock.ticks(0, Instant(0))
    assert clock.ticks(40 * 90_000, Instant(3600 * SECOND)) == 30 * 90_000
