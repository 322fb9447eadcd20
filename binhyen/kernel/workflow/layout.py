"""Placing a small graph in layers, after Sugiyama: order in each layer with few crossings, then straight lines.

Pure geometry in two directions of its own: `along` the layers and `across` them; who draws decides which is x.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Key = Hashable
_SWEEPS = 24
_PATIENCE = 4
_ROUNDS = 40


@dataclass(frozen=True)
class Item:
    """What stands in a layer: `length` along, `breadth` across. A line that only passes has no length."""

    key: Key
    length: float
    breadth: float

    @property
    def is_passing(self) -> bool:
        return self.length == 0


@dataclass(frozen=True)
class Layout:
    """Where everything stands: centres across by key, begin and end of each layer along, and the size of it all."""

    layer_of: dict[Key, int]
    across: dict[Key, float]
    spans: list[tuple[float, float]]
    breadth: float

    @property
    def length(self) -> float:
        return self.spans[-1][1]

    def middle(self, key: Key) -> float:
        """The centre along."""
        begin, end = self.spans[self.layer_of[key]]
        return (begin + end) / 2


Layers = list[list[Item]]
Links = Sequence[tuple[Key, Key]]


def laid_out(layers: Layers, links: Links, *, between_layers: float, between_items: float) -> Layout:
    """Place `layers`; every link joins items of neighbouring layers, the earlier one first."""
    neighbours = _neighbours(links)
    ordered = _ordered(layers, neighbours, links)
    across = _placed(ordered, neighbours, between_items)
    edge = min(across[item.key] - item.breadth / 2 for layer in ordered for item in layer)
    across = {key: at - edge for key, at in across.items()}
    breadth = max(across[item.key] + item.breadth / 2 for layer in ordered for item in layer)
    spans, begin = [], 0.0
    for layer in ordered:
        end = begin + max((item.length for item in layer), default=0)
        spans.append((begin, end))
        begin = end + between_layers
    layer_of = {item.key: index for index, layer in enumerate(ordered) for item in layer}
    return Layout(layer_of, across, spans, breadth)


def _neighbours(links: Links) -> dict[Key, list[Key]]:
    found: dict[Key, list[Key]] = defaultdict(list)
    for one, other in links:
        found[one].append(other)
        found[other].append(one)
    return found


# --- order ---------------------------------------------------------------------------------------------------------
def _ordered(layers: Layers, neighbours: dict[Key, list[Key]], links: Links) -> Layers:
    """Sweep forth and back, each layer by the middle of its neighbours; keep the order with fewest crossings."""
    current = [list(layer) for layer in layers]
    best, fewest = [list(layer) for layer in current], crossings(current, links)
    tried_in_vain = 0
    for sweep in range(_SWEEPS):
        if fewest == 0 or tried_in_vain == _PATIENCE:
            break
        indices = range(1, len(current)) if sweep % 2 == 0 else range(len(current) - 2, -1, -1)
        for index in indices:
            beside = current[index - 1] if sweep % 2 == 0 else current[index + 1]
            current[index] = _by_middle(current[index], beside, neighbours)
        _swap_neighbours(current, links)
        count = crossings(current, links)
        tried_in_vain += 1
        if count < fewest:
            best, fewest, tried_in_vain = [list(layer) for layer in current], count, 0
    return best


def _by_middle(layer: list[Item], beside: list[Item], neighbours: dict[Key, list[Key]]) -> list[Item]:
    at = {item.key: index for index, item in enumerate(beside)}
    own = {item.key: index for index, item in enumerate(layer)}

    def middle(item: Item) -> float:
        places = [at[key] for key in neighbours[item.key] if key in at]
        return sum(places) / len(places) if places else own[item.key]

    return sorted(layer, key=middle)


def _swap_neighbours(layers: Layers, links: Links) -> None:
    fewest = crossings(layers, links)
    for layer in layers:
        for index in range(len(layer) - 1):
            layer[index], layer[index + 1] = layer[index + 1], layer[index]
            count = crossings(layers, links)
            if count < fewest:
                fewest = count
            else:
                layer[index], layer[index + 1] = layer[index + 1], layer[index]


def crossings(layers: Layers, links: Links) -> int:
    """How many pairs of lines cross."""
    at = {item.key: (number, index) for number, layer in enumerate(layers) for index, item in enumerate(layer)}
    by_gap: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one, other in links:
        by_gap[at[one][0]].append((at[one][1], at[other][1]))
    count = 0
    for lines in by_gap.values():
        for number, (a, b) in enumerate(lines):
            count += sum((a - c) * (b - d) < 0 for c, d in lines[number + 1 :])
    return count


# --- place ---------------------------------------------------------------------------------------------------------
def _placed(layers: Layers, neighbours: dict[Key, list[Key]], gap: float) -> dict[Key, float]:
    """Pull every item towards the middle of its neighbours, as far as those beside it leave room."""
    across: dict[Key, float] = {}
    for layer in layers:
        at = 0.0
        for item in layer:
            across[item.key] = at + item.breadth / 2
            at += item.breadth + gap
    passing = {item.key for layer in layers for item in layer if item.is_passing}
    for round_number in range(_ROUNDS):
        for layer in layers if round_number % 2 == 0 else reversed(layers):
            wanted = [_wanted(item.key, neighbours, across, passing) for item in layer]
            for item, at in zip(layer, _apart(layer, wanted, gap), strict=True):
                across[item.key] = at
    return across


def _wanted(key: Key, neighbours: dict[Key, list[Key]], across: dict[Key, float], passing: set[Key]) -> float:
    """The middle of the neighbours; a line that passes pulls harder, so that it becomes straight."""
    weights = {other: 4.0 if key in passing and other in passing else 1.0 for other in neighbours[key]}
    if not weights:
        return across[key]
    return sum(across[other] * weight for other, weight in weights.items()) / sum(weights.values())


def _apart(layer: list[Item], wanted: list[float], gap: float) -> list[float]:
    """The places nearest to `wanted` (least squares) that keep order and distance: pool adjacent violators."""
    offsets = [0.0 for _ in layer[:1]]
    for one, other in pairwise(layer):
        offsets.append(offsets[-1] + (one.breadth + other.breadth) / 2 + gap)
    pools: list[tuple[float, int]] = []  # (mean, how many)
    for place, offset in zip(wanted, offsets, strict=True):
        mean, count = place - offset, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    spread = [mean for mean, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(spread, offsets, strict=True)]
