"""Words that lost letters or marks in scanning: "bo vệ", "tng s tiền", "chuyển đổi s", "Tổ quc", "cùa".

Words are proposed from pairs of syllables that often stand together (`compounds.txt`); a syllable that cannot be
Vietnamese is enough by itself. Digits, names, abbreviations and foreign words are left alone.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.report import Report
from binhyen.kernel.vietnamese.folding import TONES, folded_letter, split_tone
from binhyen.kernel.vietnamese.syllables import has_vietnamese_letter, is_syllable, set_of

KIND = "damaged_word"
_TOKEN = re.compile(r"(?<![\w@#/.:&%~<>$\\*-])[^\W\d_]+(?![\w@&>]|[-/]\w|\.\w)")
_HOOK, _GRAVE = "\N{COMBINING HOOK ABOVE}", "\N{COMBINING GRAVE ACCENT}"
_FOREIGN = set("fjwz")
_VOWELS = set("aeiouy")
_SHORT_FORMS = set_of("""km kg cm mm ml kw kv kwh kb mb gb tb px tp tx tt ths ts gs pgs bs tv vp vs vv kt xh ht
pv nv hs sv nxb
    tr stt đt sđt
    hđ qđ nđ đc đl mr mrs ms st sms pdf html http https www xml php mp tk ctv sx cn gd kh ql gplx dtts ttxh
    cstt ttkt khkt
    pccc thcs thpt hđnd cccd cmnd csgt đv vđv bhxh bhyt đkkd vsmt""")
_SWAPPED = {"cùa": "của", "củạ": "của", "cũa": "của"}
_HALF_TYPED = re.compile("u(?=[ơờởỡớợ])")
_MOST_PROPOSALS = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text, in lower case, with its place."""

    reading: str
    start: int
    end: int


def check(report: Report) -> Iterator[Finding]:
    """Damaged words; neighbours are told together. Nothing in passages that were typed without marks."""
    words = [Word(match.group(), *match.span()) for match in _TOKEN.finditer(report.text.reading)]
    repairs: dict[int, str] = {}
    for place, (one, other) in enumerate(pairwise(words)):
        if report.text.reading[one.end : other.start] in (" ", "\n"):
            for offset, whole in _pair(report, one, other):
                repairs[place + offset] = whole
    for place, word in enumerate(words):
        if place not in repairs:
            alone = _alone(report, word)
            if alone:
                repairs[place] = alone
    yield from (_finding(report, words, run, repairs) for run in _runs(report, words, repairs))


def _pair(report: Report, one: Word, other: Word) -> Iterator[tuple[int, str]]:
    known, damaged = _lexicon()
    whole = damaged.get((one.reading, other.reading))
    if whole is None or (one.reading, other.reading) in known or not _is_marked_around(report, one, other):
        return
    changed = [(offset, word, right) for offset, (word, right) in enumerate(zip((one, other), whole, strict=True))
               if word.reading != right]  # fmt: skip
    if all(_may_be_damaged(report, word) for _, word, _ in changed):
        yield from ((offset, right) for offset, _, right in changed)


def _may_be_damaged(report: Report, word: Word) -> bool:
    printed = report.text.composed[word.start : word.end]
    if len(printed) > 1 and printed.isupper():
        return False
    if is_syllable(word.reading):
        opens = printed[1:].islower() and report.text.sentence_at(word.start).start == word.start
        return (printed.islower() or opens) and word.reading not in _common()
    return printed[1:].islower() or (len(printed) == 1 and printed.islower())


def _alone(report: Report, word: Word) -> str:
    """What to propose for a syllable that cannot be one; empty where it is whole or nothing can be said."""
    printed = report.text.composed[word.start : word.end]
    read = word.reading
    if not printed.islower() or read in _SHORT_FORMS or set(read) & _FOREIGN:
        return ""
    if read in _SWAPPED:
        return _SWAPPED[read]
    if is_syllable(read) or not _is_marked_around(report, word, word):
        return ""
    bare = {folded_letter(each) for each in read}
    mistyped = _HALF_TYPED.sub("ư", read)
    if mistyped != read and is_syllable(mistyped):
        return mistyped
    if bare & _VOWELS:
        if not has_vietnamese_letter(read) or _is_several(read):
            return ""
    elif (len(read) < 3 and "đ" not in read) or len(read) < 2 or len(read) > 5 or _stands_as_mark(report, word):
        return ""
    return " / ".join(_losses().get(read, [])[:_MOST_PROPOSALS])


def _stands_as_mark(report: Report, word: Word) -> bool:
    """Whether it is an abbreviation with a point or in parentheses."""
    after = report.text.reading[word.end : word.end + 1]
    return after in (".", ")") or report.text.reading[max(0, word.start - 1) : word.start] == "("


