"""A country of communes with their deeds, and what is asked of it. Sets Django up when it is loaded."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import django

django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402 - after Django is set up
from django.core.management import call_command  # noqa: E402 - as above
from django.db import connection, transaction  # noqa: E402 - as above
from django.test import Client  # noqa: E402 - as above
from django.urls import reverse  # noqa: E402 - as above

from binhyen.bench.tallied.measures import MEASURES  # noqa: E402 - as above
from binhyen.bench.tallied.models import KINDS, Deed  # noqa: E402 - as above
from binhyen.kernel.measures import Measure, Period, figure, figures  # noqa: E402 - as above
from binhyen.kernel.measures.folding import bring_up_to_date  # noqa: E402 - as above
from binhyen.kernel.testing.world import make_person, make_unit  # noqa: E402 - as above
from binhyen.kernel.units.authority import authority_of  # noqa: E402 - as above
from binhyen.kernel.units.models import Unit  # noqa: E402 - as above
from binhyen.kernel.units.roles import Role  # noqa: E402 - as above

PROVINCES, MONTHS, FIRST_DAY = 34, 24, date(2024, 1, 1)
WRITES = 50

FILL = """
INSERT INTO tallied_deed (unit_id, kind, done_on)
SELECT unit.id, 'k' || lpad(kind::text, 2, '0'),
       (%(first_day)s::date + month * INTERVAL '1 month')::date
         + (hashint8(unit.id * 9973 + kind * 31 + month) & 1023) %% 28
FROM unnest(%(units)s::bigint[]) AS unit(id), generate_series(0, %(kinds)s - 1) AS kind,
     generate_series(0, %(months)s - 1) AS month
"""
# What rebuilding would make, in one statement for all measures: each unit's cells by day and by month, and the sums of
# those above.
CELLS = """
INSERT INTO measures_cell (unit_id, measure, grain, day, kind, count, total, own_count, own_total)
SELECT above.id, 'viec-' || right(deed.kind, 2), grain, cell_day, '', count(*), 0,
       count(*) FILTER (WHERE above.id = unit_id), 0
FROM tallied_deed AS deed JOIN units_unit AS unit ON unit.id = unit_id
CROSS JOIN LATERAL (VALUES ('d', done_on), ('m', date_trunc('month', done_on)::date),
  ('y', date_trunc('year', done_on)::date)) AS cell(grain, cell_day)
