"""How a total is divided in prose: the total, the word that divides it, the parts. Used by sums, shares and wholes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from binhyen.kernel.figures.mentions import Mention
from binhyen.kernel.figures.report import Report
from binhyen.kernel.figures.text import Cue, Sentence
from binhyen.kernel.vietnamese.folding import without_diacritics

_STRICT, _USUAL, _LOOSE = Decimal("0.25"), Decimal("0.1"), Decimal("0.005")
_CUES: tuple[tuple[Cue, Decimal], ...] = (
    (Cue(r"(?<!bao )(?<![^\W\d_])gồm(?: có)?(?![^\W\d_])|(?<![^\W\d_])(?:chia ra|chia thành|phân ra"
         r"|chia theo|phân thành|"
         r"phân loại|được chia)(?![^\W\d_])"), _STRICT),
    (Cue(r"(?<![^\W\d_])(?:bao gồm|cụ thể|chi tiết|lần lượt)(?![^\W\d_])"), _USUAL),
    (Cue(r"(?<![^\W\d_])(?:trong đó|trong số (?:này|đó)|trong ấy)(?![^\W\d_])"), _LOOSE),
    (Cue(r":(?=\s)|(?<=\s)\((?=[^()\n]*\d[^()\n]*[,;][^()\n]*\d)|(?<=\s)[–—-](?=\s)"), _USUAL),
)  # fmt: skip
_OVERLAP = Cue(r"(?<![^\W\d_])(?:cả hai|cả 2|cả ba|đồng thời|vừa|trùng|nhiều lỗi|nhiều hành vi)(?![^\W\d_])")
_REST = Cue(r"(?<![^\W\d_])(?:còn lại|số còn lại)(?![^\W\d_])")
_OPEN = Cue(
    r"(?<![^\W\d_])(?:khác|một số|nhiều|v\.v|vân vân|như|chủ yếu|điển hình|nổi bật|nhất là|đáng chú ý|riêng|ngoài ra)"
    r"(?![^\W\d_])|\.\.\.|…"
)
_OPPOSITES = tuple(
    (Cue(rf"(?<![^\W\d_]){one}(?![^\W\d_])"), Cue(rf"(?<![^\W\d_]){other}(?![^\W\d_])"))
    for one, other in (
        ("nam", "nữ"), ("trực tuyến", "trực tiếp"), ("hòa giải thành", "không thành"), ("đã", "chưa"), ("mới", "cũ"),
        ("người lớn", "trẻ em"), ("trong giờ", "ngoài giờ"), ("trong tỉnh", "ngoài tỉnh"), ("ban ngày", "ban đêm"),
        ("thường trú", "tạm trú"), ("đủ điều kiện", "không đủ"), ("cá nhân", "tổ chức"),
    )
)  # fmt: skip
_ITEM_END = re.compile(r",(?=\s)|;|\s(?:và|va|cùng|cung|\+)\s|\n\s*[-–+•*]|\n")
_BARE = frozenset(
    each
    for words in (
        "của từ dưới trên ở tại thuộc là do trực qua có đã được trong theo với cho về bị đang chưa không so "
        "và hoặc cùng",
    )
    for text in (words, without_diacritics(words))
    for each in text.split()
)
_PEOPLE = "người đối công cán chiến học nạn thành hội lao bị nhân trường tổ đồng hạ sĩ nam nữ em cháu trẻ phụ đàn thanh"
_FAMILIES = tuple(
    frozenset(words.split()) | frozenset(without_diacritics(words).split())
    for words in (
        _PEOPLE,
        "đơn xã phường thị huyện đặc tỉnh thành công phòng đội địa thôn bản",
        "phương xe ô mô tàu ghe máy",
        "hồ trường thẻ căn giấy đơn thủ lượt",
        "hồ trường thẻ căn công người em cháu trẻ",
        "vụ việc tin",
        "cơ nhà khách quán doanh tiệm điểm hộ",
        "camera mắt thiết máy",
    )
)


@dataclass(frozen=True, slots=True)
class Division:
    """`totals`: what may be divided, the nearest first. `tolerance`: by which share of it a sum may miss a total and
    still be taken for its sum; the firmer the words, the larger."""

    totals: list[Mention]
    parts: list[Mention]
    tolerance: Decimal
    sentence: Sentence


def is_in_row(report: Report, mention: Mention) -> bool:
    """Whether it stands in a table."""
    return report.text.sentence_at(mention.start).is_row


def fits(total: Mention, part: Mention, *, loosely: bool = False) -> bool:
    """Whether `part` can be a part of `total` by what it counts."""
    if part.kind != total.kind or part.kind not in ("count", "money"):
        return False
    if total.kind == "money" or total.same_unit(part):
        return True
    if not part.unit or part.unit[0] in _BARE or not total.unit:
        return True
    related = any(total.unit[0] in family and part.unit[0] in family for family in _FAMILIES)
    return related or (loosely and part.out_of is not None)


def divisions(report: Report) -> Iterator[Division]:
    """Every place where the text divides a total."""
    for sentence in report.text.sentences:
        if sentence.is_row:
            continue
        for cue, tolerance in _CUES:
            for match in cue.within(sentence):
                division = _division(report, sentence, match, tolerance)
                if division:
                    yield division


def _division(report: Report, sentence: Sentence, cue: re.Match[str], tolerance: Decimal) -> Division | None:
    totals = totals_before(report, sentence, cue)
    zone = _zone(report, sentence, cue)
    if not totals or not zone:
        return None
    for place, total in enumerate(totals[:3]):  # "1.622 camera thuộc 3 tầng, gồm …": the nearest may be none of it
        found, is_open = _parts(report, zone, total)
        if len(found) > 1:
            totals = totals[place:]
            break
    else:
        return None
    if is_open or _OVERLAP.first(sentence):
        tolerance = min(tolerance, _LOOSE)
    elif any(_REST.first(each, start, end) for each, start, end in zone):
        tolerance = max(tolerance, _STRICT)
    elif _are_opposites(zone):
        tolerance = max(tolerance, _USUAL)
    return Division(totals, found, tolerance, sentence)


def _depth_free(report: Report, mentions: list[Mention], start: int) -> list[Mention]:
    """Those that stand in no parentheses opened after `start`."""
    kept, depth, place = [], 0, start
    for each in mentions:
        passed = report.text.reading[place : each.start]
        depth, place = max(0, depth + passed.count("(") - passed.count(")")), each.start
        if depth == 0:
            kept.append(each)
    return kept


def totals_before(report: Report, sentence: Sentence, cue: re.Match[str]) -> list[Mention]:
    """Amounts that the word `cue` may divide, the nearest first; those of the sentence before where it opens one."""
    before = _depth_free(report, report.mentions.between(sentence.start, cue.start()), sentence.start)
    before = [each for each in before if each.kind in ("count", "money")]
    opens = len(report.text.reading[sentence.start : cue.start()].split()) <= 3
    if not before and opens and sentence.number > 0:
        previous = report.text.sentences[sentence.number - 1]
        if not previous.is_row and sentence.paragraph - previous.paragraph <= 1:
            before = _depth_free(report, report.mentions.within(previous), previous.start)
            before = [each for each in before if each.kind in ("count", "money")]
    return before[:-5:-1]


def _zone(report: Report, sentence: Sentence, cue: re.Match[str]) -> list[tuple[Sentence, int, int]]:
    """Where the parts are: the rest of the sentence, or of the parentheses, or the list lines that follow a colon."""
    read = report.text.reading
    if cue.group() == "(":
        end = read.find(")", cue.end(), sentence.end)
        return [(sentence, cue.end(), end if end > 0 else sentence.end)]
    zone = [(sentence, cue.end(), sentence.end)]
    if read[sentence.end - 1] != ":" and read[cue.end() : sentence.end].strip(" :,"):
        return zone
    for following in report.text.sentences[sentence.number + 1 : sentence.number + 30]:
        if not following.is_item:
            break
        zone.append((following, following.start, following.end))
    return zone


def _parts(report: Report, zone: list[tuple[Sentence, int, int]], total: Mention) -> tuple[list[Mention], bool]:
    """The head amount of each item, and whether the list says that it is not complete."""
    found: list[Mention] = []
    is_open = False
    for sentence, start, end in zone:
        nested = next((m for cue, _ in _CUES[:3] for m in cue.within(sentence, start, end)), None)
        for first, last in _items(report, start, nested.start() if nested else end):
            heads = _heads(report, first, last, total)
            if heads and not fits(total, heads[0]):
                return found, is_open
            found.extend(heads)
            is_open = is_open or len(heads) > 1 or bool(_OPEN.first(sentence, first, last))
        if nested and nested.start() > start and len(zone) == 1:
            break
    return found, is_open


def _items(report: Report, start: int, end: int) -> Iterator[tuple[int, int]]:
    first, depth, place = start, 0, start
    for match in _ITEM_END.finditer(report.text.reading, start, end):
        passed = report.text.reading[place : match.start()]
        depth, place = max(0, depth + passed.count("(") - passed.count(")")), match.end()
        if depth == 0:
            yield first, match.start()
            first = match.end()
    yield first, end


def _heads(report: Report, start: int, end: int, total: Mention) -> list[Mention]:
    """The amount of an item: the one that counts what the total counts, else its first. Several: nobody can
    say which."""
    everything = report.mentions.between(start, end)
    here = [each for each in _depth_free(report, everything, start) if each.kind in ("count", "money")]
    enclosed = [each for each in everything if each.same_unit(total)]
    if not here and len(enclosed) == 1:
        return enclosed
    return [each for each in here if each.same_unit(total)] or here[:1]


def _are_opposites(zone: list[tuple[Sentence, int, int]]) -> bool:
    for one, other in _OPPOSITES:
        has_one = any(one.first(sentence, start, end) for sentence, start, end in zone)
        if has_one and any(other.first(sentence, start, end) for sentence, start, end in zone):
            return True
    return False
