"""Figures as a Vietnamese official writes them, read and written again without loss.

1.695 · 96,07 % · 5.000.000 đ · 1,5 tỷ đồng · 05 · 03/63 · gần 05 tỷ. A point groups thousands, a comma begins the
decimals. `Decimal` throughout: a figure in a report has to be exact. Source: Vietnamese practice (TCVN 6398 writes a
comma for decimals).
"""

import enum
import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

NARROW = "\N{NO-BREAK SPACE}"


class NotAFigure(ValueError):
    """A text that cannot be read as one Vietnamese figure; says the text and what to write instead."""


class Rounding(enum.Enum):
    """How digits are let go; the label is what people call it."""

    HALF_UP = ROUND_HALF_UP
    TRUNCATED = ROUND_DOWN

    @property
    def label(self) -> str:
        """làm tròn, cắt bớt."""
        return {"HALF_UP": "làm tròn", "TRUNCATED": "cắt bớt"}[self.name]


class Bound(enum.Enum):
    """What a qualifier says about the true value."""

    EXACT = "exact"
    BELOW = "below"
    ABOVE = "above"
    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"


QUALIFIERS = {
    "gần": Bound.BELOW,
    "gần bằng": Bound.BELOW,
    "ngót": Bound.BELOW,
    "dưới": Bound.BELOW,
    "chưa đến": Bound.BELOW,
    "chưa tới": Bound.BELOW,
    "hơn": Bound.ABOVE,
    "trên": Bound.ABOVE,
    "ngoài": Bound.ABOVE,
    "khoảng": Bound.ABOUT,
    "chừng": Bound.ABOUT,
    "xấp xỉ": Bound.ABOUT,
    "ước": Bound.ABOUT,
    "ước tính": Bound.ABOUT,
    "ước đạt": Bound.ABOUT,
    "trên dưới": Bound.ABOUT,
    "ít nhất": Bound.AT_LEAST,
    "tối thiểu": Bound.AT_LEAST,
    "không dưới": Bound.AT_LEAST,
    "tối đa": Bound.AT_MOST,
    "nhiều nhất": Bound.AT_MOST,
    "không quá": Bound.AT_MOST,
}
SCALES = {
    "chục": 10,
    "trăm": 100,
    "nghìn": 10**3,
    "ngàn": 10**3,
    "triệu": 10**6,
    "nghìn tỷ": 10**12,
    "nghìn tỉ": 10**12,
    "ngàn tỷ": 10**12,
    "tỷ": 10**9,
    "tỉ": 10**9,
}


@dataclass(frozen=True, slots=True)
class Printed:
    """One number and how it stands on paper: `value` keeps its decimals, `width` the digits before the comma."""

    value: Decimal
    width: int = 1
    grouped: bool = True

    def __str__(self) -> str:
        return written(self.value, width=self.width, grouped=self.grouped)


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure. `tail` is what follows, blank included: " tỷ đồng", " %"; `out_of` stands after the slash."""

    number: Printed
    qualifier: str = ""
    out_of: Printed | None = None
    tail: str = ""

    @property
    def bound(self) -> Bound:
        """What the qualifier says; EXACT without one."""
        return QUALIFIERS.get(self.qualifier.lower(), Bound.EXACT)

    @property
    def amount(self) -> Decimal:
        """The value with its scale: 1,5 tỷ is 1500000000."""
        return self.number.value * scale_of(self.tail)

    def __str__(self) -> str:
        qualifier = f"{self.qualifier} " if self.qualifier else ""
        out_of = f"/{self.out_of}" if self.out_of else ""
        return f"{qualifier}{self.number}{out_of}{self.tail}"


def scale_of(tail: str) -> int:
    """The factor that the words after a number begin with: 10**9 for " tỷ đồng", 1 for " hồ sơ"."""
    words = tail.lower().split()
    for size in (2, 1):
        scale = SCALES.get(" ".join(words[:size])) if len(words) >= size else None
        if scale:
            return scale
    return 1


def rounded(value: Decimal, places: int, *, by: Rounding = Rounding.HALF_UP) -> Decimal:
    """`value` with exactly `places` decimals, let go as named by `by`."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=by.value)


