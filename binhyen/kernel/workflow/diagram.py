"""A workflow draws itself: states as boxes, steps as numbered pills between them, as SVG with classes only.

Each state and each step is drawn once; the lines of a step from several states join on their way to it. Colours come
from the page's style sheet (`workflow.css`), so that dark, high contrast and print need nothing here.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Literal

from binhyen.kernel.workflow.layout import Item, Key, Layout, laid_out
from binhyen.kernel.workflow.pens import Box, Pen, box_of_state, box_of_step, dot
from binhyen.kernel.workflow.table import Step, Workflow

Direction = Literal["right", "down"]
_MARGIN = 10.0
_BETWEEN_LAYERS = {"right": 30.0, "down": 30.0}
_BETWEEN_ITEMS = {"right": 16.0, "down": 12.0}
_LANE = 4.0
_PORT_GAP = 13.0
_SHRINKS_UP_TO = 400.0
"""How wide a drawing may be that a phone shows whole; a wider one is moved with the finger, or nobody could read it."""


@dataclass(frozen=True)
class Line:
    """From an item to one of the next layer; `is_back` where it leads the other way. It ends in an arrow unless the
    item there only passes it on."""

    one: Key
    other: Key
    is_back: bool
    step: str


@dataclass(frozen=True)
class Counted:
    """How many things are in a state, and how many of them are late."""

    total: int
    late: int = 0


def diagram(
    workflow: Workflow,
    *,
    title: str,
    direction: Direction = "right",
    counts: Mapping[str, Counted] | None = None,
) -> str:
    """The SVG. Width and height are in rem, so that it grows with the page's text."""
    layers, lines, boxes = _graph(workflow, direction, counts)
    layout = laid_out(
        layers,
        [(line.one, line.other) for line in lines],
        between_layers=_BETWEEN_LAYERS[direction],
        between_items=_BETWEEN_ITEMS[direction],
    )
    pen = Pen(is_down=direction == "down", margin=_MARGIN)
    board = _Board(pen, layout, {key: _item(key, box, direction) for key, box in boxes.items()})
    board.open_ports(lines)
    drawn = [board.line(line) for line in lines]
    drawn += [pen.box(box, layout.middle(key), layout.across[key]) for key, box in boxes.items()]
    width, height = pen.size(layout.length, layout.breadth)
    looks = f"wf wf-{direction} wf-is-broad" if width > _SHRINKS_UP_TO else f"wf wf-{direction}"
    return (
        f'<svg class="{looks}" viewBox="0 0 {width:g} {height:g}" width="{width / 16:g}rem" '
        f'height="{height / 16:g}rem" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f"{''.join(drawn)}</svg>"
    )


# --- the graph -----------------------------------------------------------------------------------------------------
def ranks(workflow: Workflow) -> dict[str, int]:
    """How far each state lies from the start: the longest way there that never turns back."""
    followers = {state: [step.target for step in workflow.steps if state in step.source] for state in workflow.states}
    order: list[str] = []
    back: set[tuple[str, str]] = set()
    visiting: set[str] = set()

    def visit(state: str) -> None:
        visiting.add(state)
        for target in followers[state]:
            if target in visiting:
                back.add((state, target))
            elif target not in order:
                visit(target)
        visiting.discard(state)
        order.append(state)

    for state in (*workflow.starts, *workflow.states):
        if state not in order:
            visit(state)
    found = dict.fromkeys(workflow.states, 0)
    for state in reversed(order):
        for target in followers[state]:
            if (state, target) not in back:
                found[target] = max(found[target], found[state] + 1)
    return found


def turns_back(workflow: Workflow, step: Step) -> bool:
    """Whether `step` leads to a state that lies no further from the start than any it leaves."""
    return _leads_back(step, ranks(workflow))


def _leads_back(step: Step, rank: Mapping[str, int]) -> bool:
    return all(rank[source] >= rank[step.target] for source in step.source)


