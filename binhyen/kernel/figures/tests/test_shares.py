"""Percentages beside fractions and totals: which of them are compared, and what a qualifier allows."""

import pytest

from binhyen.kernel.figures.check import check_text


def found(text):
    return [(each.kind, each.text, each.expected) for each in check_text(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Đạt 20.680/21.526 hồ sơ; tỷ lệ hài lòng là 90 %.",
        "Xã đạt gần 2.366/2.465 hồ sơ, đạt 90 %.",
        "Năm nay 45/60 vụ được làm rõ, giảm 3 %.",
        "Số vụ giảm còn 45/60 vụ, giảm 25 %.",
        "Số vụ tăng lên 60/45 vụ, tăng 33,3 %.",
        "Toàn xã có 643 hồ sơ, chiếm 60 % trong tổng số 5.680 hồ sơ.",
        "Có 5.680 hồ sơ, trong đó 643 hồ sơ nộp trực tuyến, chiếm hơn 10 %.",
        "Có 5.680 hồ sơ, trong đó 643 hồ sơ nộp trực tuyến, chiếm dưới 12 %.",
        "Đạt 643/5.680 hồ sơ, chiếm khoảng 11 %.",
        "Đạt 96,07 % (20.680/21.526 hồ sơ).",
        "Chỉ tiêu được giao 3.000 hồ sơ, thu nhận 5.680 hồ sơ, đạt 189,3 %.",
    ],
)
def test_what_follows_or_may_speak_of_something_else_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "printed", "right"),
    [
        ("Toàn xã có 643 hồ sơ, chiếm 12,3 % trong tổng số 5.680 hồ sơ.", "12,3 %", "11,3 %"),
        ("Có 643 hồ sơ nộp trực tuyến trong 5.680 hồ sơ, chiếm 60 %.", "60 %", "11 %"),
        ("Đạt 643/5.680 hồ sơ, chiếm ít nhất 20 %.", "20 %", "11 %"),
        ("Đạt 643/5.680 hồ sơ, chiếm không quá 5 %.", "5 %", "11 %"),
    ],
)
def test_what_does_not_follow_is_found_with_what_should_stand_there(text, printed, right):
    assert found(text) == [("percentage", printed, right)]
