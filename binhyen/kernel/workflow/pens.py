"""What a diagram is drawn with: boxes that fit their words, and a pen that knows which way the layers run."""

import textwrap
import unicodedata
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from binhyen.kernel.workflow.table import Step, Workflow, guard_words

Point = tuple[float, float]

_LABEL_PX, _STEP_PX, _SMALL_PX = 14.0, 12.5, 11.5
_LINE_PX = {_LABEL_PX: 19.0, _STEP_PX: 17.0, _SMALL_PX: 16.0}
_STATE_CHARACTERS, _STEP_CHARACTERS = 14, 13
_NUMBER_R = 10.0
_HEAD = 7.0
_NARROW, _WIDE = "iljtfrI.,:;'|!()·", "mwMWĐQGOÔƠ"


@dataclass(frozen=True)
class Box:
    """A state, a step or the dot before a start. `lines` are (class, words); `number` is a step's."""

    kind: str
    width: float
    height: float
    lines: tuple[tuple[str, str], ...] = ()
    name: str = ""
    looks: tuple[str, ...] = ()
    number: int = 0
    title: str = ""


def words_width(words: str, size_px: float) -> float:
    """About how wide `words` are in the page's typeface; rather too wide than too narrow."""
    plain = [each for each in unicodedata.normalize("NFD", words) if not unicodedata.combining(each)]
    ems = sum(0.36 if each in _NARROW else 0.92 if each in _WIDE else 0.28 if each == " " else 0.59 for each in plain)
    return ems * size_px


def box_of_state(workflow: Workflow, state: str, total: int | None, late: int) -> Box:
    """Label, the time allowed to what begins there, and how many things are there now."""
    lines = [("wf-label", line) for line in _balanced(workflow.states[state], _STATE_CHARACTERS)]
    if state in workflow.begin_within:
        lines.append(("wf-within", f"hạn {workflow.begin_within[state].words}"))
    if state in workflow.paused:
        lines.append(("wf-paused", "(dừng tính hạn)"))
    if total is not None:
        lines.append(("wf-count", f"đang có {total:,}".replace(",", ".")))
    if late:
        lines.append(("wf-late", f"▲ {late:,} trễ hạn".replace(",", ".")))
    looks = [
        look
        for look, is_so in (("done", state in workflow.done), ("paused", state in workflow.paused), ("late", late > 0))
        if is_so
    ]
    height = 18 + sum(_line_px(kind) for kind, _ in lines)
    return Box("state", _widest(lines) + 28, height, tuple(lines), state, tuple(looks), title=workflow.states[state])


def box_of_step(number: int, step: Step, *, is_back: bool) -> Box:
    """Number and label, and beneath them the time that the step allows."""
    lines = [("wf-step-label", line) for line in _balanced(step.label, _STEP_CHARACTERS)]
    if step.within is not None:
        lines.append(("wf-within", f"{'thêm' if step.extends else 'hạn'} {step.within.words}"))
    title = f"Bước {number}: {step.label}. Ai được làm: {guard_words(step.allowed)}."
    width = _widest(lines) + 3 * _NUMBER_R + 14
    height = max(12 + sum(_line_px(kind) for kind, _ in lines), 2 * _NUMBER_R + 8)
    return Box("step", width, height, tuple(lines), step.name, ("back",) if is_back else (), number, title)


def _balanced(words: str, most: int) -> list[str]:
    """As few lines of at most `most` characters as there must be, of about one length."""
    lines = textwrap.wrap(words, most, break_long_words=False)
    for width in range(most - 1, 3, -1):
        narrower = textwrap.wrap(words, width, break_long_words=False)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def dot() -> Box:
    """Where things begin."""
    return Box("dot", 14, 14, title="Bắt đầu")


def _size_px(kind: str) -> float:
    return {"wf-label": _LABEL_PX, "wf-step-label": _STEP_PX}.get(kind, _SMALL_PX)


def _line_px(kind: str) -> float:
    return _LINE_PX[_size_px(kind)]


