import string
import unicodedata

import pytest
from django.db import connection

from binhyen.kernel.screens.search import (
    ORDER_PARAMETERS,
    ORDER_SQL,
    SEARCH_PARAMETERS,
    SEARCH_SQL,
    search_words,
)  # fmt: skip
from binhyen.kernel.vietnamese.folding import without_diacritics

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]
EVERY = [*LETTERS, *(letter.upper() for letter in LETTERS), *string.ascii_letters]
"""Every Vietnamese letter with every tone, both cases."""


def in_sql(sql, text, parameters):
    with connection.cursor() as cursor:
        filled = sql.format(text="%s::text")
        cursor.execute(f"SELECT {filled}", [text, *parameters, text][: filled.count("%s")])
        return cursor.fetchone()[0]


def vector_of(text):
    return in_sql(SEARCH_SQL, text, SEARCH_PARAMETERS)


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_database_and_python_fold_every_letter_alike(form):
    text = " ".join(unicodedata.normalize(form, f"x{letter}{number}x") for number, letter in enumerate(EVERY))
    found = {lexeme.split("'")[1] for lexeme in vector_of(text).split(" ")}
    assert len(found) == len(EVERY)
    assert found == set(search_words(text)) == {without_diacritics(word) for word in text.split()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("29-B1 234.56", ["29", "b1", "234", "56"]),
        ("Đường Nguyễn Trãi, số 5/2", ["duong", "nguyen", "trai", "so", "5", "2"]),
        ("'':*&|!()<->\\", []),
        ("e-mail: a@b.vn", ["e", "mail", "a", "b", "vn"]),
    ],
)
@pytest.mark.django_db
def test_marks_of_any_kind_part_words_and_mean_nothing_to_the_search(text, words):
    assert search_words(text) == words
    assert sorted(lexeme.split("'")[1] for lexeme in vector_of(text).split()) == sorted(words)


@pytest.mark.django_db
def test_a_text_longer_than_a_search_column_holds_is_cut_and_not_refused():
    assert vector_of("từ " * 200_000) is not None
    assert vector_of("x" * 5_000) == ""


@pytest.mark.django_db
def test_names_stand_in_the_order_of_the_vietnamese_alphabet():
    names = ["An", "Ân", "Bình", "Dũng", "Đạt", "Em", "Ê", "Ha", "Hà", "Hai", "Ông", "Ơn", "Uy", "Ưng", "Yến", "zêta"]
    keys = {name: in_sql(ORDER_SQL, name, ORDER_PARAMETERS) for name in sorted(names)}
    assert sorted(keys, key=keys.get) == names
