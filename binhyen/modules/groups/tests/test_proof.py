"""When it happened: what a device says, what is known, what is admitted to be unknown."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.modules.groups.proof import AGREE_WITHIN, Basis, DeviceTime, proof_of

RECEIVED = datetime(2026, 11, 21, 15, tzinfo=UTC)
ANCHOR = RECEIVED - timedelta(hours=4)
MS = 1000
HOUR_MS = 3600 * MS
NOW_MS = round(RECEIVED.timestamp() * MS)


def device(age_ms, *, clock_off_ms=0, slept_ms=0, run="a"):
    """Both clocks `age_ms` before sending; the count misses what the device slept since."""
    return DeviceTime(NOW_MS - age_ms + clock_off_ms, 10 * HOUR_MS - age_ms + slept_ms, run)


def proved(then, sent=None):
    return proof_of(then, sent or device(0), received=RECEIVED, anchor=ANCHOR)


def test_a_count_that_ran_on_measures_the_age_whatever_the_clock_on_the_wall():
    for off_ms in (0, 3 * HOUR_MS, -400 * HOUR_MS):
        proof = proved(device(HOUR_MS, clock_off_ms=off_ms), device(0, clock_off_ms=off_ms))
        assert (proof.at, proof.basis) == (RECEIVED - timedelta(hours=1), Basis.MEASURED)
        assert (proof.offset_ms, proof.latest - proof.earliest) == (off_ms, AGREE_WITHIN)


def test_a_page_opened_again_leaves_the_clock_corrected_by_its_offset_and_a_wide_certainty():
    proof = proved(device(HOUR_MS, clock_off_ms=90_000, run="before"), device(0, clock_off_ms=90_000))
    assert (proof.at, proof.basis) == (RECEIVED - timedelta(hours=1), Basis.BY_CLOCK)
    assert (proof.earliest, proof.latest) == (ANCHOR, RECEIVED)


def test_a_device_that_slept_is_believed_by_its_clock():
    proof = proved(device(HOUR_MS, slept_ms=HOUR_MS // 2))
    assert (proof.at, proof.basis) == (RECEIVED - timedelta(hours=1), Basis.BY_CLOCK)
    assert proof.latest == RECEIVED - timedelta(minutes=30)


@pytest.mark.parametrize("set_by_ms", [-30 * HOUR_MS, 2 * HOUR_MS])
def test_a_clock_that_was_set_meanwhile_is_not_believed(set_by_ms):
    proof = proved(device(HOUR_MS, clock_off_ms=set_by_ms))
    assert proof.basis is Basis.DOUBTFUL
    assert ANCHOR <= proof.at <= RECEIVED - timedelta(hours=1)


times = st.builds(
    device,
    st.integers(0, 10 * HOUR_MS),
    clock_off_ms=st.integers(-1000 * HOUR_MS, 1000 * HOUR_MS),
    slept_ms=st.integers(0, HOUR_MS),
    run=st.sampled_from("ab"),
)


@given(then=times, sent=times)
def test_whatever_is_sent_the_time_lies_between_the_anchor_and_the_arrival(then, sent):
    proof = proved(then, sent)
    assert min(ANCHOR, proof.latest) <= proof.earliest <= proof.at <= proof.latest <= RECEIVED


@given(age_ms=st.integers(0, 4 * HOUR_MS), slept_ms=st.integers(0, HOUR_MS), off_ms=st.integers(-HOUR_MS, HOUR_MS))
def test_an_honest_device_s_time_is_right_to_seconds_and_inside_what_is_called_certain(age_ms, slept_ms, off_ms):
    then = device(age_ms, clock_off_ms=off_ms, slept_ms=min(slept_ms, age_ms))
    proof = proved(then, device(0, clock_off_ms=off_ms))
    true = RECEIVED - timedelta(milliseconds=age_ms)
    assert abs(proof.at - true) <= AGREE_WITHIN
    assert proof.earliest <= true + AGREE_WITHIN
    assert true <= proof.latest
    assert proof.basis is not Basis.DOUBTFUL