CROSS JOIN LATERAL generate_series(4, length(unit.path), 4) AS step
JOIN units_unit AS above ON above.path = left(unit.path, step)
GROUP BY above.id, deed.kind, grain, cell_day
"""
GROUP_BY = """
SELECT left(unit.path, %(length)s), deed.kind, {period}, count(*)
FROM tallied_deed AS deed JOIN units_unit AS unit ON unit.id = deed.unit_id
WHERE done_on BETWEEN %(first)s AND %(last)s AND unit.path LIKE %(below)s GROUP BY 1, 2, 3
"""


class Country:
    """Ministry, 34 provinces, and as many communes as it has grown to."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        with connection.schema_editor() as editor:
            editor.create_model(Deed)
        bring_up_to_date()
        self.measures: list[type[Measure]] = list(MEASURES)
        top = make_unit("B", "Bộ thử", Unit.Level.MINISTRY)
        for number in range(PROVINCES):
            make_unit(f"T{number:02}", f"Công an tỉnh {number}", Unit.Level.PROVINCE, below=_fresh(top))
        self.top = _fresh(top)
        self.provinces = list(Unit.objects.filter(level=Unit.Level.PROVINCE).order_by("path"))
        self.communes: list[int] = []
        person = make_person("thu", "Người Thử", Role.CHIEF, self.top)
        Authenticator.objects.create(user=person, type="totp", data={"secret": "not-used-here"})
        self.authority, self.client = authority_of(person), Client(HTTP_HOST="localhost")
        self.client.force_login(person)

    def grow_to(self, size: int) -> None:
        """Communes until there are `size`, their rows, and all cells anew."""
        added = self._add_communes(size)
        values = {"units": added, "kinds": KINDS, "months": MONTHS, "first_day": FIRST_DAY}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE tallied_deed DISABLE TRIGGER ALL")  # each row's unit is one of ours
            cursor.execute(FILL, values)
            cursor.execute("ALTER TABLE tallied_deed ENABLE TRIGGER ALL")
            cursor.execute("TRUNCATE measures_cell")
            cursor.execute(f"ALTER TABLE measures_cell DROP CONSTRAINT {KEY}")  # made anew: row by row is slow
            cursor.execute(CELLS)
            cursor.execute(f"ALTER TABLE measures_cell ADD CONSTRAINT {KEY} PRIMARY KEY {KEYS}")
        with connection.cursor() as cursor:
            for table in ("tallied_deed", "measures_cell", "units_unit"):
                cursor.execute(f"VACUUM ANALYZE {table}")

    def _add_communes(self, size: int) -> list[int]:
        """Rows of units as treebeard writes them: one by one takes minutes."""
        number, made = len(self.communes), []
        below: dict[str, int] = {each.path: 0 for each in self.provinces}
        for number in range(size):
            province = self.provinces[number % PROVINCES]
            below[province.path] += 1
            if number >= len(self.communes):
                path = province.path + Unit._int2str(below[province.path]).rjust(Unit.steplen, "0")
                made.append(Unit(code=f"X{number:05}", name=f"Công an xã {number}", level=Unit.Level.COMMUNE,
                                 valid_from=date(2024, 1, 1), path=path, depth=3, numchild=0))  # fmt: skip
        Unit.objects.bulk_create(made)
        for province in self.provinces:
            Unit.objects.filter(pk=province.pk).update(numchild=below[province.path])
        added = [unit.pk for unit in made]
        self.communes += added
        return added

    def cells(self) -> int:
        """How many there are."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM measures_cell")
            return int(cursor.fetchone()[0])

    # --- what is asked -----------------------------------------------------------------------------------------------
    def questions(self) -> dict[str, Callable[[], object]]:
        """Tables of figures as pages ask for them, and the pages themselves."""
        months = [Period.parse(f"{2024 + at // 12}-{at % 12 + 1:02}") for at in range(MONTHS)]
        year, province = Period.parse("2025"), self.provinces[0]
        below = list(Unit.objects.filter(path__startswith=province.path, depth=3))

        def table(measures: Any, units: list[Unit], periods: list[Period]) -> Callable[[], object]:
            return lambda: figures(measures, units, periods, authority=self.authority)

        asked = {
            "country by province, a year": table(self.measures, [self.top, *self.provinces], [year]),
            "country, 24 months": table(self.measures, [self.top], months),
            "province by commune, a year": table(self.measures, [province, *below], [year]),
            "commune, 24 months": table(self.measures, below[:1], months),
            "country by province, a month and the one before": table(
                self.measures, [self.top, *self.provinces], [months[-1], months[-1].previous()]),
            "country, a campaign and a week": table(
                self.measures, [self.top], [Period.parse("2025-01-15..2025-05-20"), Period.parse("2025-W10")]),
            "country, nine months and the year before": table(
                self.measures, [self.top], [Period.parse("2025-9M"), Period.parse("2024-9M")]),
        }  # fmt: skip
        return asked | {
            "page of all definitions": lambda: self._page(reverse("measures")),
        }

    def _page(self, address: str) -> bytes:
        answer = self.client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        return bytes(answer.content)

    def group_bys(self) -> dict[str, Callable[[], object]]:
        """The same numbers as plain GROUP BY over the rows."""
        step = Unit.steplen
        year = {"first": date(2025, 1, 1), "last": date(2025, 12, 31)}
        every = {"first": FIRST_DAY, "last": date(2025, 12, 31)}
        top, province = self.top.path + "%", self.provinces[0].path + "%"
        month = "date_trunc('month', done_on)"

        def ask(period: str, **values: Any) -> Callable[[], object]:
            return lambda: _rows(GROUP_BY.format(period=period), values)

        return {
            "country by province, a year": ask("1", length=2 * step, below=top, **year),
            "country, 24 months": ask(month, length=step, below=top, **every),
            "province by commune, a year": ask("1", length=3 * step, below=province, **year),
        }

    @staticmethod
    def measured(asked: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
        """Milliseconds of each question; the first of each warms the caches and is not counted."""
        taken: dict[str, list[float]] = {name: [] for name in asked}
        for number in range(rounds + 1):
            for name, ask in asked.items():
                started = time.perf_counter()
                ask()
                if number:
                    taken[name].append((time.perf_counter() - started) * 1000)
        return taken

    # --- what changes ------------------------------------------------------------------------------------------------
    def change_seconds(self) -> float:
        """From the beginning of a row's writing until the country's figure has it."""
        year = Period.parse("2025")
        before = figure(MEASURES[3], self.top, year, authority=self.authority).value
        started = time.perf_counter()
        self._write()
        while figure(MEASURES[3], self.top, year, authority=self.authority).value == before:
            pass
        return time.perf_counter() - started

    def _write(self) -> None:
        Deed.objects.create(unit_id=self.communes[-1], kind="k03", done_on=date(2025, 6, 1))

    def write_ms(self) -> dict[str, float]:
        """Milliseconds to write one row, with forty measures kept and with none."""
        found = {}
        for name, state in (("write_ms", "ENABLE"), ("write_ms_unkept", "DISABLE")):
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE tallied_deed {state} TRIGGER USER")
            self._write()
            started = time.perf_counter()
            for _ in range(WRITES):
                self._write()
            found[name] = round((time.perf_counter() - started) * 1000 / WRITES, 2)
        return found


KEY = "measures_cell_pkey"
KEYS = "(unit_id, measure, grain, day, kind) INCLUDE (count, total, own_count)"


def _rows(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _fresh(unit: Unit) -> Unit:
    found: Unit = Unit.objects.get(pk=unit.pk)
    return found
