"""Figures that stick to a word: "2.877hồ sơ", "gần05 tỷ"."""

import re
from collections.abc import Iterator

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.report import Report
from binhyen.kernel.vietnamese.folding import without_diacritics
from binhyen.kernel.vietnamese.syllables import has_vietnamese_letter, is_syllable, set_of

KIND = "stuck_number"
_AFTER = re.compile(r"(?<![\w./@#%~<>$-])(?<!\d,)(\d+(?:[.,]\d+)*)([^\W\d_]{2,})(?![\w@>]|\.\w)")
_BEFORE = re.compile(r"(?<![\w./@#%~<>$-])([^\W\d_]{2,})(\d+(?:[.,]\d+)*)(?![\w@>-]|[./]\w)")
_TERMS = (
    "hồ sơ",
    "đối tượng",
    "trường hợp",
    "cán bộ",
    "chiến sĩ",
    "thành viên",
    "biên bản",
    "đơn vị",
    "công dân",
    "học sinh",
)
_TWO_WORDS = frozenset(_TERMS) | frozenset(without_diacritics(each) for each in _TERMS)
_SECOND = re.compile(r" ([^\W\d_]+)")
_UNITS = set_of("km kg ha cm mm đ tr vnđ kwh kw kv mb gb tb px fps ml giờ phút giây")
_WORDS = """gần hơn trên dưới khoảng tháng năm ngày quý lúc hồ vụ việc người lượt buổi tổ xã phường đối tượng
trường hợp cán bộ
chiến sĩ hộ cuộc chiếc tin thành viên cháu camera thôn bản công đồng tỷ triệu nghìn đạt vượt tăng giảm còn và đến từ gồm
tổng cộng được mắt thẻ xe biên bản phiếu suất giấy đơn vị nhóm học sinh đoàn hội nghị bài ca cơ sở nhà điểm"""
_PLAIN_WORDS = frozenset(without_diacritics(_WORDS).split())


def check(report: Report) -> Iterator[Finding]:
    """Figures without a blank before or behind a Vietnamese word in small letters."""
    text = report.text
    for pattern, number, word in ((_AFTER, 1, 2), (_BEFORE, 2, 1)):
        for match in pattern.finditer(text.reading):
            written = text.composed[match.start(word) : match.end(word)]
            if written[1:].lower() != written[1:] or (number == 1 and written[0].isupper()):
                continue
            if not _is_word(match[word], marked=text.marked) or (number == 1 and match[word] in _UNITS):
                continue
            split, end = match.end(1), match.end()
            second = _SECOND.match(text.reading, end) if number == 1 else None
            if second and f"{match[word]} {second[1]}" in _TWO_WORDS:
                end = second.end()
            printed = text.composed[match.start() : end]
            expected = f"{text.composed[match.start() : split]} {text.composed[split:end]}"
            sentence = f"“{printed}” thiếu dấu cách giữa số và chữ. Xin viết: {expected}."
            yield report.finding(KIND, match.start(), end, expected=expected, sentence=sentence)


def _is_word(word: str, *, marked: bool) -> bool:
    if has_vietnamese_letter(word):
        return is_syllable(word)
    return word in _PLAIN_WORDS if not marked else word in ("camera", "xe", "tin", "ca")
