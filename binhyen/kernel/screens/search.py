"""Search without diacritics and the order of the Vietnamese alphabet, as columns that the database computes itself.

Whatever writes a row (save, update, bulk, import, SQL) the columns are right. Only functions that PostgreSQL has
without any extension are used; the table of letters is made from `without_diacritics`, so the two agree.
"""

import string
import unicodedata
from typing import Any, ClassVar

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import F, Func, GeneratedField, TextField
from django.db.models.sql.compiler import SQLCompiler

from binhyen.kernel.vietnamese.folding import without_diacritics

_CHARS_MAX = 20_000
"""Of a row's text, so much is searched; a tsvector has a limit of its own."""
_ORDER_CHARS_MAX = 120
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MARKS = _TONES + "\u0302\u0306\u031b\u0308\u030c\u0327"
_LATIN = [chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)) if chr(code).isalpha()]


def _folding() -> dict[str, str]:
    pairs = {letter: without_diacritics(letter) for letter in _LATIN}
    kept = {letter: plain for letter, plain in pairs.items() if len(plain) == 1 and plain.isascii()}
    return kept | dict.fromkeys(string.punctuation, " ")


def _alphabetical() -> dict[str, str]:
    order = {}
    for letter in (*_LATIN, *string.ascii_letters):
        decomposed = unicodedata.normalize("NFD", letter.lower())
        base = unicodedata.normalize("NFC", "".join(each for each in decomposed if each not in _TONES))
        if base in _ALPHABET:
            order[letter] = chr(ord("A") + _ALPHABET.index(base))
    return order


_FOLDING = _folding()
_ORDER = _alphabetical()


def search_words(text: str) -> list[str]:
    """The words of `text` as they stand in a search column."""
    plain = "".join(_FOLDING.get(each, each) for each in unicodedata.normalize("NFC", text))
    return without_diacritics(plain).split()


def query_for(text: str) -> SearchQuery | None:
    """What finds rows in which every word of `text` begins some word; None where it has no word."""
    words = search_words(text)
    if not words:
        return None
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")


class _Translated(Func):
    """translate(text, from, to) of several columns, where `marks` are taken out."""

    output_field = TextField()

    def __init__(self, *names: str, letters: dict[str, str], marks: str, template: str) -> None:
        self.letters, self.marks, self.sql_template = letters, marks, template
        super().__init__(*(F(name) for name in names))

    def as_sql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # as Django calls it
        columns = [compiler.compile(source)[0] for source in self.get_source_expressions()]
        text = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
        letters = ["".join(self.letters) + self.marks, "".join(self.letters.values())]
        return self.sql_template.format(text=text), letters


class SearchField(GeneratedField):
    """`search = SearchField("name", "place")`: the words of these text fields. Give it a GIN index."""

    template: ClassVar[str] = (
        "to_tsvector('simple'::regconfig, lower(translate(left(" + "{text}" + f", {_CHARS_MAX}), %s, %s)))"
    )

    def __init__(self, *names: str, **options: Any) -> None:
        self.names = names
        expression = _Translated(*names, letters=_FOLDING, marks=_MARKS, template=self.template)
        super().__init__(expression=expression, output_field=SearchVectorField(), db_persist=True, **options)

    def deconstruct(self) -> Any:
        name, path, _, _ = super().deconstruct()
        return name, path, list(self.names), {}


class VietnameseOrder(GeneratedField):
    """`name_order = VietnameseOrder("name")`: sorting by it is sorting `name` by the Vietnamese alphabet, a ă â … d đ,
    with tones as the last difference. A list that sorts by `name` uses it by itself, where it has an index."""

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        template = (
            f"translate(left({{text}}, {_ORDER_CHARS_MAX}), %s, %s) || chr(1) || left({{text}}, {_ORDER_CHARS_MAX})"
        )
        expression = _Translated(of, letters=_ORDER, marks=_TONES, template=template)
        super().__init__(expression=expression, output_field=TextField(), db_persist=True, **options)

    def deconstruct(self) -> Any:
        name, path, _, _ = super().deconstruct()
        return name, path, [self.of], {}
