"""The difference between two figures, in words: “+12”, “−3,4 %”, “+1,50 điểm %”."""

from dataclasses import dataclass
from decimal import Decimal

from binhyen.kernel.measures import Figure, Measure
from binhyen.kernel.vietnamese.numbers import number_words, percent_words

NOTHING = "—"
MINUS = "\N{MINUS SIGN}"
POINTS = "\N{NO-BREAK SPACE}điểm\N{NO-BREAK SPACE}%"


@dataclass(frozen=True)
class Change:
    """`difference` in the measure's unit and `percent` of what was before; a dash where nothing can be said: a figure
    is hidden or missing, or the one before is zero. `direction`: 1 up, -1 down, 0 neither."""

    difference: str = NOTHING
    percent: str = NOTHING
    direction: int = 0


def change(measure: Measure, now: Figure, before: Figure) -> Change:
    """How `now` differs from `before`. A hidden figure gives nothing away, neither way."""
    if now.is_hidden or before.is_hidden or now.value is None or before.value is None:
        return Change()
    return change_of(now.value, before.value, places=measure.decimals, is_percent=measure.shown_as == "percent")


def change_of(now: Decimal, before: Decimal, *, places: int, is_percent: bool) -> Change:
    """The same of two values."""
    by = now - before
    words = signed(by, places=places) + (POINTS if is_percent else "")
    share = NOTHING if is_percent or not before else signed(by / before * 100, places=1, percent=True)
    return Change(words, share, (by > 0) - (by < 0))


def signed(value: Decimal, *, places: int, percent: bool = False) -> str:
    """+12, −3, 0; with its sign whichever way."""
    words = percent_words(abs(value), places=places) if percent else number_words(abs(value), places=places)
    return words if not value else f"{'+' if value > 0 else MINUS}{words}"
