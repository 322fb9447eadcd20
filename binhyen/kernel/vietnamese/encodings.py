"""Vietnamese text files of all ages: UTF-8, UTF-16, Windows-1258, TCVN3 (ABC), guessed by which one reads as
syllables."""

import codecs
import re
import unicodedata

from binhyen.kernel.vietnamese.syllables import has_vietnamese_letter, is_syllable

_TCVN3_LETTERS = {
    0xB5: "àảãáạ", 0xA8: "ă", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xA9: "âêôơưđ", 0xCE: "ẻẽéẹềểễếệìỉ", 0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ", 0xA1: "ĂÂÊÔƠƯĐ",
}  # fmt: skip
"""TCVN 5712:1993 VN3 (the ABC fonts): runs of letters from a byte on. Capitals with tones were drawn by other fonts."""
_TCVN3 = {first + offset: letter for first, letters in _TCVN3_LETTERS.items() for offset, letter in enumerate(letters)}
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 20_000
_READS_WELL = 0.6
_ENOUGH_WORDS = 6
"""With fewer words in question nobody can tell ABC fonts from French."""


class NotText(ValueError):
    """Bytes that are no text in any encoding that Vietnamese offices have used."""


def decode(raw: bytes) -> str:
    """The text of `raw`, line ends as newlines, byte order mark taken off. Raises NotText."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _lines(_decoded(raw, encoding))
    if b"\0" in raw[:_SAMPLE]:
        even, odd = raw[:_SAMPLE:2].count(0), raw[1:_SAMPLE:2].count(0)
        return _lines(_decoded(raw, "utf-16-le" if odd > even else "utf-16-be"))
    try:
        return _lines(from_tcvn3_fonts(raw.decode("utf-8")))
    except UnicodeDecodeError:
        return _lines(_old(raw))


def from_tcvn3_fonts(text: str) -> str:
    """Text that was typed for ABC fonts ("C«ng an") as letters, character for character; other text as it is."""
    if sum(any(ord(each) in _TCVN3 for each in word) for word in text[:_SAMPLE].split()) < _ENOUGH_WORDS:
        return text
    read = text.translate(_TCVN3)
    return read if _score(read) > max(_READS_WELL, _score(text) + 0.2) else text


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotText("Tệp không phải là văn bản, hoặc dùng bảng mã lạ. Hãy lưu lại dưới dạng UTF-8.") from error


def _old(raw: bytes) -> str:
    tcvn3 = raw.decode("latin-1").translate(_TCVN3)
    windows = unicodedata.normalize("NFC", raw.decode("cp1258", "replace"))
    best = max((windows, tcvn3), key=_score)
    if _score(best) < _READS_WELL:
        raise NotText("Tệp không phải là văn bản tiếng Việt, hoặc dùng bảng mã lạ. Hãy lưu lại dưới dạng UTF-8.")
    return best


def _score(text: str) -> float:
    """The share of words with marks that are syllables; 0 where there is no such word."""
    words = [each for each in _WORD.findall(unicodedata.normalize("NFC", text[:_SAMPLE])) if not each.isascii()]
    return sum(has_vietnamese_letter(each) and is_syllable(each) for each in words) / len(words) if words else 0.0


def _lines(text: str) -> str:
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n").replace("\r", "\n")
