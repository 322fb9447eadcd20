"""The contracts of `kernel/testing`, over every measure that the product declares."""

from binhyen.kernel.testing.measure_contracts import MeasureContracts, counted

__all__ = ["counted"]


class TestEveryMeasure(MeasureContracts):
    pass