def _widest(lines: list[tuple[str, str]]) -> float:
    return max(words_width(words, _size_px(kind)) for kind, words in lines)


@dataclass(frozen=True)
class Pen:
    """Draws at (along, across), whichever of them is x."""

    is_down: bool
    margin: float

    def size(self, along: float, across: float) -> Point:
        """Width and height of a drawing, margins included."""
        x, y = self.at(along, across)
        return x + self.margin, y + self.margin

    def at(self, along: float, across: float) -> Point:
        """(x, y)."""
        x, y = (across, along) if self.is_down else (along, across)
        return x + self.margin, y + self.margin

    def path(self, points: list[Point], looks: str) -> str:
        """Straight where nothing moves across, else a curve that begins and ends along. `points`: (along, across)."""
        parts = [f"M{_pair(self.at(*points[0]))}"]
        for (along, across), (along_next, across_next) in pairwise(points):
            if abs(across - across_next) < 0.5:
                parts.append(f"L{_pair(self.at(along_next, across_next))}")
                continue
            half = (along + along_next) / 2
            bends = (self.at(half, across), self.at(half, across_next), self.at(along_next, across_next))
            parts.append("C" + " ".join(_pair(bend) for bend in bends))
        return f'<path class="{looks}" d="{"".join(parts)}"/>'

    def head(self, along: float, across: float, *, is_back: bool, looks: str) -> str:
        """The tip of an arrow that touches (along, across)."""
        foot = along + _HEAD if is_back else along - _HEAD
        corners = (self.at(along, across), self.at(foot, across - 4.5), self.at(foot, across + 4.5))
        return f'<path class="{looks}" d="M{"L".join(_pair(corner) for corner in corners)}Z"/>'

    def box(self, box: Box, along: float, across: float) -> str:
        """`box` around its centre."""
        x, y = self.at(along, across)
        looks = " ".join((f"wf-{box.kind}", *(f"wf-is-{look}" for look in box.looks)))
        named = f' data-{box.kind}="{escape(box.name)}"' if box.name else ""
        inside = {"state": _state, "step": _step, "dot": _dot}[box.kind](box, x, y)
        return f'<g class="{looks}"{named}><title>{escape(box.title)}</title>{inside}</g>'


def _state(box: Box, x: float, y: float) -> str:
    drawn = _rectangle("wf-box", x, y, box.width, box.height, 9)
    if "done" in box.looks:
        drawn += _rectangle("wf-inner", x, y, box.width - 7, box.height - 7, 6)
    return drawn + _words(box.lines, x, y, "middle")


def _step(box: Box, x: float, y: float) -> str:
    left = x - box.width / 2 + _NUMBER_R + 5
    return (
        _rectangle("wf-pill", x, y, box.width, box.height, min(box.height / 2, 16))
        + f'<circle class="wf-number-ground" cx="{left:g}" cy="{y:g}" r="{_NUMBER_R:g}"/>'
        + f'<text class="wf-number" x="{left:g}" y="{y + 4.2:g}" text-anchor="middle">{box.number}</text>'
        + _words(box.lines, left + _NUMBER_R + 6, y, "start")
    )


def _dot(box: Box, x: float, y: float) -> str:
    return f'<circle class="wf-begin" cx="{x:g}" cy="{y:g}" r="{box.width / 2:g}"/>'


def _rectangle(looks: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    return (
        f'<rect class="{looks}" x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}" rx="{radius:g}"/>'
    )


def _words(lines: tuple[tuple[str, str], ...], x: float, y: float, anchor: str) -> str:
    drawn, top = [], y - sum(_line_px(kind) for kind, _ in lines) / 2
    for kind, words in lines:
        base = top + _line_px(kind) / 2 + _size_px(kind) * 0.36
        drawn.append(f'<text class="{kind}" x="{x:.1f}" y="{base:.1f}" text-anchor="{anchor}">{escape(words)}</text>')
        top += _line_px(kind)
    return "".join(drawn)


def _pair(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
