"""One file for each kind of finding; delete the file and its line here and the kind is gone."""

from binhyen.kernel.figures.checks import (
    changes,
    damage,
    dates,
    marks,
    percents,
    ranks,
    reached,
    repeated,
    shares,
    spacing,
    sums,
    tables,
    units,
    wholes,
)
from binhyen.kernel.figures.report import Check

CHECKS: tuple[Check, ...] = (
    sums.check,
    tables.check,
    wholes.check,
    shares.check,
    percents.check,
    reached.check,
    changes.check,
    ranks.check,
    dates.check,
    repeated.check,
    units.check,
    marks.check,
    spacing.check,
    damage.check,
)
