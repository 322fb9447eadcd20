"""Periods: read, named, compared."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.kernel.measures import Period, PeriodKind
from binhyen.kernel.measures.reading import spans_of

KNOWN = {
    "2024-02-29": ("Ngày 29/02/2024", "2024-02-29", "2024-02-29", "2024-02-28", "2023-02-28"),
    "2026-W01": ("Tuần 1/2026 (29/12–04/01/2026)", "2025-12-29", "2026-01-04", "2025-W52", "2025-W01"),
    "2020-W53": ("Tuần 53/2020 (28/12–03/01/2021)", "2020-12-28", "2021-01-03", "2020-W52", "2019-W52"),
    "2026-01": ("Tháng 01/2026", "2026-01-01", "2026-01-31", "2025-12", "2025-01"),
    "2026-Q1": ("Quý I/2026", "2026-01-01", "2026-03-31", "2025-Q4", "2025-Q1"),
    "2026-Q4": ("Quý IV/2026", "2026-10-01", "2026-12-31", "2026-Q3", "2025-Q4"),
    "2026-H1": ("6 tháng đầu năm 2026", "2026-01-01", "2026-06-30", "2025-H2", "2025-H1"),
    "2026-H2": ("6 tháng cuối năm 2026", "2026-07-01", "2026-12-31", "2026-H1", "2025-H2"),
    "2026-9M": ("9 tháng đầu năm 2026", "2026-01-01", "2026-09-30", "2025-9M", "2025-9M"),
    "2026": ("Năm 2026", "2026-01-01", "2026-12-31", "2025", "2025"),
    "2024-02-29..2024-03-01": (
        "Từ 29/02/2024 đến 01/03/2024", "2024-02-29", "2024-03-01", "2024-02-27..2024-02-28", "2023-02-28..2023-03-01",
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", KNOWN)
def test_a_period_is_read_named_and_compared(code):
    read = Period.parse(f" {code} ")
    found = (str(read), str(read.first), str(read.last), read.previous().code, read.year_before().code)
    assert (read.code, found) == (code, KNOWN[code])


@pytest.mark.parametrize(
    "text",
    ["", "nay", "2026-13", "2026-W54", "2026-02-30", "2026-Q5", "2026-H3", "26", "2026-03-15..2026-01-15", "1066",
     "2026-01-01..", "９９９９", "2026-1", "2026\n"[::-1]],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_examples(text):
    with pytest.raises(ValueError, match="Hãy viết như") as refusal:
        Period.parse(text)
    assert "2026-11-21 (ngày)" in str(refusal.value)


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.sampled_from(list(PeriodKind)))
def test_the_period_before_ends_where_this_one_begins(at, kind):
    codes = {
        PeriodKind.DAY: f"{at}", PeriodKind.WEEK: f"{at.isocalendar().year}-W{at.isocalendar().week:02}",
        PeriodKind.MONTH: f"{at:%Y-%m}", PeriodKind.QUARTER: f"{at.year}-Q{(at.month + 2) // 3}",
        PeriodKind.HALF: f"{at.year}-H{1 + at.month // 7}", PeriodKind.NINE_MONTHS: f"{at.year}-9M",
        PeriodKind.YEAR: f"{at.year}", PeriodKind.CAMPAIGN: f"{at}..{at.replace(day=28)}",
    }  # fmt: skip
    if kind is PeriodKind.CAMPAIGN and at.day > 28:
        return
    period = Period.parse(codes[kind])
    assert period.kind is kind
    assert kind is PeriodKind.NINE_MONTHS or (period.first - period.previous().last).days == 1
    assert period.first <= at <= period.last or kind is PeriodKind.NINE_MONTHS


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 800))
def test_spans_are_the_same_days(first, length):
    last = date.fromordinal(first.toordinal() + length)
    days, ends = [], {"d": "%Y-%m-%d", "m": "%Y-%m", "y": "%Y"}
    for span in spans_of(first, last):
        wholes = [Period.parse(each.strftime(ends[span.grain])) for each in (span.first, span.last)]
        assert [whole.first for whole in wholes] == [span.first, span.last]
        days += range(span.first.toordinal(), wholes[1].last.toordinal() + 1)
    assert days == list(range(first.toordinal(), last.toordinal() + 1))
