"""What came of a restore, and how it tells of its progress."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """What came of it. `erased` counts by kind what the journal had erased again; `faults` are sentences."""

    rows: int
    files: int
    lines: int
    erased: Counter[str]
    footage_removed: int
    faults: list[str]
