"""All that a module's `measures.py`, and pages that show figures, need."""

from binhyen.kernel.measures.answers import Figure, figure, figures
from binhyen.kernel.measures.declaration import By, Count, Measure, Ratio, Sum, measure_of, registered
from binhyen.kernel.measures.periods import Period, PeriodKind

__all__ = [
    "By", "Count", "Figure", "Measure", "Period", "PeriodKind", "Ratio", "Sum", "figure", "figures", "measure_of",
    "registered",
]  # fmt: skip
