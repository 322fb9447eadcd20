"""Every kind of trap in many wordings: found once, at its place, with what should stand there."""

import pytest

from binhyen.kernel.figures.check import check_text
from binhyen.kernel.figures.tests import traps


def found(kind, text):
    """`(text, expected)` of the findings of `kind`; every offset has to point at its text."""
    findings = check_text(text)
    assert all(text[each.start : each.end] == each.text for each in findings)
    assert all(each.sentence.endswith((".", "?")) for each in findings)
    return [(each.text, each.expected) for each in findings if each.kind == kind]


@pytest.mark.parametrize(("wrong", "right", "text"), traps.SUMS)
def test_parts_that_do_not_make_their_total(wrong, right, text):
    assert found("sum", text) == [(wrong, right)]


@pytest.mark.parametrize(("wrong", "right", "text"), traps.PERCENTAGES)
def test_percentages_that_do_not_follow(wrong, right, text):
    assert found("percentage", text) == [(wrong, right)]


def test_truncation_and_rounding_are_both_named():
    (finding,) = check_text("Đã thu nhận 2.366/2.465 hồ sơ (95,9 %).")
    assert "95,984 %" in finding.sentence
    assert "cắt bớt" in finding.sentence
    assert "làm tròn thì được 96,0 %" in finding.sentence


@pytest.mark.parametrize("text", traps.REACHED)
def test_exceeded_or_reached_is_asked(text):
    assert len(found("reached_or_exceeded", text)) == 1


def test_both_readings_are_told_and_none_is_chosen():
    (finding,) = check_text("Kết quả vượt 189,3 % chỉ tiêu được giao.")
    assert finding.expected == "đạt 189,3 % (vượt 89,3 %), hoặc vượt 189,3 % (đạt 289,3 %)"
    assert "vượt hay đạt?" in finding.sentence


@pytest.mark.parametrize(("wrong", "right", "text"), traps.MARKS)
def test_mixed_decimal_marks(wrong, right, text):
    assert [(text_.rstrip(" %") if wrong == "81.8" else text_, expected.rstrip(" %") if wrong == "81.8" else expected)
            for text_, expected in found("decimal_mark", text)] == [(wrong, right)]  # fmt: skip


@pytest.mark.parametrize(("wrong", "right", "text"), traps.STUCK)
def test_figures_stuck_to_words(wrong, right, text):
    assert found("stuck_number", text) == [(wrong, right)]


@pytest.mark.parametrize(("wrong", "right", "text"), traps.DAMAGED)
def test_words_damaged_in_scanning(wrong, right, text):
    assert found("damaged_word", text) == [(wrong, right)]


@pytest.mark.parametrize(("wrong", "text"), traps.DATES)
def test_dates_that_cannot_be(wrong, text):
    assert found("impossible_date", text) == [(wrong, "")]


@pytest.mark.parametrize(("wrong", "right", "text"), traps.RANKS)
def test_rank_moves_that_do_not_fit(wrong, right, text):
    assert found("rank", text) == [(wrong, right)]


@pytest.mark.parametrize(("wrong", "right", "text"), traps.CHANGES)
def test_changes_that_do_not_fit_their_ends(wrong, right, text):
    assert found("change", text) == [(wrong, right)]


@pytest.mark.parametrize("text", traps.MIXED_UNITS)
def test_people_and_visits_mixed(text):
    assert len(found("mixed_units", text)) == 1


@pytest.mark.parametrize(("wrong", "text"), traps.WHOLES)
def test_parts_larger_than_their_whole(wrong, text):
    assert [text_ for text_, _ in found("part_above_whole", text)] == [wrong]


@pytest.mark.parametrize("text", traps.SHARES)
def test_shares_that_do_not_make_a_hundred(text):
    assert len(found("shares", text)) == 1


@pytest.mark.parametrize(("wrong", "first", "second"), traps.CONTRADICTIONS)
def test_one_fact_with_two_figures(wrong, first, second):
    assert [text for text, _ in found("contradiction", f"{first} Bà con rất phấn khởi. {second}")] == [wrong]


def test_the_figures_of_two_districts_are_not_joined():
    assert check_text("Huyện Bình An có 1.122 camera của hộ dân. Thành phố Sông Xanh có 1.128 mắt camera.") == []


def test_consistent_figures_are_left_alone():
    text = "Từ hạng 12 lên 3, vượt 9 bậc. Lượt truy cập từ gần 14 triệu (6-2026) lên hơn 19 triệu (11-2026)."
    assert check_text(text) == []


def test_commas_between_thousands_are_understood():
    assert found("percentage", "Đã thu nhận 2,366/2,465 hồ sơ (95.98 %), 2,877/3,517 hồ sơ (81.80 %).") == []
    assert found("percentage", "Đã thu nhận 2,366/2,465 hồ sơ (95.9 %).") == [("95.9 %", "96,0 %")]
