"""Charts as SVG in the page: read without colour, printed as they stand, every bar opens its figure.

Sizes are numbers of the drawing's own; the style sheet colours it. The table beneath says the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH = 480
"""Of bars and lines: what a phone can show with letters that are still read."""
BAR_HEIGHT, BAR_STEP, BAR_TOP, BARS_WIDTH = 14, 48, 24, 360
LINE_HEIGHT, LINE_MARGIN = 220, 40
SPARK_WIDTH, SPARK_HEIGHT = 120, 32
LABEL_LETTERS = 52


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
    height = len(points) * BAR_STEP
    drawn = format_html_join("", "{}", ((_bar(number, point, top),) for number, point in enumerate(points)))
    return _svg(WIDTH, height, title, name, _said(points), drawn)


def _bar(number: int, point: Point, top: Decimal) -> SafeString:
    y = number * BAR_STEP + BAR_TOP
    value = max(point.value or Decimal(0), Decimal(0))
    width = max(float(value / top * BARS_WIDTH) if top > 0 else 0.0, 1.0)
    label = point.label if len(point.label) <= LABEL_LETTERS else f"{point.label[: LABEL_LETTERS - 1]}…"
    drawn = format_html(
        '<text class="chart-label" x="0" y="{}">{}</text>'
        '<rect class="chart-bar" x="0" y="{}" width="{}" height="{}" rx="2"><title>{}: {}</title></rect>'
        '<text class="chart-value" x="{}" y="{}">{}</text>',
        y - 7, label, y, _short(width), BAR_HEIGHT, point.label, point.text, _short(width + 8), y + 12, point.text,
    )  # fmt: skip
    return format_html('<a href="{}">{}</a>', point.url, drawn) if point.url else drawn


def line(points: Sequence[Point], *, title: str, name: str) -> SafeString:
    """A line through the periods, with every value written at its dot; a period without a value breaks the line."""
    places = _places(points, WIDTH, LINE_HEIGHT, LINE_MARGIN)
    axis = format_html(
        '<line class="chart-axis" x1="{}" y1="{}" x2="{}" y2="{}"></line>',
        LINE_MARGIN / 2, LINE_HEIGHT - LINE_MARGIN, WIDTH - LINE_MARGIN / 2, LINE_HEIGHT - LINE_MARGIN,
    )  # fmt: skip
    dots = format_html_join("", "{}", ((_dot(point, at),) for point, at in zip(points, places, strict=True)))
    drawn = format_html("{}{}{}", axis, _runs(points, places), dots)
    return _svg(WIDTH, LINE_HEIGHT, title, name, _said(points), drawn)


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
    return format_html_join("", '<polyline class="chart-path" points="{}"></polyline>', ((each,) for each in lines))


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
    width: float, height: float, title: str, name: str, said: str, drawn: SafeString, kind: str = "figure-chart"
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