def _graph(
    workflow: Workflow, direction: Direction, counts: Mapping[str, Counted] | None
) -> tuple[list[list[Item]], list[Line], dict[Key, Box]]:
    """Layers, lines and boxes. States stand in layers 1, 3, 5…, steps and the dots of starts between them."""
    rank = ranks(workflow)
    layer_of: dict[Key, int] = {("state", state): 2 * rank[state] + 1 for state in workflow.states}
    boxes: dict[Key, Box] = {}
    for state in workflow.states:
        here = counts.get(state, Counted(0)) if counts is not None else None
        boxes["state", state] = box_of_state(workflow, state, here.total if here else None, here.late if here else 0)
    for number, step in enumerate(workflow.steps, 1):
        is_back = _leads_back(step, rank)
        boxes["step", step.name] = box_of_step(number, step, is_back=is_back)
        layer_of["step", step.name] = layer_of["state", step.target] + (1 if is_back else -1)
    for state in workflow.starts:
        boxes["dot", state] = dot()
        layer_of["dot", state] = layer_of["state", state] - 1
    lines = [Line(("dot", state), ("state", state), False, "") for state in workflow.starts]
    for step in workflow.steps:
        lines += _lines_of(step, layer_of)
    items = {key: _item(key, box, direction) for key, box in boxes.items()}
    for line in lines:
        for key in (line.one, line.other):
            items.setdefault(key, Item(key, 0, _LANE))
    layers: list[list[Item]] = [[] for _ in range(max(layer_of.values()) + 1)]
    for key, item in items.items():
        layers[layer_of[key]].append(item)
    return layers, lines, boxes


def _item(key: Key, box: Box, direction: Direction) -> Item:
    return Item(key, box.height, box.width) if direction == "down" else Item(key, box.width, box.height)


def _lines_of(step: Step, layer_of: dict[Key, int]) -> list[Line]:
    """The lines of a step; where they pass layers, those from several states run together."""
    pill, target = ("step", step.name), ("state", step.target)
    found: dict[Line, None] = {}
    for source in step.source:
        begin, end = layer_of["state", source], layer_of[pill]
        way: list[Key] = [("state", source)]
        for layer in range(begin + 1, end) if begin < end else range(begin - 1, end, -1):
            way.append(("lane", step.name, layer))
            layer_of["lane", step.name, layer] = layer
        for here, there in pairwise([*way, pill]):
            found[_directed(here, there, layer_of, step.name)] = None
    found[_directed(pill, target, layer_of, step.name)] = None
    return list(found)


def _directed(here: Key, there: Key, layer_of: dict[Key, int], step: str) -> Line:
    if layer_of[here] < layer_of[there]:
        return Line(here, there, False, step)
    return Line(there, here, True, step)


# --- lines ---------------------------------------------------------------------------------------------------------
class _Board:
    """Where lines meet boxes, and how they run. `items` are the boxes."""

    def __init__(self, pen: Pen, layout: Layout, items: dict[Key, Item]) -> None:
        self.pen = pen
        self.layout = layout
        self.items = items
        self._ports: dict[tuple[Key, bool, Key], float] = {}

    def open_ports(self, lines: list[Line]) -> None:
        """Share each side of a box among the lines that meet it, in the order of where they lead."""
        met: dict[tuple[Key, bool], dict[Key, float]] = defaultdict(dict)
        for line in lines:
            for key, is_end, far in ((line.one, True, line.other), (line.other, False, line.one)):
                if key in self.items:
                    met[key, is_end].setdefault(_port(key, far, line), self.layout.across[far])
        for (key, is_end), ports in met.items():
            gap = min(_PORT_GAP, (self.items[key].breadth - 10) / len(ports))
            for index, port in enumerate(sorted(ports, key=lambda port: ports[port])):
                self._ports[key, is_end, port] = (index - (len(ports) - 1) / 2) * gap

    def line(self, line: Line) -> str:
        """The line and, where it ends at a box, its arrow."""
        begin = self._meets(line.one, line.other, line, is_end=True)
        end = self._meets(line.other, line.one, line, is_end=False)
        looks = "wf-line wf-line-back" if line.is_back else "wf-line"
        head, ends_at_box = (begin, line.one in self.items) if line.is_back else (end, line.other in self.items)
        points = [begin, (self._span(line.one)[1], begin[1]), (self._span(line.other)[0], end[1]), end]
        drawn = self.pen.path(points, looks)
        if ends_at_box:
            drawn += self.pen.head(
                *head, is_back=line.is_back, looks="wf-head wf-head-back" if line.is_back else "wf-head"
            )
        return drawn

    def _span(self, key: Key) -> tuple[float, float]:
        return self.layout.spans[self.layout.layer_of[key]]

    def _meets(self, key: Key, far: Key, line: Line, *, is_end: bool) -> tuple[float, float]:
        """Where the line leaves (`is_end`) or reaches `key`: (along, across)."""
        item, across = self.items.get(key), self.layout.across[key]
        if item is None:
            return self._span(key)[0], across  # a lane is crossed from its begin by the line that leaves it
        half = item.length / 2 if is_end else -item.length / 2
        return self.layout.middle(key) + half, across + self._ports[key, is_end, _port(key, far, line)]


def _port(key: Key, far: Key, line: Line) -> Key:
    """Lines that enter a step meet it at one place, those that leave it at another; a state has one for each line."""
    return line.is_back if isinstance(key, tuple) and key[0] == "step" else (far, line.is_back)
