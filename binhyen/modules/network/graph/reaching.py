"""Nodes, lines between them, and which of them still reach a centre when some are cut."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edge:
    """A line between two nodes; pictures pass both ways."""

    id: int
    a: int
    b: int


@dataclass(frozen=True)
class Cut:
    """What is taken away: lines and nodes by id."""

    lines: frozenset[int] = frozenset()
    nodes: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.lines or self.nodes)


NOTHING = Cut()


@dataclass(frozen=True)
class Graph:
    """`roots` are the nodes where pictures are wanted: the centres. Several lines may join the same two nodes."""

    nodes: frozenset[int]
    edges: tuple[Edge, ...]
    roots: frozenset[int]
    _around: dict[int, list[tuple[int, int]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        around: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for edge in self.edges:
            around[edge.a].append((edge.id, edge.b))
            around[edge.b].append((edge.id, edge.a))
        object.__setattr__(self, "_around", around)

    def around(self, node: int) -> list[tuple[int, int]]:
        """`(line, neighbour)` of every line at `node`."""
        return self._around.get(node, [])

    def reached(self, cut: Cut = NOTHING, *, starts: Iterable[int] | None = None) -> set[int]:
        """The nodes that something still leads to from `starts` (the roots)."""
        return set(self.distances(cut, starts=starts))

    def distances(self, cut: Cut = NOTHING, *, starts: Iterable[int] | None = None) -> dict[int, int]:
        """How many lines lie between `starts` (the roots) and each node that is reached."""
        begun = [each for each in sorted(self.roots if starts is None else starts) if each not in cut.nodes]
        found = dict.fromkeys((each for each in begun if each in self.nodes), 0)
        waiting = deque(found)
        while waiting:
            node = waiting.popleft()
            for line, neighbour in self.around(node):
                if neighbour not in found and line not in cut.lines and neighbour not in cut.nodes:
                    found[neighbour] = found[node] + 1
                    waiting.append(neighbour)
        return found

    def darkened(self, cut: Cut) -> set[int]:
        """The nodes that reach a centre now and would not with `cut`; those that are cut themselves included."""
        return self.reached() - self.reached(cut)


def hanging_behind(graph: Graph) -> Mapping[int, frozenset[int]]:
    """For each line that something hangs on alone: the nodes that would go dark with it. A line that another path can
    stand in for is not named.

    Tarjan's bridges, so that a thousand lines cost no more than one look at each: a line is a bridge where nothing
    below it leads back above it. The walk begins at a point behind all centres, for one stands in for another.
    """
    walk = _Walk(graph)
    behind: dict[int, frozenset[int]] = {}
    below: dict[int, set[int]] = {node: {node} for node in walk.order}
    for node in reversed(walk.order[1:]):
        line, above = walk.way_to[node]
        if walk.low[node] > walk.number[above] and line is not None:
            behind[line] = frozenset(below[node])
        below[above] |= below[node]
    return behind


_BEHIND_ALL = -1
_Way = tuple[int | None, int]
"""The line by which a node was first seen, and from where; None: it is a centre."""


class _Walk:
    """A depth-first walk: `order` of first sight, `way_to` each node, and `low`, the earliest that its part sees."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.order: list[int] = []
        self.number: dict[int, int] = {}
        self.low: dict[int, int] = {}
        self.way_to: dict[int, _Way] = {}
        self._see(_BEHIND_ALL)
        open_nodes = [(_BEHIND_ALL, iter(self._around(_BEHIND_ALL)))]
        while open_nodes:
            node, lines = open_nodes[-1]
            step = next(lines, None)
            if step is None:
                open_nodes.pop()
                self._tell_above(node)
            elif step[1] not in self.number:
                self.way_to[step[1]] = (step[0], node)
                self._see(step[1])
                open_nodes.append((step[1], iter(self._around(step[1]))))
            elif self.way_to.get(node, (None, None)) != (step[0], step[1]):
                self.low[node] = min(self.low[node], self.number[step[1]])

    def _around(self, node: int) -> list[_Way]:
        """Lines and neighbours, the point behind all centres included."""
        if node == _BEHIND_ALL:
            return [(None, root) for root in sorted(self.graph.roots & self.graph.nodes)]
        return [*self.graph.around(node), *([(None, _BEHIND_ALL)] if node in self.graph.roots else [])]

    def _see(self, node: int) -> None:
        self.number[node] = self.low[node] = len(self.order)
        self.order.append(node)

    def _tell_above(self, node: int) -> None:
        if node in self.way_to:
            above = self.way_to[node][1]
            self.low[above] = min(self.low[above], self.low[node])
