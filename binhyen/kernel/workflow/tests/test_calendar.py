from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.kernel.workflow.calendar import VIETNAM
from binhyen.kernel.workflow.working_time import add_working_hours, vietnam

moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 1)).map(
    lambda naive: naive.replace(tzinfo=VIETNAM)
)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 08:00", 2, "2026-11-23 10:00"),
        ("2026-11-23 11:00", 1, "2026-11-23 14:00"),  # half an hour before lunch, half after
        ("2026-11-20 17:00", 1, "2026-11-23 08:00"),  # over the weekend
        ("2026-02-13 16:30", 2, "2026-02-23 08:30"),  # over Tết
        ("2026-11-21 09:00", 8, "2026-11-23 17:30"),  # a Saturday counts from Monday
    ],
)
def test_working_hours_skip_lunch_weekends_and_days_off(start, hours, due):
    at = datetime.fromisoformat(start).replace(tzinfo=VIETNAM)
    assert add_working_hours(at, hours) == datetime.fromisoformat(due).replace(tzinfo=VIETNAM)


@given(moments, st.floats(0.1, 60))
def test_a_deadline_falls_into_working_time(start, hours):
    due = add_working_hours(start, hours)
    assert any(opens < due <= closes for opens, closes in vietnam().periods(due.date()))


@given(moments, st.floats(0.1, 30), st.floats(0.1, 30))
def test_adding_hours_twice_is_adding_their_sum(start, first, second):
    apart = add_working_hours(add_working_hours(start, first), second)
    assert abs(apart - add_working_hours(start, first + second)) < timedelta(seconds=1)
