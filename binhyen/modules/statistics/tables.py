"""Tables of figures: measures in rows; units, periods or a comparison in columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from binhyen.kernel.measures import Figure, Measure, Period, figures
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.modules.statistics.comparing import NOTHING, change
from binhyen.modules.statistics.models import Layout
from binhyen.modules.statistics.spans import children_of, run_of

PERIODS_IN_A_ROW = 6
UNITS_MAX = 400


@dataclass(frozen=True)
class Column:
    """A column: figures of one unit in one period, or what follows from two of them."""

    label: str
    unit_id: int
    unit_code: str
    period: str
    what: str = "figure"
    """ "figure", "difference" or "percent"."""


@dataclass(frozen=True)
class Cell:
    """What stands there; `value` is exact, None where there is none or it is hidden. `url` opens it."""

    text: str
    value: str | None = None
    is_hidden: bool = False
    url: str = ""


@dataclass(frozen=True)
class Row:
    """A measure, as it was defined then, and its cells."""

    code: str
    name: str
    definition: str
    version: int
    owner: str
    places: int
    is_percent: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Line:
    """One line of a table as it is shown; `hint` says more where one asks."""

    label: str
    cells: tuple[Cell, ...]
    hint: str = ""


@dataclass(frozen=True)
class Grid:
    """A table as it is shown and taken out: `corner` stands above the first column, `heads` above the others."""

    corner: str
    heads: list[str]
    lines: list[Line]


@dataclass(frozen=True)
class Table:
    """Columns and rows, as shown, as stored, as signed."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def grid(self) -> Grid:
        """Measures down; where there are more units than measures, units down, so that a page can hold them."""
        heads = [column.label for column in self.columns]
        if len({column.unit_code for column in self.columns}) > max(len(self.rows), 1):
            across = zip(heads, zip(*(row.cells for row in self.rows), strict=True), strict=True)
            return Grid("Đơn vị", [row.name for row in self.rows], [Line(label, cells) for label, cells in across])
        return Grid("Chỉ số", heads, [Line(row.name, row.cells, row.definition) for row in self.rows])

    def as_json(self) -> dict[str, Any]:
        """For the database and for what is signed: no addresses, no keys of rows."""
        columns = [{"label": c.label, "unit": c.unit_code, "period": c.period, "what": c.what} for c in self.columns]
        rows = [
            {
                "code": row.code, "name": row.name, "definition": row.definition, "version": row.version,
                "owner": row.owner, "places": row.places, "is_percent": row.is_percent,
                "cells": [{"text": c.text, "value": c.value, "is_hidden": c.is_hidden} for c in row.cells],
            }
            for row in self.rows
        ]  # fmt: skip
        return {"columns": columns, "rows": rows}

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> "Table":
        """What `as_json` wrote; every cell opens the page of its measure, for its unit and period."""
        columns = tuple(Column(c["label"], 0, c["unit"], c["period"], c["what"]) for c in stored["columns"])
        rows = tuple(
            Row(
                **{name: value for name, value in row.items() if name != "cells"},
                cells=tuple(
                    Cell(**cell, url=measure_url(row["code"], column.unit_code, column.period))
                    for column, cell in zip(columns, row["cells"], strict=True)
                ),
            )
            for row in stored["rows"]
        )
        return cls(columns, rows)


def measure_url(code: str, unit_code: str, period: str) -> str:
    """The page of a measure for a unit and a period."""
    return f"{reverse('statistics-measure', args=[code])}?{urlencode({'don-vi': unit_code, 'ky': period})}"


def table_of(measures: Sequence[Measure], layout: str, unit: Unit, period: Period, *, authority: Authority) -> Table:
    """The figures of now, in few queries."""
    columns = _columns(layout, unit, period)
    units = _units(layout, unit, period)
    periods = list(dict.fromkeys(Period.parse(column.period) for column in columns))
    found = figures(measures, units, periods, authority=authority)
    rows = tuple(_row(measure, columns, found, period) for measure in measures)
    return Table(tuple(columns), rows)


def _units(layout: str, unit: Unit, period: Period) -> list[Unit]:
    return [unit, *(children_of(unit, period)[:UNITS_MAX] if layout == Layout.UNITS else ())]


def _columns(layout: str, unit: Unit, period: Period) -> list[Column]:
    own = (unit.pk, unit.code)
    if layout == Layout.UNITS:
        below = [Column(each.name, each.pk, each.code, period.code) for each in _units(layout, unit, period)[1:]]
        return [Column("Toàn đơn vị", *own, period.code), *below]
    if layout == Layout.PERIODS:
        return [Column(each.label, *own, each.code) for each in run_of(period, PERIODS_IN_A_ROW)]
    before = period.previous()
    return [
        Column(period.label, *own, period.code),
        Column(before.label, *own, before.code),
        Column("Tăng, giảm", *own, period.code, "difference"),
        Column("Tăng, giảm %", *own, period.code, "percent"),
    ]


def _row(measure: Measure, columns: Sequence[Column], found: dict[tuple[str, int, str], Figure], period: Period) -> Row:
    cells = tuple(_cell(measure, column, found, period) for column in columns)
    return Row(
        measure.code, measure.name, measure.definition, measure.version, measure.owner, measure.decimals,
        measure.shown_as == "percent", cells,
    )  # fmt: skip


def _cell(measure: Measure, column: Column, found: dict[tuple[str, int, str], Figure], period: Period) -> Cell:
    shown = found[measure.code, column.unit_id, column.period]
    if column.what == "figure":
        return cell_of(shown)
    before = found[measure.code, column.unit_id, period.previous().code]
    differs = change(measure, shown, before)
    words = differs.difference if column.what == "difference" else differs.percent
    url = "" if words == NOTHING else measure_url(measure.code, column.unit_code, column.period)
    return Cell(words, None, False, url)


def cell_of(figure: Figure) -> Cell:
    """A figure, which opens its rows or its definition."""
    value = None if figure.is_hidden or figure.value is None else str(figure.value)
    return Cell(figure.text, value, figure.is_hidden, figure.rows_url or figure.definition_url)


def differences(before: Table, now: Table) -> list[tuple[str, str, str, str]]:
    """Where `now` says something else than `before`: measure, column, what was said, what is said."""
    was = {
        (row.code, column.label): cell.text
        for row in before.rows
        for column, cell in zip(before.columns, row.cells, strict=True)
    }
    found = []
    for row in now.rows:
        for column, cell in zip(now.columns, row.cells, strict=True):
            old = was.pop((row.code, column.label), NOTHING)
            if old != cell.text:
                found.append((row.name, column.label, old, cell.text))
    names = {row.code: row.name for row in before.rows}
    return found + [(names[code], label, old, NOTHING) for (code, label), old in was.items()]