def written(value: Decimal | int, *, width: int = 1, grouped: bool = True) -> str:
    """All digits of `value`: 1.695, 96,07, -1.234,50; `width` pads with zeros: 05."""
    exact = Decimal(value)
    if not exact.is_finite():
        raise NotAFigure(f"{value} không phải là một con số. Hãy nhập một số hữu hạn.")
    sign, digits, exponent = exact.as_tuple()
    places = max(0, -int(exponent))
    whole = "".join(map(str, digits)) + "0" * max(0, int(exponent))
    whole = whole.rjust(places + 1, "0")
    head, decimals = (whole[:-places], whole[-places:]) if places else (whole, "")
    head = (head.lstrip("0") or "0").rjust(width, "0")
    head = _grouped(head) if grouped else head
    return f"{'-' if sign else ''}{head}{',' if decimals else ''}{decimals}"


def _grouped(digits: str) -> str:
    first = len(digits) % 3 or 3
    return ".".join([digits[:first], *(digits[start : start + 3] for start in range(first, len(digits), 3))])


_NUMBER = r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
_QUALIFIER = "|".join(sorted(QUALIFIERS, key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?:(?P<qualifier>{_QUALIFIER})\s+)?(?P<number>{_NUMBER})(?:/(?P<out_of>{_NUMBER}))?(?P<tail>\s?[^\d\s][^\d]*)?",
    re.IGNORECASE,
)


def read_number(text: str) -> Printed:
    """One number without unit: "1.695", "96,07", "05".

    Raises NotAFigure, among others for "81.8": a point groups thousands and nothing else.
    """
    if not re.fullmatch(_NUMBER, text, re.ASCII):
        raise NotAFigure(
            f"Không đọc được số “{text}”. Hãy viết dấu chấm để tách hàng nghìn và dấu phẩy trước phần thập phân, "
            "ví dụ 1.695 hoặc 96,07."
        )
    head, _, decimals = text.removeprefix("-").partition(",")
    digits = head.replace(".", "")
    value = Decimal(f"{digits}.{decimals}" if decimals else digits)
    grouped = "." in head or len(digits) <= 3
    return Printed(value.copy_negate() if text.startswith("-") else value, width=len(digits), grouped=grouped)


def read_figure(text: str) -> Figure:
    """A figure with what stands around it: "gần 05 tỷ", "03/63", "96,07 %". `str()` of it is `text` again.

    Raises NotAFigure.
    """
    found = _FIGURE.fullmatch(text)
    if not found:
        raise NotAFigure(
            f"Không đọc được số liệu “{text}”. Hãy viết như: 1.695; 96,07 %; 5.000.000 đ; 1,5 tỷ đồng; gần 05 tỷ."
        )
    out_of = found["out_of"]
    return Figure(
        number=read_number(found["number"]),
        qualifier=found["qualifier"] or "",
        out_of=read_number(out_of) if out_of else None,
        tail=found["tail"] or "",
    )


def number_words(value: float | Decimal, *, places: int = 0, by: Rounding = Rounding.HALF_UP) -> str:
    """1.695 and 96,07 to `places` decimals; a float is taken as it prints."""
    return written(rounded(Decimal(str(value)), places, by=by))


def percent_words(value: float | Decimal, *, places: int = 2, by: Rounding = Rounding.HALF_UP) -> str:
    """96,07 %, of a value that is already in hundredths."""
    return f"{number_words(value, places=places, by=by)}{NARROW}%"


def money_words(dong: float | Decimal) -> str:
    """5.000.000 đ."""
    return f"{number_words(dong)}{NARROW}đ"
