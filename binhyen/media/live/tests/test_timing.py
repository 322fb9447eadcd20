import itertools

from hypothesis import given
from hypothesis import strategies as st

from binhyen.contracts import SECOND, Instant
from binhyen.media.live.timing import TimeLine

FRAME = 6000
START = Instant(1_795_000_000 * SECOND)


def arrival(ticks: int) -> Instant:
    return Instant(START + ticks * 100 // 9)


def test_frames_in_order_are_decoded_when_they_are_shown():
    line = TimeLine()
    times = [line.place(1_000_000 + n * FRAME, arrival(n * FRAME)) for n in range(5)]
    assert [t.dts - times[0].dts for t in times] == [0, 6000, 12000, 18000, 24000]
    assert all(t.pts == t.dts for t in times)


def test_a_duration_reaches_past_the_next_frame_so_that_the_player_never_waits_for_a_key_frame():
    line = TimeLine()
    gaps = [0, 6000, 12_000, 33_000, 39_000]
    times = [line.place(ticks, arrival(ticks)) for ticks in gaps]
    for before, after in itertools.pairwise(times):
        assert after.dts - before.dts <= 2 * before.duration


def test_b_frames_are_decoded_before_they_are_shown_in_a_growing_order():
    line = TimeLine(reorder_frames=2)
    shown = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8]
    times = [line.place(n * FRAME, arrival(i * FRAME)) for i, n in enumerate(shown)]
    decoded = [t.dts for t in times]
    assert decoded == sorted(set(decoded))
    assert all(t.pts >= t.dts for t in times)
    assert [t.pts - times[0].pts for t in times] == [n * FRAME for n in shown]


def test_a_new_connection_goes_on_after_the_time_that_passed():
    line = TimeLine()
    first = [line.place(500_000 + n * FRAME, arrival(n * FRAME)) for n in range(3)][-1]
    again = line.place(77, arrival(2 * FRAME + 20 * 90_000))
    assert again.dts - first.dts == 20 * 90_000 + FRAME


def test_a_camera_that_repeats_a_time_stamp_still_moves_on():
    line = TimeLine()
    times = [line.place(90_000, arrival(n * FRAME)) for n in range(3)]
    assert [t.dts - times[0].dts for t in times] == [0, 1, 2]


@given(
    st.lists(st.integers(min_value=-(2**40), max_value=2**40), min_size=1, max_size=60),
    st.integers(min_value=0, max_value=4),
)
def test_decoding_times_grow_and_are_never_after_showing_whatever_a_camera_sends(stamps, reorder):
    line = TimeLine(reorder)
    times = [line.place(stamp, arrival(n * FRAME)) for n, stamp in enumerate(stamps)]
    decoded = [t.dts for t in times]
    assert decoded == sorted(set(decoded))
    assert decoded[0] >= 0
    assert all(t.pts >= t.dts and t.duration > 0 for t in times)


def test_a_change_of_parameters_forgets_frames_that_waited_for_their_turn():
    line = TimeLine(reorder_frames=2)
    for n in range(4):
        line.place(n * FRAME, arrival(n * FRAME))
    line.restart(0)
    placed = line.place(4 * FRAME, arrival(4 * FRAME))
    assert placed.dts == placed.pts
