"""How the soak counts: what no file covers is a gap, whatever the recorder says; and when memory grows."""

import pytest

from binhyen.bench.fleet import Kept
from binhyen.bench.slope import least_squares
from binhyen.bench.soak import SHARES, count_gaps, faults_of
from binhyen.contracts import SECOND, Gap, GapReason, Segment


def segment(start_s: float, end_s: float) -> Segment:
    number = round(start_s)
    times = (round(start_s * SECOND), round(end_s * SECOND))
    return Segment("CAM-01", number, f"{number}.mp4", *times, 1, 1, "avc1", 1, 1, "")


@pytest.mark.parametrize(
    ("pieces", "gaps"),
    [
        ([(-5, 60), (60.05, 120)], 0),
        ([(60, 120), (-5, 60)], 0),
        ([(-5, 60), (61, 120)], 1),
        ([(1, 120)], 1),
        ([(-5, 110)], 1),
        ([(1, 50), (60, 110)], 3),
        ([], 1),
    ],
)
def test_a_gap_is_what_no_stored_segment_covers(pieces, gaps):
    camera = Kept([segment(*each) for each in pieces], [])
    assert count_gaps(camera, 0, 120 * SECOND) == gaps


def test_a_gap_that_the_recorder_told_of_counts_even_where_files_meet():
    told = [Gap("CAM-01", 0, 1, reason) for reason in (GapReason.DISK_SLOW, GapReason.STOPPED)]
    assert count_gaps(Kept([segment(-1, 121)], told), 0, 120 * SECOND) == 1


@pytest.mark.parametrize("count", [8, 30, 100, 400, 1621])
def test_a_fifth_of_the_cameras_is_bad_and_each_fault_occurs(count):
    faults = faults_of(count)
    assert set(faults.values()) == {fault for fault, _ in SHARES}
    assert len(faults) == pytest.approx(count / 5, abs=3)
    assert set(faults) <= set(range(count))


def test_a_slope_comes_with_its_error():
    flat = least_squares([(0, 5), (1, 5), (2, 5), (3, 5)])
    assert (flat.value, flat.error) == (0, 0)
    noisy = least_squares([(0, 0), (1, 3), (2, 3), (3, 6)])  # residuals -0.3, 0.9, -0.9, 0.3 over a spread of 5
    assert (noisy.value, noisy.error) == (pytest.approx(1.8), pytest.approx((1.8 / 2 / 5) ** 0.5))
    assert least_squares([(0, 1), (1, 2)]) is None
