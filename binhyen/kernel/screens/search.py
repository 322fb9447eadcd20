"""Search without diacritics and the order of the Vietnamese alphabet, as columns that the database computes itself.

Whatever writes a row (save, update, bulk, import, SQL) the columns are right. Only functions that PostgreSQL has
without any extension are used; the table of letters is made from `without_diacritics`, so the two agree.
"""

import string
import unicodedata
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import F, Func, GeneratedField, TextField
from django.db.models.sql.compiler import SQLCompiler

from binhyen.kernel.vietnamese.folding import without_diacritics

_CHARS_MAX = 20_000
"""Of a row's text, so much is searched; a tsvector has a limit of its own."""
_ORDER_CHARS_MAX = 120
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def _marks() -> str:
    """Every mark that letters of the Latin script carry when they are taken apart (NFD)."""
    latin = "".join(map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))))
    return "".join(sorted({each for each in unicodedata.normalize("NFD", latin) if unicodedata.combining(each)}))


# translate() looks each letter up from the front, so its tables are short: letters are taken apart first.
_FOLDED = {**dict.fromkeys(string.punctuation, " "), "đ": "d", "Đ": "d"}
_MARKS = _marks()
_ORDER = {
    written: chr(ord("A") + place) for place, letter in enumerate(_ALPHABET) for written in (letter, letter.upper())
}


def search_words(text: str) -> list[str]:
    """The words of `text` as they stand in a search column."""
    return without_diacritics("".join(_FOLDED.get(each, each) for each in text)).split()


def query_for(text: str) -> SearchQuery | None:
    """What finds rows in which every word of `text` begins some word; None where it has no word."""
    words = search_words(text)
    if not words:
        return None
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")


class _OfText(Func):
    """`sql`, in which {text} stands for the texts of some columns, and whose other values are `parameters`."""

    output_field = TextField()

    def __init__(self, *names: str, sql: str, parameters: list[str]) -> None:
        self.sql, self.parameters = sql, parameters
        super().__init__(*(F(name) for name in names))

    def as_sql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # as Django calls it
        columns = [compiler.compile(source)[0] for source in self.get_source_expressions()]
        text = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
        return self.sql.format(text=text), list(self.parameters)


SEARCH_SQL = f"to_tsvector('simple'::regconfig, lower(translate(normalize(left({{text}}, {_CHARS_MAX}), NFD), %s, %s)))"
SEARCH_PARAMETERS = ["".join(_FOLDED) + _MARKS, "".join(_FOLDED.values())]
ORDER_SQL = (
    f"translate(normalize(translate(normalize(left({{text}}, {_ORDER_CHARS_MAX}), NFD), %s, ''), NFC), %s, %s)"
    f" || chr(1) || left({{text}}, {_ORDER_CHARS_MAX})"
)
ORDER_PARAMETERS = [_TONES, "".join(_ORDER), "".join(_ORDER.values())]


class SearchField(GeneratedField):
    """`search = SearchField("name", "place")`: the words of these text fields. Give it a GIN index."""

    def __init__(self, *names: str, **options: Any) -> None:
        self.names = names
        expression = _OfText(*names, sql=SEARCH_SQL, parameters=SEARCH_PARAMETERS)
        super().__init__(expression=expression, output_field=SearchVectorField(), db_persist=True, **options)

    def deconstruct(self) -> Any:
        name, path, _, _ = super().deconstruct()
        return name, path, list(self.names), {}


class VietnameseOrder(GeneratedField):
    """`name_order = VietnameseOrder("name")`: sorting by it is sorting `name` by the Vietnamese alphabet, a ă â … d đ,
    with tones as the last difference. A list that sorts by `name` uses it by itself, where it has an index."""

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        expression = _OfText(of, sql=ORDER_SQL, parameters=ORDER_PARAMETERS)
        super().__init__(expression=expression, output_field=TextField(), db_persist=True, **options)

    def deconstruct(self) -> Any:
        name, path, _, _ = super().deconstruct()
        return name, path, [self.of], {}
