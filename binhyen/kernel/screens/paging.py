"""Pages by key: what comes after a row is found in an index, however deep; nothing is skipped over or counted."""

import base64
import binascii
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.db import connection, transaction
from django.db.models import Count, F, QuerySet, Window
from django.db.models.expressions import Combinable
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

ROWS_PER_PAGE = 25
COUNTED_UP_TO = 10_000
WALKED_ROWS = 5_000
TOTAL = "rows_in_all"


@dataclass(frozen=True)
class Order:
    """By `field`, then by key; rows without a value come last either way."""

    field: str
    descending: bool = False

    @classmethod
    def read(cls, text: str) -> "Order":
        """`name` or `-name`."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.field}" if self.descending else self.field


@dataclass(frozen=True)
class Page:
    """Rows, and the marks that lead on: empty where there is nothing further. `is_dense`: found along the order;
    `total`: how many there are, where finding the page told it."""

    rows: list[Any]
    newer: str
    older: str
    is_dense: bool = True
    total: int | None = None


def page_of(
    found: "QuerySet[Any]",
    order: Order,
    *,
    after: str = "",
    before: str = "",
    size: int = ROWS_PER_PAGE,
    ground: "QuerySet[Any] | None" = None,
) -> Page:
    """The page after or before a mark, or the first. Raises BadRequest for a mark that is none.

    Where words are searched, `ground` are the rows that they are searched in.
    """
    backward = bool(before)
    mark = _mark(found, order, before or after)
    parts = _parts(found, order, mark, backward)
    if ground is None:
        rows, is_dense = _filled(parts, size), True
    else:
        rows, is_dense = _searched(parts, _parts(ground, order, mark, backward)[0], size, is_first=mark is None)
    more = len(rows) > size
    total = getattr(rows[0], TOTAL, None) if more else len(rows) if mark is None else None
    rows = rows[:size]
    if backward:
        rows.reverse()
    if not rows:
        return Page([], "", "", is_dense, total)
    has_newer, has_older = (more, True) if backward else (bool(after), more)
    newer = mark_of(order, rows[0]) if has_newer else ""
    return Page(rows, newer, mark_of(order, rows[-1]) if has_older else "", is_dense, total)


def _filled(parts: "list[QuerySet[Any]]", size: int) -> list[Any]:
    rows: list[Any] = []
    for part in parts:
        if len(rows) <= size:
            rows += part[: size + 1 - len(rows)]
    return rows


def _searched(
    parts: "list[QuerySet[Any]]", ground: "QuerySet[Any]", size: int, *, is_first: bool
) -> tuple[list[Any], bool]:
    """Rows in which words were found, and whether along the order.

    Common words are found by walking the order's index, rare ones by the search index. Words that hardly meet, or
    stand all at one end, mislead the planner by seconds; so a short walk tells which it is.
    """
    walked = ground.values("pk")[:WALKED_ROWS]
    rows = list(parts[0].filter(pk__in=walked)[: size + 1])
    if len(rows) > size:
        return rows, True
    with by_search_index():
        return _filled(_with_total(parts) if is_first else parts, size), False


def _with_total(parts: "list[QuerySet[Any]]") -> "list[QuerySet[Any]]":
    """Where all rows are read and sorted anyway, they are counted along."""
    return [parts[0].annotate(**{TOTAL: Window(Count("pk"))})] if len(parts) == 1 else parts


@contextmanager
def by_search_index() -> Iterator[None]:
    """Queries inside are answered from bitmaps of indexes, whatever the planner believes of the order."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL jit = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on; SET LOCAL jit = on")


def counted(found: "QuerySet[Any]") -> tuple[int, bool]:
    """How many rows, and whether there are more: counting ends where nobody would count."""
    count = found.order_by()[: COUNTED_UP_TO + 1].count()
    return min(count, COUNTED_UP_TO), count > COUNTED_UP_TO


Mark = tuple[Any, Any]


def _parts(found: "QuerySet[Any]", order: Order, mark: Mark | None, backward: bool) -> "list[QuerySet[Any]]":
    """The rows beyond `mark`: those with a value, then those without; the other way round going backward."""
    descending = order.descending != backward
    field = found.model._meta.get_field(order.field)
    by_value = [_towards(order.field, descending), _towards("pk", descending)]
    if field.primary_key:
        by_value = by_value[1:]
    with_value, without = found.order_by(*by_value), found.order_by(_towards("pk", descending))
    if not field.null:
        return [_beyond(with_value, order, mark, descending)]
    with_value = with_value.filter(**{f"{order.field}__isnull": False})
    without = without.filter(**{f"{order.field}__isnull": True})
    if mark is None:
        return [without, with_value] if backward else [with_value, without]
    if mark[0] is None:
        rest = without.filter(**{f"pk__{'lt' if descending else 'gt'}": mark[1]})
        return [rest, with_value] if backward else [rest]
    beyond = _beyond(with_value, order, mark, descending)
    return [beyond] if backward else [beyond, without]


def _towards(name: str, descending: bool) -> Combinable | str:
    return f"-{name}" if descending else name


def _beyond(rows: "QuerySet[Any]", order: Order, mark: Mark | None, descending: bool) -> "QuerySet[Any]":
    if mark is None:
        return rows
    compare = TupleLessThan if descending else TupleGreaterThan
    return rows.filter(compare(Tuple(F(order.field), F("pk")), mark))


def mark_of(order: Order, row: Any) -> str:
    """What leads on from `row` in the address of a page."""
    value = getattr(row, order.field)
    text = None if value is None else row._meta.get_field(order.field).value_to_string(row)
    return base64.urlsafe_b64encode(json.dumps([text, row.pk]).encode()).decode().rstrip("=")


def _mark(found: "QuerySet[Any]", order: Order, text: str) -> Mark | None:
    if not text:
        return None
    meta = found.model._meta
    field = meta.get_field(order.field)
    field = getattr(field, "output_field", None) or field
    try:
        value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if value is None:
            return None if not meta.get_field(order.field).null else (None, meta.pk.to_python(key))
        return field.to_python(value), meta.pk.to_python(key)
    except (ValueError, TypeError, ValidationError, binascii.Error) as error:
        raise BadRequest("unreadable page mark") from error
