"""Proof that a change leaves the past alone: every figure of every day before, of every unit, stays to the digit."""

from datetime import date

from django.db import connection

from binhyen.kernel.measures.contributions import tables_of
from binhyen.kernel.measures.folding import FOLD, LOCK
from binhyen.kernel.measures.triggers import counted

KEEP = """
CREATE TEMP TABLE measures_past ON COMMIT DROP AS
SELECT unit_id, measure, day, kind, count, total, own_count, own_total FROM measures_cell WHERE grain = 'd' AND day < %s
"""
DIFFERENT = """
SELECT count(*) FROM measures_past AS was
FULL JOIN (SELECT * FROM measures_cell WHERE grain = 'd' AND day < %s) AS now USING (unit_id, measure, day, kind)
WHERE (coalesce(was.count, 0), coalesce(was.total, 0), coalesce(was.own_count, 0), coalesce(was.own_total, 0))
   <> (coalesce(now.count, 0), coalesce(now.total, 0), coalesce(now.own_count, 0), coalesce(now.own_total, 0))
"""


def remember_past(day: date) -> int:
    """Remember all figures before `day`, until the transaction ends; how many. Who writes to what is counted waits."""
    tables = sorted({table for measure in counted() for table in tables_of(measure)})
    with connection.cursor() as cursor:
        if tables:  # before the lock, as `folding.rebuild` does: neither then waits for the other
            cursor.execute("LOCK TABLE " + ", ".join(f'"{each}"' for each in tables) + " IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(FOLD)
        cursor.execute("DROP TABLE IF EXISTS measures_past")
        cursor.execute(KEEP, [day])
        cursor.execute("SELECT count(*) FROM measures_past")
        return int(cursor.fetchone()[0])


def past_differences(day: date) -> int:
    """How many of the figures that `remember_past` has seen are others now, or were not there."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
        cursor.execute(DIFFERENT, [day])
        different = int(cursor.fetchone()[0])
        cursor.execute("DROP TABLE measures_past")
        return different
