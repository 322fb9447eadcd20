from datetime import UTC, datetime, timedelta

import pytest

from binhyen.web import words

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=words.VIETNAM)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1695, 0, "1.695"),
        (96.07, 2, "96,07"),
        (0.5, 0, "1"),
        (-1234.5, 1, "-1.234,5"),
        (0, 0, "0"),
        (95.984, 1, "96,0"),
    ],
)
def test_numbers_have_points_for_thousands_and_a_comma_for_decimals(value, places, text):
    assert words.number_words(value, places=places) == text


def test_percent_and_money_keep_their_unit_on_the_line():
    assert (words.percent_words(96.07), words.money_words(5_000_000)) == (
        "96,07\N{NO-BREAK SPACE}%",
        "5.000.000\N{NO-BREAK SPACE}đ",
    )


@pytest.mark.parametrize(
    ("count", "text"),
    [(999, "999\N{NO-BREAK SPACE}byte"), (1500, "1,5\N{NO-BREAK SPACE}kB"), (2.5e9, "2,5\N{NO-BREAK SPACE}GB")],
)
def test_sizes_are_in_powers_of_a_thousand(count, text):
    assert words.size_words(count) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(hours=2, minutes=10, seconds=5), "2 giờ 10 phút"),
        (3600, "1 giờ"),
        (3605, "1 giờ"),
        (59, "59 giây"),
        (0, "0 giây"),
        (-5, "0 giây"),
        (timedelta(days=1500, hours=3), "1.500 ngày 3 giờ"),
    ],
)
def test_lengths_name_their_two_largest_neighbouring_units(length, text):
    assert words.duration_words(length) == text


@pytest.mark.parametrize(
    ("ahead", "text"),
    [
        (timedelta(seconds=-10), "vừa xong"),
        (timedelta(seconds=10), "ngay bây giờ"),
        (timedelta(minutes=-5), "5 phút trước"),
        (timedelta(hours=-3), "3 giờ trước"),
        (timedelta(hours=2, minutes=10), "còn 2 giờ 10 phút"),
        (timedelta(hours=-14), "hôm qua 22:00"),
        (timedelta(days=1), "ngày mai 12:00"),
        (timedelta(days=-3), "3 ngày trước"),
        (timedelta(days=3), "còn 3 ngày"),
        (timedelta(days=-30), "22/10/2026 12:00"),
    ],
)
def test_relative_time_reads_as_people_say_it(ahead, text):
    assert words.relative_words(NOON + ahead, NOON) == text


def test_a_passed_deadline_says_how_late_it_is():
    assert words.late_words(NOON - timedelta(hours=2, minutes=40), NOON) == "trễ 2 giờ"


def test_moments_are_told_in_vietnamese_time():
    at = datetime(2026, 12, 31, 17, 0, 9, tzinfo=UTC)
    assert words.moment_words(at, seconds=True) == "01/01/2027 00:00:09"
    assert words.date_words(at) == "01/01/2027"


def test_an_instant_keeps_its_microseconds():
    assert words.from_instant(1_790_000_000_123_457).microsecond == 123_457


@pytest.mark.parametrize(
    ("agent", "text"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126", "Edge trên Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/126 Safari/537", "Chrome trên Linux"),
        ("curl/8", "Trình duyệt lạ"),
    ],
)
def test_a_browser_is_named_so_that_its_owner_knows_it(agent, text):
    assert words.browser_words(agent) == text
