import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.kernel.vietnamese.folding import collation_key, folded_letter, split_tone, without_diacritics

LETTERS = st.text("aàảãáạăằđêếôộơợưựyýbcghnt ABĐƠ", max_size=30)


def test_a_search_text_has_no_marks_and_no_capitals():
    assert without_diacritics("Đường Nguyễn Trãi") == "duong nguyen trai"


@given(LETTERS)
def test_folding_letter_by_letter_keeps_every_offset(text):
    assert "".join(folded_letter(each) for each in text) == without_diacritics(text)


def test_letters_and_tone_come_apart():
    assert [split_tone(word) for word in ("Quốc", "hòa", "Đặng", "ta")] == [
        ("quôc", 4),
        ("hoa", 1),
        ("đăng", 5),
        ("ta", 0),
    ]


@pytest.mark.parametrize(
    "ordered",
    [
        ["ba", "bà", "bả", "bã", "bá", "bạ"],
        ["an", "ăn", "ân", "bê", "cô", "da", "đa", "đê"],
        ["Đà Nẵng", "Đắk Lắk", "Đồng Tháp"],
        ["ba lô", "bà con", "bá chủ"],
        ["Dương", "Đặng", "Đỗ", "Nguyễn", "Ninh", "Ô", "Ơn", "Phạm", "Trần", "Ưng"],
    ],
)
def test_names_stand_in_the_order_of_the_dictionary(ordered):
    shuffled = ordered[1::2] + ordered[::2]
    assert sorted(shuffled, key=collation_key) == ordered
