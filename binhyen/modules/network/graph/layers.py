"""Where the nodes of a picture stand: centres in the first column, each further column one line further away."""

from collections.abc import Mapping
from dataclasses import dataclass

from binhyen.modules.network.graph.reaching import Graph

SWEEPS = 4
"""So often each column is put into the order of its neighbours; more changes little."""


@dataclass(frozen=True)
class Place:
    """A node's column and its height, in rows from the top; heights need not be whole."""

    column: int
    row: float


def placed(graph: Graph, *, names: Mapping[int, str]) -> dict[int, Place]:
    """A place for every node. What leads to no centre stands in a last column. `names` settle ties, so that the same
    network always gives the same picture."""
    columns = _columns(graph, names)
    for sweep in range(SWEEPS):
        _order(graph, columns, backwards=bool(sweep % 2))
    return _heights(graph, columns)


def _columns(graph: Graph, names: Mapping[int, str]) -> list[list[int]]:
    distances = graph.distances()
    lost = sorted(graph.nodes - set(distances), key=lambda node: (names.get(node, ""), node))
    width = max(distances.values(), default=-1) + 1
    columns: list[list[int]] = [[] for _ in range(width)]
    for node in sorted(distances, key=lambda node: (names.get(node, ""), node)):
        columns[distances[node]].append(node)
    return [*columns, lost] if lost else columns


def _order(graph: Graph, columns: list[list[int]], *, backwards: bool) -> None:
    """Sort each column by where its neighbours in the column before (or after) stand."""
    steps = range(len(columns) - 2, -1, -1) if backwards else range(1, len(columns))
    for at in steps:
        beside = {node: place for place, node in enumerate(columns[at + 1 if backwards else at - 1])}
        own = {node: place for place, node in enumerate(columns[at])}

        def weight(node: int, beside: Mapping[int, int] = beside, own: Mapping[int, int] = own) -> tuple[float, int]:
            near = [beside[other] for _, other in graph.around(node) if other in beside]
            return (sum(near) / len(near) if near else own[node], own[node])

        columns[at].sort(key=weight)


def _heights(graph: Graph, columns: list[list[int]]) -> dict[int, Place]:
    """The longest column fills its rows; each other node stands beside the middle of its neighbours, never closer than
    a row to the next."""
    longest = max(range(len(columns)), key=lambda at: len(columns[at]), default=0)
    found: dict[int, Place] = {}
    for at in sorted(range(len(columns)), key=lambda each: abs(each - longest)):
        wanted = [_beside(graph, node, found) for node in columns[at]]
        for node, row in zip(columns[at], _apart(wanted), strict=True):
            found[node] = Place(at, row)
    lift = min((place.row for place in found.values()), default=0.0)
    return {node: Place(place.column, place.row - lift) for node, place in found.items()}


def _beside(graph: Graph, node: int, found: Mapping[int, Place]) -> float | None:
    near = [found[other].row for _, other in graph.around(node) if other in found]
    return sum(near) / len(near) if near else None


def _apart(wanted: list[float | None]) -> list[float]:
    """Rows in the given order, at least one apart, as near to what was wanted as one pass from each side gives."""
    down: list[float] = []
    for each in wanted:
        least = down[-1] + 1 if down else 0.0
        down.append(least if each is None else max(least, each) if down else each)
    # One pass pushes all downwards; taking back half of what it pushed puts the column in the middle again.
    pushed = [row - each for row, each in zip(down, wanted, strict=True) if each is not None]
    back = sum(pushed) / len(pushed) / 2 if pushed else 0.0
    return [row - back for row in down]
