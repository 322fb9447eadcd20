"""The amounts that a text mentions: value, unit, qualifier, place."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from binhyen.kernel.figures.masks import masked
from binhyen.kernel.figures.text import Cue, Sentence, Text
from binhyen.kernel.vietnamese.folding import without_diacritics
from binhyen.kernel.vietnamese.numbers import QUALIFIERS, SCALES
from binhyen.kernel.vietnamese.syllables import is_syllable, set_of


def _both(words: str) -> frozenset[str]:
    """The words, and each as it looks without marks."""
    return frozenset(words.split()) | frozenset(without_diacritics(words).split())


_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\d]|[.,]\d)|\d{1,3}(?:,\d{3})+\.\d+|\d+(?:[.,]\d+)?(?![.,]?\d)"
_WORD = r"[^\W\d_]+"
_FOUND = re.compile(
    rf"(?<![\w.,/%~<])(?<!\d[-–])(?P<number>{_NUMBER})"
    rf"(?:(?P<between>\s?{_WORD}(?:\s{_WORD}){{0,2}})?\s?/\s?(?P<out_of>{_NUMBER}))?"
)
_TAIL = re.compile(rf"\s?%|\s?{_WORD}(?:[ \n]{_WORD}){{0,4}}")
_QUALIFIER_WORDS = sorted(QUALIFIERS, key=len, reverse=True)
_QUALIFIER = Cue(rf"(?<!{_WORD[:-1]})(?:{'|'.join(_QUALIFIER_WORDS)})\s+(?:là\s+|được\s+|có\s+)?$")
_SCALES = {each: factor for name, factor in SCALES.items() for each in (name, without_diacritics(name))}
MONEY = frozenset(("đồng", "dong", "đ", "vnđ", "vnd", "usd", "đô"))
MEASURES = _both(
    """km m m2 km2 kg g tấn tạ yến lít ha cm mm giờ phút giây ngày tháng năm tuần quý tuổi độ kw w kwh v mb gb
    tb kbps mbps
    gbps px fps bậc điểm lần mét gam kilôgam ghz mhz thùng bao lon chai gói hộp tiếng đêm inch ml h s cỡ hạng thứ"""
) - set_of("nam thu ta co do lan tan hang")  # without marks these are more often other words
_SYMBOLS = _both("km m kg g ha cm mm đ k tr h p s l w v")


@dataclass(frozen=True, slots=True)
class Mention:
    """An amount. `end` is behind the number (or its denominator); `unit` the words that follow, in lower case."""

    start: int
    end: int
    value: Decimal
    places: int
    mark: str
    kind: str
    unit: tuple[str, ...]
    unit_end: int
    qualifier: str
    out_of: Decimal | None
    number_end: int
    factor: int
    stuck: bool

    @property
    def is_exact(self) -> bool:
        return not self.qualifier

    def same_unit(self, other: "Mention") -> bool:
        """Whether both count the same thing by name."""
        if not self.unit or not other.unit or self.kind != other.kind:
            return False
        if self.unit[0] != other.unit[0]:
            return False
        return self.unit[0] in _ONE_WORD or self.unit[1:2] == other.unit[1:2]


_ONE_WORD = _both(
    """vụ lượt tổ buổi người xã phường thôn ca em cháu thẻ tin bài cuộc xe máy camera mắt suất phiếu lớp bộ chiếc đồng
    nam nữ đơn giấy cấp trường trẻ cái hộ"""
) - {"ho"}


class Mentions:
    """All amounts of a text in order."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.mask = masked(text)
        self.all = list(_mentions(text, self.mask))
        self._starts = [each.start for each in self.all]

    def between(self, start: int, end: int) -> list[Mention]:
        """Those that begin in [start, end)."""
        return self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def within(self, sentence: Sentence) -> list[Mention]:
        """Those of one sentence."""
        return self.between(sentence.start, sentence.end)


def decimal_of(printed: str) -> tuple[Decimal, int, str]:
    """Value, decimal places and decimal mark of a number as printed, be it with a comma or a point."""
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", printed):
        head, _, decimals = printed.replace(".", "").partition(",")
        return Decimal(f"{head}.{decimals or 0}") if decimals else Decimal(head), len(decimals), "," if decimals else ""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)", printed):
        return Decimal(printed.replace(",", "")), len(printed.partition(".")[2]), "."
    mark = "," if "," in printed else "." if "." in printed else ""
    decimals = printed.partition(mark)[2] if mark else ""
    return Decimal(printed.replace(",", ".")), len(decimals), mark


def _mentions(text: Text, mask: bytearray) -> Iterator[Mention]:
    place = 0
    while found := _FOUND.search(text.reading, place):
        place = found.end()
        if mask[found.start()]:
            place = found.end("number")
            continue
        fraction = found["out_of"] is not None and not mask[found.start("out_of")] and _is_ratio(found)
        if not fraction:
            place = found.end("number")
        mention = _mention(text, found, fraction=fraction)
        if mention:
            yield mention


def _is_ratio(found: re.Match[str]) -> bool:
    """Whether a slash divides; "3.000 đồng/1 kg" and "15 buổi/1 tháng" are rates."""
    words = (found["between"] or "").split()
    return not words or (words[0] not in MONEY | MEASURES | _SCALES.keys() and decimal_of(found["out_of"])[0] > 2)


def _mention(text: Text, found: re.Match[str], *, fraction: bool) -> Mention | None:
    end = found.end("out_of") if fraction else found.end("number")
    tail = _TAIL.match(text.reading, end)
    words = tail.group().split() if tail else []
    stuck = bool(words) and not text.reading[end].isspace() and words[0] != "%"
    if stuck and not (words[0] in _SYMBOLS or words[0] in MONEY or _is_word(words[0])):
        return None
    value, places, mark = decimal_of(found["number"])
    skipped, factor = _scale(words)
    unit = words[skipped:]
    kind = _kind(words, unit)
    out_of = decimal_of(found["out_of"]) if fraction else None
    if kind == "count" and mark == "," and places == 3:  # a comma before three digits groups them, as in English
        value, places, mark = value * 1000, 0, ""
        out_of = (out_of[0] * 1000, 0, "") if out_of and out_of[1] == 3 else out_of
    unit_words = tuple((found["between"] or "").split()) if fraction else ()
    return Mention(
        start=found.start(),
        end=end,
        value=value * factor,
        places=places,
        mark=mark,
        kind=kind,
        unit=unit_words or tuple(unit),
        unit_end=tail.end() if tail else end,
        qualifier=_qualifier(text, found.start()),
        out_of=out_of[0] * factor if out_of else None,
        number_end=found.end("number"),
        factor=factor,
        stuck=stuck,
    )


def _is_word(word: str) -> bool:
    return len(word) > 1 and is_syllable(word)


def _scale(words: list[str]) -> tuple[int, int]:
    for size in (2, 1):
        factor = _SCALES.get(" ".join(words[:size])) if len(words) >= size else None
        if factor:
            return size, factor
    return 0, 1


def _kind(words: list[str], unit: list[str]) -> str:
    if words[:1] == ["%"] or words[:2] in (["phần", "trăm"], ["phan", "tram"]):
        return "percent"
    if unit and unit[0] in MONEY:
        return "money"
    if unit and unit[0] in MEASURES:
        return "measure"
    return "count"


def _qualifier(text: Text, start: int) -> str:
    sentence = text.sentence_at(start)
    match = _QUALIFIER.first(sentence, max(sentence.start, start - 24), start)
    return match.group().strip() if match else ""
