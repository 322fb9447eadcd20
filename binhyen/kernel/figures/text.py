"""A text prepared for the checks: composed, in lower case, cut into sentences, with the way back to its own offsets."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from binhyen.kernel.vietnamese.folding import folded_letter

_BLANKS = {ord(each): " " for each in "\u00a0\u202f\u2007\u2009\u200a\u3000"}
_BULLET = re.compile(r"[ ]*(?:[-–—+•*●▪‣·]|\(?\d{1,2}[.)](?=\s)|\(?[a-zđ][.)](?=\s))")
_FULL_STOP = re.compile(r"[.!?…](?=[\s”\"’)]*(?:\s|$))")
_ABBREVIATIONS = (
    "tp",
    "tx",
    "tt",
    "ts",
    "ths",
    "pgs",
    "gs",
    "v.v",
    "q",
    "p",
    "h",
    "ông",
    "đ/c",
    "st",
    "tr",
    "mr",
    "bs",
)
MOST_MATCHES = 40
"""Of one cue in one sentence: no honest sentence has more, and what each costs grows with the sentence."""
_SHORT_LINE = 45
"""A line shorter than this was ended on purpose; a longer one without a full stop was wrapped."""


def plain_pattern(pattern: str) -> str:
    """A pattern for text without marks; escapes such as \\W stay as they are."""
    return "".join(each if each.isascii() else folded_letter(each) for each in pattern)


class Cue:
    """A pattern in Vietnamese that also finds text typed without marks, in sentences that have none at all."""

    def __init__(self, pattern: str) -> None:
        self.marked = re.compile(pattern)
        self.plain = re.compile(plain_pattern(pattern))

    def within(self, sentence: "Sentence", start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Matches between offsets of the whole text; their spans are such offsets too."""
        text = sentence.text
        pattern, read = (self.marked, text.reading) if sentence.marked else (self.plain, text.folded)
        found = pattern.finditer(read, max(start, sentence.start), sentence.end if end is None else end)
        return islice(found, MOST_MATCHES)

    def first(self, sentence: "Sentence", start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first of `within`."""
        return next(self.within(sentence, start, end), None)

    def at(self, sentence: "Sentence", start: int, end: int) -> re.Match[str] | None:
        """The match that begins at `start` exactly, and ends by `end`."""
        pattern, read = (self.marked, sentence.text.reading) if sentence.marked else (self.plain, sentence.text.folded)
        return pattern.match(read, start, end)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of the text that is read in one breath. `row`: a line of a table; `item`: a line of a list."""

    text: "Text" = field(repr=False)
    number: int
    start: int
    end: int
    paragraph: int
    marked: bool
    is_item: bool = False
    is_row: bool = False

    @property
    def reading(self) -> str:
        """Composed, in lower case; without marks if it was typed so."""
        return self.text.reading[self.start : self.end]


class Text:
    """The text of one document."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.composed, self._origin = _composed(original)
        lowered = self.composed.lower()
        if len(lowered) != len(self.composed):
            lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in self.composed)
        self.reading = lowered.translate(_BLANKS)
        self.folded = self.reading.translate({ord(each): folded_letter(each) for each in set(self.reading)})
        self.marked = self.folded != self.reading

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of offsets in the composed text."""
        if self._origin is None:
            return start, end
        return self._origin[start], self._origin[end]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """All sentences in order, without the blanks around them."""
        return list(_sentences(self))

    @cached_property
    def _starts(self) -> list[int]:
        return [each.start for each in self.sentences]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that `offset` lies in, or the one before it. The text must not be empty."""
        return self.sentences[max(0, bisect_right(self._starts, offset) - 1)]


def _composed(original: str) -> tuple[str, list[int] | None]:
    """NFC, and for each of its characters where it began; None where nothing had to be composed."""
    if unicodedata.is_normalized("NFC", original):
        return original, None
    pieces: list[str] = []
    origin: list[int] = []
    for cluster in re.finditer(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", original):
        piece = unicodedata.normalize("NFC", cluster.group())
        pieces.append(piece)
        origin.extend([cluster.start()] * len(piece))
    origin.append(len(original))
    return "".join(pieces), origin


def _sentences(text: Text) -> Iterator[Sentence]:
    number = 0
    for paragraph, (start, end, is_item, is_row) in enumerate(_blocks(text.reading)):
        for first, last in [(start, end)] if is_row else _full_stops(text.reading, start, end):
            marked = text.marked and (
                text.reading[first:last] != text.folded[first:last] or last - first < 2 * _SHORT_LINE
            )
            yield Sentence(text, number, first, last, paragraph, marked, is_item, is_row)
            number += 1


def _full_stops(read: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for stop in _FULL_STOP.finditer(read, start, end):
        before = read[max(first, stop.start() - 5) : stop.start()]
        if stop.group() == "." and any(re.search(rf"(?:^|[\s(]){re.escape(each)}$", before) for each in _ABBREVIATIONS):
            continue
        if read[first : stop.end()].strip():
            yield _trimmed(read, first, stop.end())
        first = stop.end()
    if read[first:end].strip():
        yield _trimmed(read, first, end)


def _trimmed(read: str, start: int, end: int) -> tuple[int, int]:
    while start < end and read[start].isspace():
        start += 1
    while end > start and read[end - 1].isspace():
        end -= 1
    return start, end


def _blocks(read: str) -> Iterator[tuple[int, int, bool, bool]]:
    """Lines joined to paragraphs where they were only wrapped: start, end, is a list item, is a table row."""
    open_start: int | None = None
    end, is_item, previous = 0, False, ""
    offset = 0
    for line in read.splitlines(keepends=True):
        start, offset = offset, offset + len(line)
        bare = line.strip()
        is_row = "\t" in line.rstrip("\r\n") or bare.count("|") > 1
        is_bullet = bool(_BULLET.match(line))
        if open_start is not None and (not bare or is_row or is_bullet or _was_ended(previous)):
            yield open_start, end, is_item, False
            open_start = None
        if is_row and bare:
            yield start, start + len(line.rstrip("\r\n")), False, True
        elif bare:
            if open_start is None:
                open_start, is_item = start, is_bullet
            end, previous = start + len(line.rstrip()), bare
    if open_start is not None:
        yield open_start, end, is_item, False


def _was_ended(line: str) -> bool:
    return line[-1] in ".!?:;…" or len(line) < _SHORT_LINE
