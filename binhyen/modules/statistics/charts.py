"""Charts as SVG in the page: read without colour, printed as they stand, every bar opens its figure.

Sizes are numbers of the drawing's own; the style sheet colours it. The table beneath says the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BAR_HEIGHT, BAR_GAP, LABEL_WIDTH, BARS_WIDTH, VALUE_WIDTH = 22, 10, 190, 380, 130
LINE_WIDTH, LINE_HEIGHT, LINE_MARGIN = 700, 240, 44
SPARK_WIDTH, SPARK_HEIGHT = 120, 32
LABEL_LETTERS = 26


@dataclass(frozen=True)
class Point:
    """One figure of a chart; `value` None where there is none or it is hidden: then only its words stand there."""

    label: str
    text: str
    value: Decimal | None
    url: str = ""


def bars(points: Sequence[Point], *, title: str, name: str) -> SafeString:
    """Horizontal bars, one for each point: for units and kinds. `name` is the drawing's id on the page."""
    top = max((point.value for point in points if point.value is not None), default=Decimal(0))
    height = len(points) * (BAR_HEIGHT + BAR_GAP) + BAR_GAP
    drawn = format_html_join("", "{}", ((_bar(number, point, top),) for number, point in enumerate(points)))
    return _svg(LABEL_WIDTH + BARS_WIDTH + VALUE_WIDTH, height, title, name, _said(points), drawn)


def _bar(number: int, point: Point, top: Decimal) -> SafeString:
    y = BAR_GAP + number * (BAR_HEIGHT + BAR_GAP)
    value = max(point.value or Decimal(0), Decimal(0))
    width = float(value / top * BARS_WIDTH) if top > 0 else 0.0
    middle = y + BAR_HEIGHT * 0.7
    label = point.label if len(point.label) <= LABEL_LETTERS else f"{point.label[: LABEL_LETTERS - 1]}…"
    drawn = format_html(
        '<text class="chart-label" x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="chart-bar" x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}: {}</title></rect>'
        '<text class="chart-value" x="{}" y="{}">{}</text>',
        LABEL_WIDTH - 8, middle, label, LABEL_WIDTH, y, _short(max(width, 1.0)), BAR_HEIGHT, point.label, point.text,
        _short(LABEL_WIDTH + max(width, 1.0) + 8), middle, point.text,
    )  # fmt: skip
    return format_html('<a href="{}">{}</a>', point.url, drawn) if point.url else drawn


def line(points: Sequence[Point], *, title: str, name: str) -> SafeString:
    """A line through the periods, with every value written at its dot; a period without a value breaks the line."""
    places = _places(points, LINE_WIDTH, LINE_HEIGHT, LINE_MARGIN)
    axis = format_html(
        '<line class="chart-axis" x1="{}" y1="{}" x2="{}" y2="{}"></line>',
        LINE_MARGIN / 2, LINE_HEIGHT - LINE_MARGIN, LINE_WIDTH - LINE_MARGIN / 2, LINE_HEIGHT - LINE_MARGIN,
    )  # fmt: skip
    dots = format_html_join("", "{}", ((_dot(point, at),) for point, at in zip(points, places, strict=True)))
    drawn = format_html("{}{}{}", axis, _runs(points, places), dots)
    return _svg(LINE_WIDTH, LINE_HEIGHT, title, name, _said(points), drawn)


def spark(points: Sequence[Point], *, title: str, name: str) -> SafeString:
    """A small line without words: how a figure moved, beside the figure itself."""
    places = _places(points, SPARK_WIDTH, SPARK_HEIGHT, 4)
    known = [at for point, at in zip(points, places, strict=True) if point.value is not None]
    dot = (
        format_html('<circle class="chart-dot" cx="{}" cy="{}" r="3"></circle>', *map(_short, known[-1]))
        if known
        else ""
    )
    drawn = format_html("{}{}", _runs(points, places), dot)
    return _svg(SPARK_WIDTH, SPARK_HEIGHT, title, name, _said(points), drawn, kind="spark")


def _places(points: Sequence[Point], width: float, height: float, margin: float) -> list[tuple[float, float]]:
    values = [point.value for point in points if point.value is not None]
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    spread = float(high - low) or 1.0
    step = (width - 2 * margin) / max(len(points) - 1, 1)
    inner = height - 2 * margin
    return [
        (margin + number * step, height - margin - float((point.value or Decimal(0)) - low) / spread * inner)
        for number, point in enumerate(points)
    ]


def _runs(points: Sequence[Point], places: Sequence[tuple[float, float]]) -> SafeString:
    runs: list[list[tuple[float, float]]] = [[]]
    for point, at in zip(points, places, strict=True):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(at)
    lines = (" ".join(f"{_short(x)},{_short(y)}" for x, y in run) for run in runs if len(run) > 1)
    return format_html_join("", '<polyline class="chart-line" points="{}"></polyline>', ((each,) for each in lines))


def _dot(point: Point, at: tuple[float, float]) -> SafeString:
    x, y = at
    label = format_html(
        '<text class="chart-label" x="{}" y="{}" text-anchor="middle">{}</text>',
        _short(x), LINE_HEIGHT - LINE_MARGIN + 20, point.label,
    )  # fmt: skip
    value = format_html(
        '<text class="chart-value" x="{}" y="{}" text-anchor="middle">{}</text>', _short(x), _short(y - 10), point.text
    )
    if point.value is None:
        return format_html("{}{}", label, value)
    dot = format_html(
        '<circle class="chart-dot" cx="{}" cy="{}" r="4"><title>{}: {}</title></circle>',
        _short(x), _short(y), point.label, point.text,
    )  # fmt: skip
    drawn = format_html("{}{}{}", dot, value, label)
    return format_html('<a href="{}">{}</a>', point.url, drawn) if point.url else drawn


def _svg(
    width: float, height: float, title: str, name: str, said: str, drawn: SafeString, kind: str = "chart"
) -> SafeString:
    return format_html(
        '<svg class="{0}" viewBox="0 0 {1} {2}" role="{7}" aria-labelledby="{3}-ten {3}-noi">'
        '<title id="{3}-ten">{4}</title><desc id="{3}-noi">{5}</desc>{6}</svg>',
        kind, _short(width), _short(height), name, title, said, drawn, "img" if kind == "spark" else "group",
    )  # fmt: skip


def _said(points: Sequence[Point]) -> str:
    return "; ".join(f"{point.label}: {point.text}" for point in points)


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
