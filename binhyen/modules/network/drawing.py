"""The network as a picture: an SVG in the page, read without colour, printed as it stands.

Each line opens “cắt đường này”, each device its page. The lists beneath say the same in words.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from binhyen.modules.network.graph.layers import Place, placed
from binhyen.modules.network.graph.reaching import NOTHING, Cut, hanging_behind
from binhyen.modules.network.models import NetworkDevice, NetworkLine
from binhyen.modules.network.wiring import Wiring

BOX_WIDTH, BOX_HEIGHT = 214, 40
COLUMN_STEP, ROW_STEP, MARGIN, SWING = 270, 52, 12, 50
NAME_LETTERS, UNIT_LETTERS = 25, 33
MARKS = {"centre": "◉", "recorder": "▣", "switch": "▤", "router": "◇", "uplink": "△", "converter": "▷"}
"""A shape for each kind of device: colour alone tells nobody anything."""
LIT, DARK, BEFORE, CUT = "sang", "toi", "chua-noi", "cat"
WORDS = {LIT: "", DARK: " · sẽ tối", BEFORE: " · chưa nối về trung tâm", CUT: " · bị cắt"}


@dataclass(frozen=True)
class _Box:
    """A device in the picture."""

    device: NetworkDevice
    x: float
    y: float
    state: str
    cameras: int


def picture(wiring: Wiring, cut: Cut = NOTHING) -> SafeString:
    """The whole network, with what `cut` does to it."""
    places = placed(wiring.graph, names={pk: f"{d.unit.path}{d.code}" for pk, d in wiring.devices.items()})
    boxes = _boxes(wiring, cut, places)
    width = MARGIN * 2 + BOX_WIDTH + SWING + COLUMN_STEP * max((place.column for place in places.values()), default=0)
    height = MARGIN * 2 + BOX_HEIGHT + ROW_STEP * max((place.row for place in places.values()), default=0)
    only_ways = hanging_behind(wiring.graph)
    lines = format_html_join(
        "", "{}", ((_line(line, boxes, cut, line.pk in only_ways),) for line in wiring.lines.values())
    )
    drawn = format_html_join("", "{}", ((_device(box),) for box in boxes.values()))
    return format_html(
        '<svg class="network-picture" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="group" '
        'aria-label="Sơ đồ mạng: {2} thiết bị, {3} đường truyền">{4}{5}</svg>',
        _short(width), _short(height), len(boxes), len(wiring.lines), lines, drawn,
    )  # fmt: skip


def _boxes(wiring: Wiring, cut: Cut, places: dict[int, Place]) -> dict[int, _Box]:
    lit, left, hung = wiring.graph.reached(), wiring.graph.reached(cut), wiring.at_device()

    def state(pk: int) -> str:
        if pk in cut.nodes:
            return CUT
        if pk in left:
            return LIT
        return DARK if pk in lit else BEFORE

    return {
        pk: _Box(device, MARGIN + places[pk].column * COLUMN_STEP, MARGIN + places[pk].row * ROW_STEP, state(pk),
                 len(hung.get(pk, ())))
        for pk, device in wiring.devices.items()
    }  # fmt: skip


def _device(box: _Box) -> SafeString:
    device, x, y = box.device, box.x, box.y
    count = f" · {box.cameras} camera" if box.cameras else ""
    url = reverse("networkdevice-detail", args=[device.pk])
    whole = f"{device.name} ({device.get_kind_display()}){count}{WORDS[box.state]}"
    return format_html(
        '<a href="{}"><g class="node node-{} node-{}"><title>{}</title>'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="4"></rect>'
        '<text class="node-mark" x="{}" y="{}">{}</text><text class="node-name" x="{}" y="{}">{}</text>'
        '<text class="node-unit" x="{}" y="{}">{}</text></g></a>',
        url, device.kind, box.state, whole,
        _short(x), _short(y), BOX_WIDTH, BOX_HEIGHT,
        _short(x + 8), _short(y + 25), MARKS[device.kind], _short(x + 28), _short(y + 17),
        _cropped(device.name, NAME_LETTERS),
        _short(x + 28), _short(y + 32), _cropped(f"{device.unit.code}{count}{WORDS[box.state]}", UNIT_LETTERS),
    )  # fmt: skip


def _line(line: NetworkLine, boxes: dict[int, _Box], cut: Cut, is_only_way: bool) -> SafeString:
    a, b = sorted((boxes[line.a_end_id], boxes[line.b_end_id or 0]), key=lambda box: (box.x, box.y))
    is_cut = line.pk in cut.lines
    kind = CUT if is_cut else "mot-loi" if is_only_way else "co-du-phong"
    start, end = (a.x + BOX_WIDTH, a.y + BOX_HEIGHT / 2), (b.x, b.y + BOX_HEIGHT / 2)
    if a.x == b.x:  # two devices of one column: the line swings out to the right
        end = (b.x + BOX_WIDTH, b.y + BOX_HEIGHT / 2)
        path = _swing(start, end)
        middle = (start[0] + 38, (start[1] + end[1]) / 2)
    else:
        bend = (end[0] - start[0]) / 2
        path = f"M{_xy(start)} C{_xy((start[0] + bend, start[1]))} {_xy((end[0] - bend, end[1]))} {_xy(end)}"
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    said = f"{line.name}: " + ("bị cắt" if is_cut else "đường duy nhất" if is_only_way else "có đường thay thế")
    mark = format_html('<text class="wire-mark" x="{}" y="{}">✕</text>', _short(middle[0] - 6), _short(middle[1] + 5))
    return format_html(
        '<a href="{}?duong={}"><g class="wire wire-{}"><title>{}</title><path class="wire-hold" d="{}"></path>'
        '<path class="wire-path" d="{}"></path>{}</g></a>',
        reverse("network-cut"), line.pk, kind, said, path, path, mark if is_cut else "",
    )  # fmt: skip


def _swing(start: tuple[float, float], end: tuple[float, float]) -> str:
    return f"M{_xy(start)} C{_xy((start[0] + SWING, start[1]))} {_xy((end[0] + SWING, end[1]))} {_xy(end)}"


def _xy(point: tuple[float, float]) -> str:
    return f"{_short(point[0])},{_short(point[1])}"


def _cropped(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
