"""Somebody who collects every published figure about people and calculates."""

from collections.abc import Iterable, Mapping

PRIME = (1 << 61) - 1
"""What follows from equations is worked out modulo this: exact, and small."""

Atom = tuple[str, int, str]
"""Rows of one unit's own, of one month, of one kind."""
Cell = frozenset[Atom]


def small(count: int) -> bool:
    """Whether it is a number that must not be told."""
    return 0 < count < 5


def by_subtraction(published: Mapping[Cell, int]) -> list[tuple[Cell, Cell, int]]:
    """Small differences of two published figures, one of which contains the other."""
    return [
        (more, less, published[more] - published[less])
        for more in published
        for less in published
        if less < more and small(published[more] - published[less])
    ]


class Equations:
    """Everything that linear equations say, and that no number is below zero."""

    def __init__(self, published: Mapping[Cell, int]) -> None:
        self.atoms = sorted({atom for cell in published for atom in cell})
        self.rows: dict[int, list[int]] = {}
        self.place = {atom: at for at, atom in enumerate(self.atoms)}
        nothing = {atom for cell, count in published.items() if count == 0 for atom in cell}
        for cell, count in [*published.items(), *((frozenset([atom]), 0) for atom in nothing)]:
            self._add(cell, count)

    def _vector(self, cell: Iterable[Atom], count: int = 0) -> list[int]:
        row = [0] * (len(self.atoms) + 1)
        for atom in cell:
            row[self.place[atom]] = 1
        row[-1] = count
        return row

    def _reduced(self, row: list[int]) -> list[int]:
        for at in sorted(self.rows):
            if row[at]:
                factor, known = row[at], self.rows[at]
                row = [(a - factor * b) % PRIME for a, b in zip(row, known, strict=True)]
        return row

    def _add(self, cell: Cell, count: int) -> None:
        row = self._reduced(self._vector(cell, count))
        lead = next((at for at, each in enumerate(row[:-1]) if each), None)
        if lead is None:
            assert row[-1] == 0, "published figures contradict each other"
            return
        inverse = pow(row[lead], -1, PRIME)
        self.rows[lead] = [each * inverse % PRIME for each in row]

    def value(self, cell: Cell) -> int | None:
        """What the cell must be; None where that does not follow."""
        row = self._reduced(self._vector(cell))
        return None if any(row[:-1]) else -row[-1] % PRIME

    def betrayed(self, cells: Iterable[Cell]) -> list[tuple[Cell, int]]:
        """Small numbers that follow. A zero that follows makes its atoms zero, from which more may follow."""
        wanted = list(cells)
        while True:
            known = {cell: value for cell in wanted if (value := self.value(cell)) is not None}
            new = {
                atom
                for cell, value in known.items()
                if value == 0
                for atom in cell
                if self.value(frozenset([atom])) != 0
            }
            if not new:
                return [(cell, value) for cell, value in known.items() if small(value)]
            for atom in new:
                self._add(frozenset([atom]), 0)
