"""Triggers that keep the figures: each statement that writes to a table says what it adds and takes, in its own
transaction, whoever sends it.

A measure reads one or more tables. What a change of one of them does is the measure's own query with the changed rows
in the place of that table, new ones added and old ones taken off; so a parent that moves to another unit takes its
rows along, and the query is written once.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache

from django.apps import apps
from django.db import connection

from binhyen.kernel.measures.contributions import COLUMNS, STAYS, sql_of, tables_of
from binhyen.kernel.measures.declaration import Measure, registered

PREFIX = "measures_keep_"
EVENTS = {"insert": ("new",), "update": ("new", "old"), "delete": ("old",)}


def counted() -> list[Measure]:
    """Measures that have cells: all but ratios."""
    return [measure for measure in registered() if not measure.is_ratio]


def by_table(measures: Iterable[Measure]) -> dict[str, list[Measure]]:
    """The measures that read each table."""
    found: dict[str, list[Measure]] = {}
    for measure in measures:
        for table in tables_of(measure):
            found.setdefault(table, []).append(measure)
    return found


def body_of(table: str, event: str, measures: list[Measure]) -> str:
    """What the trigger of one table and event does."""
    changes = "".join(_change(measure, table, EVENTS[event]) for measure in measures)
    if event != "update":
        return changes
    columns = ", ".join(f'"{column}"' for column in columns_read(table, measures))
    # Most updates change nothing that is counted; those do nothing here.
    return f"""
  IF EXISTS (SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows) THEN{_alone(table, measures)}
    {changes}
  END IF;"""  # noqa: S608 - names of our own tables and columns


def columns_read(table: str, measures: Iterable[Measure]) -> list[str]:
    """The columns of `table` from which some figure follows, and its key."""
    pk = next(model._meta.pk.column for model in apps.get_models() if model._meta.db_table == table)
    read = {column for measure in measures for column in re.findall(rf'"{table}"\."(\w+)"', sql_of(measure))}
    return [pk, *sorted(read - {pk})]


def _alone(table: str, measures: Iterable[Measure]) -> str:
    """A parent that changes waits for those who write its rows now, and they for it: neither could see what the other
    has not committed, and a row that came meanwhile would stay where its parent was."""
    below = {each for measure in measures for each in before(table, tables_of(measure))}
    names = ", ".join(f'"{each}"' for each in sorted(below))
    return f"\n    LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE;" if below else ""


def before(table: str, tables: tuple[str, ...]) -> tuple[str, ...]:
    """The tables from which the query comes to `table`. Who tells where rows were has written these rows before, and
    so has their locks."""
    if table == STAYS:
        return ()
    return tables[: tables.index(table)]


def _change(measure: Measure, table: str, sides: tuple[str, ...]) -> str:
    lines, unit_day_kind = sql_of(measure, table), ", ".join(COLUMNS[:3])
    parts = [
        f"SELECT {'1' if side == 'new' else '-1'} AS sign, line.* FROM "  # noqa: S608 - our own names; values are written out
        f'(WITH "{table}" AS (SELECT * FROM {side}_rows) {lines}) AS line'
        for side in sides
    ]
    return f"""
  INSERT INTO measures_change (measure, unit_id, day, kind, count, total)
  SELECT '{measure.code}', {unit_day_kind}, sum(sign * cell_count), sum(sign * cell_total)
  FROM ({" UNION ALL ".join(parts)}) AS change GROUP BY {unit_day_kind}
  HAVING sum(sign * cell_count) <> 0 OR sum(sign * cell_total) <> 0;"""  # noqa: S608 - our own names; values are written out by the driver


def emptied(measures: Iterable[Measure]) -> str:
    """What an emptied table does to the measures that read it: whatever they read, nothing is left."""
    codes = ", ".join(f"'{measure.code}'" for measure in measures)
    return f"""
  DELETE FROM measures_change WHERE measure IN ({codes});
  DELETE FROM measures_cell WHERE measure IN ({codes});"""  # noqa: S608 - codes of our own declarations


def statements(table: str, measures: list[Measure]) -> list[str]:
    """SQL that makes the functions and triggers of one table."""
    made = []
    for event, sides in EVENTS.items():
        seen = " ".join(f"{side.upper()} TABLE AS {side}_rows" for side in sides)
        made += _trigger(table, event, f"REFERENCING {seen}", body_of(table, event, measures))
    return made + _trigger(table, "truncate", "", emptied(measures))


def _trigger(table: str, event: str, seen: str, body: str) -> list[str]:
    name = f"{PREFIX}{table}_{event}"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $keep$ BEGIN{body}\n"
        "  RETURN NULL; END $keep$",
        f'CREATE OR REPLACE TRIGGER {name} AFTER {event.upper()} ON "{table}" {seen} '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


@cache
def wanted(kept: tuple[Measure, ...]) -> dict[str, tuple[str, list[str], list[Measure]]]:
    """For each table: a signature of its triggers, the SQL that makes them, the measures they keep."""
    found = {}
    for table, measures in by_table(kept).items():
        sql = statements(table, measures)
        found[table] = (hashlib.sha256("\n".join(sql).encode()).hexdigest()[:16], sql, measures)
    return found


def installed() -> dict[str, str]:
    """The signature of the triggers that each table has now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, obj_description(t.oid, 'pg_trigger') FROM pg_trigger t JOIN pg_class c "
            "ON c.oid = t.tgrelid WHERE t.tgname = %s || c.relname || '_insert'",
            [PREFIX],
        )
        return {table: signature or "" for table, signature in cursor.fetchall()}


def complete_tables() -> set[str]:
    """The tables that have all columns of their model: some migrations may not have run yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, array_agg(attname::text) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid "
            "WHERE relkind = 'r' AND pg_table_is_visible(pg_class.oid) AND NOT attisdropped GROUP BY relname"
        )
        has = dict(cursor.fetchall())
    wants = {model._meta.db_table: {f.column for f in model._meta.local_concrete_fields} for model in apps.get_models()}
    return {table for table, columns in wants.items() if columns <= set(has.get(table, ()))}


def remove(tables: Iterable[str]) -> None:
    """Take the triggers of these tables away."""
    with connection.cursor() as cursor:
        for table in tables:
            for event in (*EVENTS, "truncate"):
                cursor.execute(f"DROP FUNCTION IF EXISTS {PREFIX}{table}_{event}() CASCADE")


def install(table: str, signature: str, sql: Iterable[str]) -> None:
    """Make the triggers of one table, as they are declared now."""
    with connection.cursor() as cursor:
        for each in sql:
            cursor.execute(each)
        cursor.execute(f"COMMENT ON TRIGGER {PREFIX}{table}_insert ON \"{table}\" IS '{signature}'")
