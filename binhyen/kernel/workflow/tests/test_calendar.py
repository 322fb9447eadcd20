import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from binhyen.kernel.workflow.calendar import VIETNAM, Calendar, CalendarError, Hours
from binhyen.kernel.workflow.holidays import UNCHECKED, InForce
from binhyen.kernel.workflow.working_time import (
    COUNTRY,
    add_working_days,
    add_working_hours,
    calendar_for,
    forget_calendar,
    opening_at,
    read_calendar,
    vietnam,
    working_time_between,
)

moments = st.datetimes(min_value=datetime(2021, 1, 5), max_value=datetime(2060, 12, 1)).map(
    lambda naive: naive.replace(tzinfo=VIETNAM)
)
lengths = st.timedeltas(timedelta(microseconds=1), timedelta(hours=4000))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def walked(start, length):
    """What `add` gives, found by walking from period to period."""
    day, left = start.astimezone(VIETNAM).date(), length
    while True:
        for opens, closes in vietnam().periods(day):
            begins = max(opens, start)
            if begins < closes:
                if closes - begins >= left:
                    return begins + left
                left -= closes - begins
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-16 08:00", 2, "2026-11-16 10:00"),
        ("2026-11-16 11:00", 1, "2026-11-16 14:00"),  # half an hour before lunch, half after
        ("2026-11-20 17:00", 1, "2026-11-23 08:00"),  # over the weekend
        ("2026-02-13 16:30", 2, "2026-02-23 08:30"),  # over Tết
        ("2026-11-21 09:00", 8, "2026-11-23 17:30"),  # a Saturday counts from Monday
        ("2026-08-21 17:00", 1, "2026-08-22 08:00"),  # a Saturday that is worked for Monday the 31st
        ("2026-08-28 17:00", 1, "2026-09-03 08:00"),  # that Monday, the day before and the national day
        ("2026-04-24 17:00", 1, "2026-04-28 08:00"),  # the Hùng Kings' day on a Sunday is made up on Monday
    ],
)
def test_working_hours_skip_lunch_weekends_and_days_off(start, hours, due):
    assert add_working_hours(at(start), hours) == at(due)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2027-12-31 17:00", 1, "2028-01-04 08:00"),  # 1 January 2028 is a Saturday, made up on Monday
        ("2026-12-31 23:59:59.999999", 0.5, "2027-01-04 08:00"),
        ("2028-02-28 17:00", 1, "2028-02-29 08:00"),  # the leap day is a Tuesday
        ("2028-02-29 17:00", 1, "2028-03-01 08:00"),
        ("2026-11-17 00:00", 8, "2026-11-17 17:30"),
    ],
)
def test_F08_deadlines_are_right_over_midnight_new_year_and_the_leap_day(start, hours, due):
    assert add_working_hours(at(start), hours) == at(due)


def test_F08_the_zone_of_the_clock_that_asks_does_not_matter():
    assert add_working_hours(datetime(2026, 11, 16, 1, 0, tzinfo=UTC), 2) == at("2026-11-16 10:00")
    assert add_working_days(datetime(2026, 11, 16, 17, 30, tzinfo=UTC), 1) == at("2026-11-18 17:30")  # 17/11 00:30 here


@given(moments, lengths)
def test_adding_then_measuring_gives_the_time_back(start, length):
    assert vietnam().between(start, vietnam().add(start, length)) == length


@given(moments, lengths)
@example(at("2027-02-03 17:30"), timedelta(hours=8))
def test_adding_is_walking_from_period_to_period(start, length):
    assert vietnam().add(start, length) == walked(start, length)


@given(moments, lengths)
def test_a_deadline_falls_into_working_time(start, length):
    due = vietnam().add(start, length)
    assert any(opens < due <= closes for opens, closes in vietnam().periods(due.date()))


@given(moments, lengths, lengths)
def test_adding_twice_is_adding_the_sum(start, first, second):
    assert vietnam().add(vietnam().add(start, first), second) == vietnam().add(start, first + second)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=400)), lengths)
def test_who_begins_later_is_due_no_earlier(start, later, length):
    assert vietnam().add(start + later, length) >= vietnam().add(start, length)


@given(moments, lengths)
def test_taking_away_is_the_inverse_of_adding(start, length):
    end = vietnam().add(start, length)
    assert vietnam().between(vietnam().subtract(end, length), end) == length
    assert vietnam().subtract(end, length) >= start
    assert vietnam().add(end, -length) == vietnam().subtract(end, length)


