import pytest

from binhyen.kernel.vietnamese.syllables import has_vietnamese_letter, is_syllable

WORDS = """công an nghiêng khuỷu quốc giữ gì giếng hòa hoà thuỷ thủy quyển yêu ướt xoong khuya
nguệch ngoạc uỷ quý rượu"""
BROKEN = "tng s quc đng trng quôc hoat wifi facebook zalo str thưng2 bhlêê"


@pytest.mark.parametrize("word", WORDS.split())
def test_words_of_the_language_are_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", BROKEN.split())
def test_what_lost_a_letter_or_is_foreign_is_not(word):
    assert not is_syllable(word)


def test_marks_tell_vietnamese_from_english():
    assert [has_vietnamese_letter(word) for word in ("đi", "cơ", "mà", "camera")] == [True, True, True, False]
