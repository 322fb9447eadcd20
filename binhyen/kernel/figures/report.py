"""What every check is given: the prepared text, its amounts, and how to say what was found."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cached_property

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.mentions import Mentions
from binhyen.kernel.figures.text import Text
from binhyen.kernel.vietnamese.numbers import written


class Report:
    """A text under examination. Offsets here are those of `text.composed`."""

    def __init__(self, original: str) -> None:
        self.text = Text(original)

    @cached_property
    def mentions(self) -> Mentions:
        """All amounts."""
        return Mentions(self.text)

    def shown(self, start: int, end: int) -> str:
        """What is printed there, on one line."""
        return " ".join(self.text.composed[start:end].split())

    def finding(self, kind: str, start: int, end: int, *, expected: str, sentence: str, found: str = "") -> Finding:
        """A finding about [start, end); `found` is what is printed there unless given."""
        first, last = self.text.place(start, end)
        return Finding(
            start=first,
            end=last,
            kind=kind,
            text=self.text.original[first:last],
            expected=expected,
            found=found or self.shown(start, end),
            sentence=sentence,
        )


Check = Callable[[Report], Iterator[Finding]]


def number(value: Decimal) -> str:
    """1.695 or 1,5: no more decimals than it has."""
    trimmed = value.normalize()
    return written(trimmed.quantize(Decimal(1)) if trimmed == trimmed.to_integral_value() else trimmed)