@given(moments, moments, moments)
def test_measured_times_add_up(one, two, three):
    between = vietnam().between
    assert between(one, two) + between(two, three) == between(one, three)
    assert between(one, two) == -between(two, one)


@given(moments)
def test_with_nothing_to_add_a_moment_stays_or_waits_for_the_next_opening(start):
    opening = opening_at(start)
    assert vietnam().add(start, timedelta(0)) == (start if opening.is_open else opening.until)
    assert vietnam().subtract(start, timedelta(0)) <= start


@given(moments)
def test_open_or_closed_lasts_until_it_changes(moment):
    opening = opening_at(moment)
    assert opening.until > moment
    assert opening_at(opening.until).is_open is not opening.is_open
    worked = opening.until - moment if opening.is_open else timedelta(0)
    assert working_time_between(moment, opening.until) == worked


@pytest.mark.parametrize(
    ("moment", "is_open", "reason", "until"),
    [
        ("2026-11-16 09:00", True, "", "2026-11-16 11:30"),
        ("2026-11-16 12:15", False, "Giờ nghỉ trưa", "2026-11-16 13:30"),
        ("2026-11-16 20:00", False, "Ngoài giờ làm việc", "2026-11-17 07:30"),
        ("2026-11-21 09:00", False, "Ngày nghỉ hằng tuần", "2026-11-23 07:30"),
        ("2026-02-17 09:00", False, "Tết Nguyên đán", "2026-02-23 07:30"),
        ("2026-01-02 09:00", False, "Hoán đổi với ngày làm việc 10/01/2026", "2026-01-05 07:30"),
        ("2026-01-10 09:00", True, "", "2026-01-10 11:30"),
    ],
)
def test_open_now_and_why_not(moment, is_open, reason, until):
    opening = opening_at(at(moment))
    assert (opening.is_open, opening.reason, opening.until) == (is_open, reason, at(until))


@given(moments, st.integers(1, 60))
def test_counted_days_end_with_the_working_day(start, days):
    due = add_working_days(start, days)
    assert due.time() == time(17, 30)
    day, worked = start.date(), 0
    while day < due.date():
        day += timedelta(days=1)
        worked += vietnam().is_working_day(day)
    assert worked == days


# --- days off ----------------------------------------------------------------------------------------------------
OFF = {
    2021: "01-01 02-10 02-11 02-12 02-13 02-14 02-15 02-16 04-21 04-30 05-01 05-03 09-02 09-03",
    2023: "01-01 01-02 01-20 01-21 01-22 01-23 01-24 01-25 01-26 04-29 04-30 05-01 05-02 05-03 09-01 09-02 09-04",
    2024: "01-01 02-08 02-09 02-10 02-11 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03",
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-26 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
}


@pytest.mark.parametrize("year", OFF)
def test_days_off_are_those_that_were_announced(year):
    assert " ".join(f"{day:%m-%d}" for day in vietnam().off_in(year)) == OFF[year]


@pytest.mark.parametrize("year", [2021, 2022, 2024, 2025, 2026])
def test_without_a_decision_the_rules_give_what_was_decided_in_most_years(year):
    (_, known), off = read_calendar([COUNTRY]), set(vietnam().off_in(year))
    ruled = set(type(known)(known.rules, known.substitution, (), known.swaps, known.weekly_rest).of_year(year))
    rest = {day for day in off ^ ruled if day.weekday() < 5}
    assert rest == set()


def test_a_year_without_decisions_says_so():
    assert vietnam().days_off.undecided(2026) == []
    assert vietnam().days_off.undecided(2041) == ["Tết Nguyên đán", "Quốc khánh"]
    tet = vietnam().off_in(2041)[date(2041, 2, 1)]
    assert (tet.name, tet.is_unchecked) == ("Tết Nguyên đán", True)


@given(st.integers(2021, 2198))
@settings(max_examples=30)
def test_every_year_has_its_legal_days(year):
    off = list(vietnam().off_in(year).values())
    count = {
        name: sum(each.name == name for each in off) for name in ("Tết Nguyên đán", "Quốc khánh", "Tết Dương lịch")
    }
    assert count == {"Tết Nguyên đán": 5, "Quốc khánh": 2, "Tết Dương lịch": 1}
    assert all(each.day.year == year and each.legal_basis for each in off)
    on_rest = [each for each in off if each.day.weekday() >= 5]
    assert sum(each.name.startswith("Nghỉ bù") for each in off) == len(on_rest)


