"""Vietnamese letters: text without marks for searching, and the order of the dictionary for sorting."""

import unicodedata

_BREVE, _CIRCUMFLEX, _HORN = "\N{COMBINING BREVE}", "\N{COMBINING CIRCUMFLEX ACCENT}", "\N{COMBINING HORN}"
_LETTER_MARKS = (_BREVE, _CIRCUMFLEX, _HORN)
TONES = {
    "\N{COMBINING GRAVE ACCENT}": 1,
    "\N{COMBINING HOOK ABOVE}": 2,
    "\N{COMBINING TILDE}": 3,
    "\N{COMBINING ACUTE ACCENT}": 4,
    "\N{COMBINING DOT BELOW}": 5,
}
"""Tone marks in the order of Vietnamese dictionaries: ngang (no mark, 0), huyền, hỏi, ngã, sắc, nặng."""
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ORDER = {letter: place for place, letter in enumerate(_ALPHABET)}

CollationKey = tuple[tuple[tuple[tuple[int, int], ...], int], ...]


def without_diacritics(text: str) -> str:
    """`text` in lower case without Vietnamese marks, as people type who are in a hurry."""
    plain = text.lower().replace("đ", "d")
    return "".join(each for each in unicodedata.normalize("NFD", plain) if not unicodedata.combining(each))


def folded_letter(letter: str) -> str:
    """One character for one: its base letter in lower case. Keeps offsets where `without_diacritics` may not."""
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return "d" if base == "đ" else base if len(base) == 1 else letter


def split_tone(syllable: str) -> tuple[str, int]:
    """Letters in lower case with breve, circumflex and horn but no tone, and the tone (0 to 5): "Quốc" is (quôc, 4)."""
    kept: list[str] = []
    tone = 0
    for each in unicodedata.normalize("NFD", syllable.lower()):
        if each in TONES:
            tone = TONES[each]
        else:
            kept.append(each)
    return unicodedata.normalize("NFC", "".join(kept)), tone


def collation_key(text: str) -> tuple[CollationKey, str]:
    """Sort by this for Vietnamese order: syllable by syllable, letters (a ă â b c d đ …) before tones, then case.

    Digits come before letters and are compared as text; other characters by their code.
    """
    syllables = []
    for word in text.split():
        letters, tone = split_tone(word)
        syllables.append((tuple(_rank(letter) for letter in letters), tone))
    return tuple(syllables), text


def _rank(letter: str) -> tuple[int, int]:
    place = _ORDER.get(letter)
    return (0, ord(letter)) if place is None else (1, place)
