"""The rows of a measure, and what each adds to its cells, as a query that the triggers and the rebuilding share.

A row that went on to another unit when its own was reorganised (`kernel/units/moving`) counts where it stands now, and
a second part sets right where it was: what it adds on days before is the old unit's, and on the day of the change a
stock is taken off there and added here. Both parts are one statement, so that no figure is ever between them.
"""

from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Least, TruncDate
from django.db.models.sql.constants import LOUTER
from django.db.models.sql.datastructures import BaseTable, Join

from binhyen.kernel.measures.declaration import Measure, Ratio, Sum
from binhyen.kernel.units.models import Stay
from binhyen.kernel.units.moving import moves

TOTAL = models.DecimalField(max_digits=24, decimal_places=4)
TEXT = models.TextField()
COLUMNS = "cell_unit", "cell_day", "cell_kind", "cell_count", "cell_total"


def rows_of(measure: Measure) -> "QuerySet[Any, Any]":
    """Every row that the measure ever counts, in any unit; for a ratio those of its part."""
    what = measure.what.part.what if isinstance(measure.what, Ratio) else measure.what
    base = measure if not isinstance(measure.what, Ratio) else measure.what.part
    assert not isinstance(what, Ratio)  # noqa: S101 - a part is no ratio, as the declaration has checked
    rows: QuerySet[Any, Any] = what.model._base_manager.filter(what.where or Q())
    # Asked of a column of the unit itself, where the stock needs one: so that the join is an inner one.
    rows = rows.filter(**{f"{base.unit}__valid_from__isnull" if base.since else f"{base.unit}__isnull": False})
    if base.on:
        return rows.filter(**{f"{base.on}__isnull": False})
    rows = rows.annotate(stock_since=day_of(measure, base.since), stock_until=_end(measure, base.until, base.unit))
    still = Q(stock_until__isnull=True) | Q(stock_since__lt=F("stock_until"))
    return rows.filter(still, **{f"{base.since}__isnull": False})


def day_of(measure: Measure, name: str) -> Any:
    """The day that the field `name` says, here."""
    return TruncDate(name) if isinstance(measure.field(name), models.DateTimeField) else F(name)


def _end(measure: Measure, until: str, unit: str) -> Any:
    """A stock ends with its row, or with its unit: what a closed unit had, others have now."""
    valid_until = F(f"{unit}__valid_until")
    # LEAST of PostgreSQL passes over what is empty.
    return Least(day_of(measure, until), valid_until) if until else Cast(valid_until, models.DateField())


def contributions(measure: Measure) -> "list[QuerySet[Any, Any]]":
    """Queries of (unit, day, kind, count, total), one line a row: what it adds when it comes, what it takes when it
    goes."""
    rows = rows_of(measure)
    field = f"{measure.what.field}" if isinstance(measure.what, Sum) else ""
    amount = Coalesce(Cast(F(field), TOTAL), Value(0, TOTAL)) if field else Value(0, TOTAL)
    kind = Coalesce(Cast(F(measure.kinds.field), TEXT), Value("", TEXT)) if measure.kinds else Value("", TEXT)
    if measure.on:
        return [_lines(rows, measure, day_of(measure, measure.on), kind, 1, amount)]
    gone = rows.filter(stock_until__isnull=False)
    return [
        _lines(rows, measure, F("stock_since"), kind, 1, amount),
        _lines(gone, measure, F("stock_until"), kind, -1, -amount),
    ]


def _lines(
    rows: "QuerySet[Any, Any]", measure: Measure, day: Any, kind: Any, sign: int, amount: Any
) -> "QuerySet[Any, Any]":
    marked: QuerySet[Any, Any] = rows.annotate(
        cell_unit=F(measure.unit),
        cell_day=day,
        cell_kind=kind,
        cell_count=Value(sign, models.BigIntegerField()),
        cell_total=amount,
        cell_holder=F(holder_of(measure)),
    )
    return marked.order_by().values_list(*COLUMNS, "cell_holder")


STAYS = Stay._meta.db_table


