"""Changes folded into cells, cells made anew from rows, and triggers brought up to the declarations."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from binhyen.kernel.measures import triggers
from binhyen.kernel.measures.contributions import COLUMNS, sql_of, tables_of
from binhyen.kernel.measures.declaration import Measure
from binhyen.kernel.units.models import Unit

LOCK = 0x6D656173
"""Who folds, rebuilds or moves units in the tree does so alone: what stands above a unit must not change meanwhile."""

FOLD = f"""
WITH taken AS (DELETE FROM measures_change RETURNING measure, unit_id, day, kind, count, total),
own AS (
  SELECT measure, unit_id, grain, cell_day, kind, sum(count) AS count, sum(total) AS total FROM taken
  CROSS JOIN LATERAL (VALUES ('d', day), ('m', date_trunc('month', day)::date), ('y', date_trunc('year', day)::date))
    AS cell(grain, cell_day)
  GROUP BY measure, unit_id, grain, cell_day, kind
)
INSERT INTO measures_cell AS cell (unit_id, measure, grain, day, kind, count, total, own_count, own_total)
SELECT above.id, measure, grain, cell_day, kind, sum(count), sum(total),
       coalesce(sum(count) FILTER (WHERE above.id = unit_id), 0), coalesce(sum(total) FILTER (WHERE above.id = unit_id), 0)
FROM own JOIN units_unit AS unit ON unit.id = unit_id
CROSS JOIN LATERAL generate_series({Unit.steplen}, length(unit.path), {Unit.steplen}) AS step
JOIN units_unit AS above ON above.path = left(unit.path, step)
GROUP BY above.id, measure, grain, cell_day, kind
ON CONFLICT (unit_id, measure, grain, day, kind) DO UPDATE SET
  count = cell.count + excluded.count, total = cell.total + excluded.total,
  own_count = cell.own_count + excluded.own_count, own_total = cell.own_total + excluded.own_total
"""  # noqa: S608, E501 - treebeard's number of letters a level; a statement reads best whole


@dataclass(frozen=True)
class Rebuilt:
    """What rebuilding one measure found: how many cells there are now, and how many had been different."""

    measure: Measure
    cells: int
    different: int


@transaction.atomic
def fold() -> bool:
    """Fold what triggers wrote since into cells. False: somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(FOLD)
    return True


@transaction.atomic
def rebuild(measures: Iterable[Measure]) -> list[Rebuilt]:
    """Make the cells of `measures` anew from their rows. Who writes to their tables waits until it is done."""
    chosen = list(measures)
    tables = sorted({table for measure in chosen for table in tables_of(measure)})
    with connection.cursor() as cursor:
        if tables:  # before the lock, as who moves units does: neither then waits for the other
            cursor.execute("LOCK TABLE " + ", ".join(f'"{table}"' for table in tables) + " IN SHARE MODE")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return [_rebuilt(cursor, measure) for measure in chosen]


def _rebuilt(cursor: Any, measure: Measure) -> Rebuilt:
    cursor.execute(FOLD)
    cursor.execute("CREATE TEMP TABLE was ON COMMIT DROP AS SELECT * FROM measures_cell WHERE measure = %s",
                   [measure.code])  # fmt: skip
    cursor.execute("DELETE FROM measures_cell WHERE measure = %s", [measure.code])
    keys = ", ".join(COLUMNS[:3])
    cursor.execute(
        "INSERT INTO measures_change (measure, unit_id, day, kind, count, total) "  # noqa: S608 - our own names
        f"SELECT %s, {keys}, sum(cell_count), sum(cell_total) FROM ({sql_of(measure)}) AS line GROUP BY {keys}",
        [measure.code],
    )
    cursor.execute(FOLD)
    cursor.execute("SELECT count(*) FROM measures_cell WHERE measure = %s", [measure.code])
    cells = cursor.fetchone()[0]
    cursor.execute(DIFFERENT, [measure.code])
    different = cursor.fetchone()[0]
    cursor.execute("DROP TABLE was")
    return Rebuilt(measure, cells, different)


DIFFERENT = """
SELECT count(*) FROM was FULL JOIN (SELECT * FROM measures_cell WHERE measure = %s) AS now
  USING (unit_id, measure, grain, day, kind)
WHERE (coalesce(was.count, 0), coalesce(was.total, 0), coalesce(was.own_count, 0), coalesce(was.own_total, 0))
   <> (coalesce(now.count, 0), coalesce(now.total, 0), coalesce(now.own_count, 0), coalesce(now.own_total, 0))
"""


def before_migrating(plan: Any = (), **kwargs: Any) -> None:
    """Receiver of `pre_migrate`: a trigger must not stand in the way of a column that goes."""
    if plan:
        triggers.remove(triggers.installed())


def after_migrating(**kwargs: Any) -> None:
    """Receiver of `post_migrate`: triggers as they are declared now, and cells of what is new or was away."""
    if "measures_change" not in connection.introspection.table_names():
        return
    bring_up_to_date()


@transaction.atomic
def bring_up_to_date() -> list[Rebuilt]:
    """Install what is missing or declared otherwise now, and rebuild the measures that it keeps."""
    there = set(connection.introspection.table_names())
    kept = [measure for measure in triggers.counted() if there.issuperset(tables_of(measure))]
    has, wants = triggers.installed(), triggers.wanted(kept)
    triggers.remove(table for table in has if table not in wants)
    stale = {}
    for table, (signature, sql, measures) in wants.items():
        if has.get(table) != signature:
            triggers.install(table, signature, sql)
            stale.update({measure.code: measure for measure in measures})
    codes = [measure.code for measure in kept]
    with connection.cursor() as cursor:
        for cells in ("measures_cell", "measures_change"):
            cursor.execute(f"DELETE FROM {cells} WHERE measure <> ALL(%s)", [codes])  # noqa: S608 - two names
    return rebuild(stale.values())