def test_what_nobody_checked_says_so():
    stored = json.loads(COUNTRY.read_text())
    assert all(UNCHECKED in row["legal_basis"] for row in (*stored["decisions"], *stored["swaps"], *stored["hours"]))


# --- what a station adds -----------------------------------------------------------------------------------------
ADDED = {
    "hours": [
        {"unit": "T99", "effective_from": "2026-06-01", "effective_to": "2026-09-01", "legal_basis": "Giờ mùa hè",
         "periods": [["07:00", "11:00"], ["14:00", "18:00"]]},
        {"unit": "X99001", "effective_from": "2026-01-01", "effective_to": None, "legal_basis": "Sáng thứ bảy",
         "weekdays": [5], "periods": [["08:00", "11:00"]]},
    ],
    "decisions": [{"holiday": "Tết Nguyên đán", "begins": "2027-02-05", "legal_basis": "Thông báo 2027"}],
}  # fmt: skip


@pytest.fixture
def added(tmp_path, settings):
    settings.BINHYEN_CALENDAR = tmp_path / "calendar.json"
    settings.BINHYEN_CALENDAR.write_text(json.dumps(ADDED))
    forget_calendar()
    yield settings.BINHYEN_CALENDAR
    forget_calendar()


def test_a_unit_has_its_own_hours_and_those_of_the_unit_above(world, added):
    own, other = calendar_for(world.commune_a), calendar_for(world.commune_b)
    assert own.periods(date(2026, 7, 1))[0][0] == at("2026-07-01 07:00")
    assert other.periods(date(2026, 7, 1))[0][0] == at("2026-07-01 07:00")
    assert calendar_for(None).periods(date(2026, 7, 1))[0][0] == at("2026-07-01 07:30")
    assert own.periods(date(2026, 9, 8))[0][0] == at("2026-09-08 07:30")
    assert (own.is_working_day(date(2026, 7, 4)), other.is_working_day(date(2026, 7, 4))) == (True, False)
    assert add_working_hours(at("2026-07-03 17:00"), 2, unit=world.commune_a) == at("2026-07-04 09:00")


def test_a_decision_announced_later_wins_over_the_rules(added):
    assert date(2027, 2, 4) not in vietnam().off_in(2027)
    assert date(2027, 2, 11) in vietnam().off_in(2027)
    assert vietnam().days_off.undecided(2027) == ["Quốc khánh"]


@pytest.mark.parametrize(
    "text",
    ["{", '{"hours": [{"effective_from": "2026-13-01", "legal_basis": "x", "periods": []}]}', '{"swaps": [{"off": 3}]}',
     '{"hours": [{"effective_from": "2026-01-01", "legal_basis": "x", "periods": [["11:00", "08:00"]]}]}'],
)  # fmt: skip
def test_a_calendar_that_cannot_be_read_is_named_before_the_station_starts(added, text):
    from binhyen.kernel.workflow.checks import check_calendar

    added.write_text(text)
    forget_calendar()
    (error,) = check_calendar()
    assert str(added) in error.msg


def test_outside_the_calendar_nothing_is_made_up():
    with pytest.raises(CalendarError, match="không có năm 2019"):
        add_working_hours(at("2019-05-05 09:00"), 1)
    with pytest.raises(CalendarError, match="chỉ có từ 01/01/2021 đến 31/12/2199, không có năm 2020"):
        add_working_hours(at("2021-01-05 09:00"), -100)
    with pytest.raises(CalendarError, match="không có năm 2200"):
        add_working_hours(at("2199-12-31 09:00"), 100)


def test_a_calendar_without_hours_says_so():
    with pytest.raises(CalendarError, match="không có giờ làm việc nào"):
        Calendar(()).add_hours(at("2026-11-16 08:00"), 1)


def test_hours_end_with_their_date():
    old = Hours(InForce(date(2026, 1, 1), date(2026, 1, 6), "x"), ((time(8), time(9)),))
    with pytest.raises(CalendarError):
        Calendar((old,)).add_hours(at("2026-01-05 08:00"), 2)


def test_years_cost_no_walk():
    """A question over thirty years costs what one over a day costs: nothing is laid out again."""
    calendar = vietnam()
    calendar.add_hours(at("2026-11-16 08:00"), 2000 * 30)
    laid_out = dict(calendar._years)
    calendar.between(at("2026-11-16 08:00"), at("2056-11-16 08:00"))
    assert calendar._years == laid_out