def holder_of(measure: Measure) -> str:
    """Leads from a row to the key of the row that has the unit: itself, or the group that it is of."""
    above = measure.unit.rpartition("__")[0]
    return f"{above}__pk" if above else "pk"


def holding_model(measure: Measure) -> type[models.Model]:
    """The model of the row that has the unit."""
    above = measure.unit.rpartition("__")[0]
    return measure.field(above).related_model if above else measure.model


def may_have_stayed(measure: Measure) -> bool:
    """Whether some of its rows may have been another unit's before."""
    return moves(holding_model(measure), measure.unit.rpartition("__")[2])


def sql_of(measure: Measure, table: str = "") -> str:
    """The contributions as one statement, every value written out; those parts alone that read `table`, if given."""
    return " UNION ALL ".join(_written(measure, table))


def _written(measure: Measure, table: str) -> list[str]:
    parts = []
    for query in contributions(measure):
        sql, parameters = query.query.sql_with_params()
        written = connection.ops.compose_sql(sql, parameters)  # type: ignore[attr-defined]  # PostgreSQL's own
        lines = f"({written}) AS line({', '.join(COLUMNS)}, cell_holder)"
        if table != STAYS:
            parts.append(f"SELECT {', '.join(COLUMNS)} FROM {lines}")  # noqa: S608 - the driver wrote the values
        if may_have_stayed(measure):
            parts.append(_set_right(measure, lines))
    return parts


def _set_right(measure: Measure, lines: str) -> str:
    """What `lines` add where rows are now and should where they were."""
    was, now = '"units_stay"."unit_id"', 'coalesce("units_stay"."then_id", cell_unit)'
    sides = [f"({was}, cell_day, 1)", f"({now}, cell_day, -1)"]
    if measure.since:
        sides += [f'({was}, "units_stay"."until", -1)', f'({now}, "units_stay"."until", 1)']
    label = holding_model(measure)._meta.label_lower
    return (
        "SELECT side.unit AS cell_unit, side.day AS cell_day, cell_kind, cell_count * side.sign AS cell_count, "  # noqa: S608 - our own names
        "cell_total * side.sign AS cell_total "
        f"""FROM {lines} JOIN "units_stay" ON "units_stay"."model" = '{label}' AND "units_stay"."row" = cell_holder """
        'AND cell_day < "units_stay"."until" '
        f"CROSS JOIN LATERAL (VALUES {', '.join(sides)}) AS side(unit, day, sign)"
    )


@cache
def tables_of(measure: Measure) -> tuple[str, ...]:
    """The tables that the contributions read. Raises TypeError where one is read twice, or need not have a row: then
    a trigger could not tell what a change of it does."""
    found: list[str] = []
    if measure.what.where is not None and _asks_elsewhere(measure.what.where):  # type: ignore[union-attr]  # no ratio has cells
        raise TypeError(f"{measure.code}: asks another table in `where`")
    for query in contributions(measure):
        query.query.sql_with_params()  # joins are made when the statement is
        joins: list[Any] = [each for alias, each in query.query.alias_map.items() if query.query.alias_refcount[alias]]
        names = [each.table_name for each in joins]
        if len(set(names)) < len(names):
            raise TypeError(f"{measure.code}: reads one table twice ({', '.join(names)})")
        if any(not isinstance(each, BaseTable | Join) or getattr(each, "join_type", "") == LOUTER for each in joins):
            raise TypeError(f"{measure.code}: leads through something that may be empty ({', '.join(names)})")
        fields: list[Any] = [each.join_field for each in joins if isinstance(each, Join)]
        if any(field.one_to_many for field in fields):
            raise TypeError(f"{measure.code}: leads to many rows ({', '.join(names)})")
        found += [name for name in names if name not in found]
    return (*found, STAYS) if may_have_stayed(measure) else tuple(found)


def _asks_elsewhere(condition: Q) -> bool:
    """Whether a condition holds a query of its own, whose table has no trigger that would tell."""
    for each in condition.children:
        value = each[1] if isinstance(each, tuple) else each
        if isinstance(value, Q):
            if _asks_elsewhere(value):
                return True
        elif isinstance(value, QuerySet | Subquery):
            return True
    return False