def _is_several(read: str) -> bool:
    """A loan word written in one piece: đôla, vắcxin."""
    return any(
        is_syllable(read[:cut]) and (is_syllable(read[cut:]) or _is_several(read[cut:]))
        for cut in range(2, len(read) - 1)
    )


def _is_marked_around(report: Report, one: Word, other: Word) -> bool:
    text = report.text
    start, end = max(0, one.start - 60), min(len(text.reading), other.end + 60)
    return (
        text.marked and sum(a != b for a, b in zip(text.reading[start:end], text.folded[start:end], strict=True)) >= 2
    )


def _runs(report: Report, words: list[Word], repairs: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Damaged words with the whole ones that they make a term with, neighbours together: first, last."""
    known, _ = _lexicon()
    open_run: tuple[int, int] | None = None
    for place in sorted(repairs):
        first = last = place
        right = repairs[place]
        for step in (1, 2):
            before = words[place - step].reading if place >= step else ""
            following = repairs.get(place - step + 1, words[place - step + 1].reading) if place >= step else ""
            if first == place - step + 1 and (before, following) in known and _touch(report, words, place - step):
                first = place - step
        if place + 1 < len(words) and (right, repairs.get(place + 1, words[place + 1].reading)) in known:
            last = place + 1 if _touch(report, words, place) else last
        if open_run and first <= open_run[1]:
            open_run = (open_run[0], max(last, open_run[1]))
            continue
        if open_run:
            yield open_run
        open_run = (first, last)
    if open_run:
        yield open_run


def _touch(report: Report, words: list[Word], place: int) -> bool:
    return report.text.reading[words[place].end : words[place + 1].start] in (" ", "\n")


def _finding(report: Report, words: list[Word], run: tuple[int, int], repairs: dict[int, str]) -> Finding:
    first, last = run
    start, end = words[first].start, words[last].end
    whole = " ".join(
        repairs.get(place) or report.text.composed[words[place].start : words[place].end]
        for place in range(first, last + 1)
    )
    if report.text.composed[start].isupper():
        whole = whole[0].upper() + whole[1:]
    shown = report.shown(start, end)
    sentence = f"“{shown}” có vẻ bị mất chữ hoặc sai dấu khi quét. Có phải là “{whole}”? Xin đối chiếu với bản gốc."
    return report.finding(KIND, start, end, expected=whole, sentence=sentence)


@cache
def _compounds() -> list[tuple[str, str]]:
    lines = Path(__file__).parents[1].joinpath("compounds.txt").read_text(encoding="utf-8")
    terms = (term.split() for term in re.split(r"[,\n]", lines))
    return [pair for term in terms for pair in pairwise(term)]


@cache
def _common() -> frozenset[str]:
    listed = Path(__file__).parents[1].joinpath("common.txt").read_text(encoding="utf-8").split()
    return frozenset(listed) | {each for pair in _compounds() for each in pair}


@cache
def _lexicon() -> tuple[frozenset[tuple[str, str]], dict[tuple[str, str], tuple[str, str]]]:
    """Whole pairs, and what each damaged pair was."""
    known = frozenset(_compounds())
    damaged: dict[tuple[str, str], tuple[str, str]] = {}
    for one, other in _compounds():
        for left in (one, *_losses_of(one), *_swaps_of(one)):
            for right in (other, *_losses_of(other), *_swaps_of(other)):
                if (left, right) != (one, other):
                    damaged.setdefault((left, right), (one, other))
    return known, damaged


@cache
def _losses() -> dict[str, list[str]]:
    """What may stand behind a syllable that lost one letter: the most used first."""
    often: dict[str, int] = defaultdict(int)
    for pair in _compounds():
        for each in pair:
            often[each] += 1
    found: dict[str, list[str]] = defaultdict(list)
    for whole in sorted(_common(), key=lambda each: -often[each]):
        for part in _losses_of(whole):
            found[part].append(whole)
    return found


def _losses_of(syllable: str) -> Iterator[str]:
    """The syllable without one of its letters that English does not have (scanners and old fonts lose those)."""
    for place, letter in enumerate(syllable):
        if letter != "đ" and has_vietnamese_letter(letter) and len(syllable) > 1:
            yield syllable[:place] + syllable[place + 1 :]


def _swaps_of(syllable: str) -> Iterator[str]:
    """The syllable with a grave where it has a hook: ủ is scanned as ù."""
    if split_tone(syllable)[1] == TONES[_HOOK]:
        yield _with_tone(syllable, _HOOK, _GRAVE)


def _with_tone(syllable: str, tone: str, other: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", syllable).replace(tone, other))
