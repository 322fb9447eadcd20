"""How a correction differs from the signed report that it corrects."""

import difflib
from dataclasses import dataclass

from binhyen.modules.statistics.models import Report
from binhyen.modules.statistics.tables import Table, differences


@dataclass(frozen=True)
class Comparison:
    """`figures`: measure, column, before, now. `words`: lines of the text with "-" where they went, "+" where new."""

    before: Report
    figures: list[tuple[str, str, str, str]]
    words: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        return not self.figures and not self.words


def correction_of(report: Report, table: Table) -> Comparison:
    """What `report` says otherwise than the one it corrects."""
    before = report.corrects
    lines = difflib.ndiff(before.text.splitlines(), report.text.splitlines())
    words = [(line[0], line[2:]) for line in lines if line[0] in "+-" and line[2:].strip()]
    return Comparison(before, differences(Table.of_json(before.figures), table), words)
