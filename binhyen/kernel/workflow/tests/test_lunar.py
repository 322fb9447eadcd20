from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.kernel.workflow.lunar import LunarDate, lunar_date, new_moon, solar_date, sun_longitude

TET_BY_YEAR = """
1985-01-21 1995-01-31 2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-17
2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28
2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06
2028-01-26 2029-02-13 2030-02-02 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15
2038-02-04 2039-01-24 2040-02-12 2041-02-01 2042-01-22 2043-02-10 2044-01-30 2045-02-17 2046-02-06 2047-01-26
2048-02-14 2049-02-02 2050-01-23
"""
"""As printed in Vietnamese calendars. 1985, 2007 and 2030 differ from the Chinese ones."""


@pytest.mark.parametrize("day", TET_BY_YEAR.split())
def test_tet_falls_where_vietnamese_calendars_print_it(day):
    expected = date.fromisoformat(day)
    assert solar_date(LunarDate(expected.year, 1, 1)) == expected
    assert lunar_date(expected) == LunarDate(expected.year, 1, 1)


@pytest.mark.parametrize(
    ("year", "month"),
    [(1985, 2), (2004, 2), (2006, 7), (2009, 5), (2012, 4), (2014, 9), (2017, 6), (2020, 4), (2023, 2), (2025, 6)],
)
def test_leap_months_are_those_of_vietnamese_calendars(year, month):
    first = solar_date(LunarDate(year, month, 1, leap=True))
    assert lunar_date(first - timedelta(days=1)).month == month
    assert not lunar_date(first - timedelta(days=1)).leap
    assert lunar_date(first) == LunarDate(year, month, 1, leap=True)


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "2024-04-18"), (2025, "2025-04-07"), (2026, "2026-04-26"), (2027, "2027-04-16")]
)
def test_the_hung_kings_day(year, day):
    assert solar_date(LunarDate(year, 3, 10)) == date.fromisoformat(day)


@given(st.dates(date(1968, 2, 1), date(2199, 11, 1)))
def test_there_and_back_is_the_same_day(day):
    assert solar_date(lunar_date(day)) == day


def test_months_have_29_or_30_days_without_a_gap():
    days = [lunar_date(date(2019, 1, 1) + timedelta(days=index)) for index in range(366 * 6)]
    assert all(b.day == a.day + 1 or (b.day == 1 and a.day in (29, 30)) for a, b in pairwise(days))


def test_astronomy_against_worked_examples():
    """Meeus, examples 49.a (new moon of February 1977) and 25.a (sun on 1992-10-13.0 TD)."""
    assert new_moon(-283) + 70 / 86400 == pytest.approx(2443192.65118, abs=0.00005)
    assert sun_longitude(2448908.5 - 70 / 86400) == pytest.approx(199.90895, abs=0.0005)


@pytest.mark.parametrize("lunar", [LunarDate(2026, 1, 31), LunarDate(2026, 6, 1, leap=True), LunarDate(1900, 1, 1)])
def test_a_day_that_does_not_exist_is_refused(lunar):
    with pytest.raises(ValueError, match="lunar calendar"):
        solar_date(lunar)
