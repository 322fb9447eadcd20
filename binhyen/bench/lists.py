"""`binhyen bench lists`: pages, filters and searches of a million rows, beside Django's admin on the same table.

Server time of whole requests (middleware, rights, queries, template) in one process, on the embedded PostgreSQL with
the product's own configuration, caches warm. Every row may be seen by the person who asks: the hardest case.
"""

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from binhyen.bench.cameras import scratch

SIZES = (10_000, 100_000, 1_000_000)
UNITS = 40
ROUNDS = 5
ADMIN_ROUNDS = 2
SEED = 11

FILL = """
INSERT INTO listed_listedrow (unit_id, number, name, place, kind, opened_on, closed_on)
SELECT (%(units)s::bigint[])[1 + n %% %(unit_count)s], 'BB-' || lpad(n::text, 7, '0'),
       (%(family)s::text[])[1 + (hashint4(n) & 1048575) %% 12] || ' ' || (%(middle)s::text[])[1 + (hashint4(n + 7) & 1048575) %% 8]
         || ' ' || (%(given)s::text[])[1 + (hashint4(n + 13) & 1048575) %% 40]
         || CASE WHEN n %% 2 = 0 THEN ' xe máy' ELSE ' ô tô' END || CASE WHEN n %% 9973 = 0 THEN ' xích lô' ELSE '' END,
       'Thôn ' || (hashint4(n + 29) & 1048575) %% 900 || ', ' || (%(place)s::text[])[1 + (hashint4(n + 31) & 1048575) %% 10],
       'k' || CASE WHEN n %% 5003 = 0 THEN 11 ELSE n %% 11 END, DATE '2016-01-01' + (hashint4(n + 3) & 1048575) %% 3900,
       CASE WHEN n %% 3 = 0 THEN NULL ELSE DATE '2016-01-01' + (hashint4(n + 5) & 1048575) %% 3900 END
FROM generate_series(%(start)s, %(stop)s) AS n
"""  # noqa: E501 - a row is a sentence
GIVEN = (
    "An Bình Cường Dũng Đông Giang Hà Hải Hạnh Hiếu Hoa Hòa Hùng Hương Khánh Lan Lâm Linh Long Mai Nam Nga Nghĩa "
    "Phong Phúc Phương Quân Quang Sơn Tâm Thắng Thảo Thủy Tiến Toàn Trang Trung Tú Tuấn Yến"
)
PLACES = "An Hòa, Bình Minh, Cẩm Giàng, Đông Triều, Hòa Bình, Lạc Thủy, Mỹ Đức, Nga Sơn, Phú Lương, Yên Lạc"
FAMILIES, MIDDLES = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương", "Văn Thị Đức Ngọc Minh Hữu Xuân Thanh"


def _words() -> dict[str, list[str]]:
    lists = {"family": FAMILIES.split(), "middle": MIDDLES.split(), "given": GIVEN.split()}
    return lists | {"place": PLACES.split(", ")}


QUESTIONS = {
    "first page": "",
    "by name": "sap=name",
    "by name, backward": "sap=-name",
    "by day closed": "sap=closed_on",
    "kind": "kind=k3",
    "rare kind": "kind=k11",
    "kind by name": "kind=k3&sap=name",
    "a month": "opened_on_tu=01/03/2020&opened_on_den=31/03/2020",
    "a month by name": "opened_on_tu=01/03/2020&opened_on_den=31/03/2020&sap=name",
    "common word": "tim=xe",
    "common word by name": "tim=xe&sap=name",
    "half a word": "tim=ngu",
    "one letter": "tim=n",
    "rare word": "tim=xich lo",
    "two words": "tim=dang khanh",
    "three words": "tim=le thi yen xe",
    "words that never meet": "tim=xe o to",
    "a number": "tim=bb 0004321",
    "no such word": "tim=khongco",
    "word, kind, order": "tim=hoang&kind=k5&sap=name",
}
ADMIN_QUESTIONS = {
    "first page": "",
    "by name": "o=2",
    "kind": "kind__exact=k3",
    "a month": "opened_on__gte=2020-03-01&opened_on__lt=2020-04-01",
    "common word": "q=xe",
    "rare word": "q=xích lô",
    "two words": "q=đặng khánh",
    "no such word": "q=khongco",
}


def register(parser: argparse.ArgumentParser) -> None:
    """How many rows."""
    parser.add_argument("--rows", type=int, default=SIZES[-1], help="số dòng lớn nhất (mặc định 1.000.000)")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; exit status 0 whatever they are."""
    with scratch() as folder, database(folder, "binhyen.bench.listed.settings"):
        client, unit_ids = prepare()
        growth, filled = {}, 0
        for size in sorted({min(size, arguments.rows) for size in SIZES}):
            fill(unit_ids, filled + 1, size)
            filled = size
            ours = _measured(client, _ours(size), ROUNDS)
            growth[size] = _p95(ours)
        admin = _measured(client, _admin(filled), ADMIN_ROUNDS)
    slowest = dict(sorted(((name, round(max(times))) for name, times in ours.items()), key=lambda each: -each[1])[:8])
    report = {
        "rows": filled,
        "p95_ms": _p95(ours),
        "p50_ms": round(statistics.median(every(ours)), 1),
        "admin_p95_ms": _p95(admin),
        "vs_admin": round(_p95(ours) / _p95(admin), 4),
        "growth_p95_ms": growth,
        "slowest_ms": slowest,
        "admin_slowest_ms": {name: round(max(times)) for name, times in admin.items()},
    }
    print(json.dumps(report, ensure_ascii=False))
    return 0


@contextmanager
def database(folder: Path, settings: str) -> Iterator[None]:
    """An embedded PostgreSQL of its own, configured as the product's, and the settings to use it with."""
    import signal

    from binhyen.supervisor.postgres import EmbeddedPostgres
    from binhyen.supervisor.processes import Child, ChildSpec

    folder.chmod(0o755)  # as root the server runs as nobody and must get in
    server = EmbeddedPostgres(folder / "pg", folder / "keys", folder / "postgres.log")
    server.prepare()
    spec = ChildSpec("postgres", server.command(), server.log, stop_signal=signal.SIGINT, stop_within_s=30)
    running = Child(spec)
    running.start()
    try:
        server.wait_until_ready(running)
        os.environ.update(DATABASE_URL=server.url, BINHYEN_DATA=str(folder), DJANGO_SETTINGS_MODULE=settings)
        yield
    finally:
        running.ask_to_stop()
        running.wait_until_stopped()


def prepare() -> tuple[Any, list[int]]:
    """The tables, forty communes, and a client of somebody who serves the province above them."""
    import django

    django.setup()
    from allauth.mfa.models import Authenticator
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from binhyen.bench.listed.models import ListedRow
    from binhyen.kernel.testing.world import make_person, make_unit
    from binhyen.kernel.units.roles import Role

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    with connection.schema_editor() as editor:
        editor.create_model(ListedRow)
    province = make_unit("T98", "Công an tỉnh thử", "tinh")
    units = [make_unit(f"X98{n:03}", f"Công an xã {n}", "xa", below=type(province).objects.get(pk=province.pk))
             for n in range(UNITS)]  # fmt: skip
    person = make_person("thu", "Người Thử", Role.CHIEF, province)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "not-used-here"})
    client = Client(HTTP_HOST="localhost")
    client.force_login(person)
    return client, [unit.pk for unit in units]


def fill(unit_ids: list[int], start: int, stop: int) -> None:
    """Rows `start` to `stop`, spread over the units."""
    from django.db import connection

    from binhyen.bench.listed.models import ListedRow

    with connection.schema_editor() as editor:
        for index in ListedRow._meta.indexes:  # made anew afterwards: row by row takes minutes
            editor.remove_index(ListedRow, index)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE listed_listedrow DISABLE TRIGGER ALL")  # each row's unit is one of ours
        cursor.execute(FILL, {**_words(), "units": unit_ids, "unit_count": UNITS, "start": start, "stop": stop})
    with connection.schema_editor() as editor:
        for index in ListedRow._meta.indexes:
            editor.add_index(ListedRow, index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE listed_listedrow")


def _ours(size: int) -> dict[str, Callable[[], str]]:
    """Addresses by name, made anew for each round: deep pages are somewhere else each time."""
    asked: dict[str, Callable[[], str]] = {
        name: lambda query=query: f"/dong-thu/?{query}" for name, query in QUESTIONS.items()
    }
    for sort in ("-opened_on", "name", "closed_on"):
        for way in ("sau", "truoc"):
            asked[f"deep page by {sort}, {way}"] = lambda sort=sort, way=way: _deep(sort, way, size)
    asked["one commune"] = lambda: f"/dong-thu/?unit={_some_unit()}&sap=name"
    asked["one commune, a word"] = lambda: f"/dong-thu/?unit={_some_unit()}&tim=hoang"
    return asked


_random = random.Random(SEED)  # noqa: S311 - which page is looked at


def _some_unit() -> int:
    from binhyen.kernel.units.models import Unit

    return _random.choice(list(Unit.objects.filter(level="xa").values_list("pk", flat=True)))


def _deep(sort: str, way: str, size: int) -> str:
    from binhyen.bench.listed.models import ListedRow
    from binhyen.kernel.screens.declaration import screens_of
    from binhyen.kernel.screens.paging import mark_of

    screens = screens_of(ListedRow)
    assert screens is not None  # noqa: S101 - declared beside the model
    row = ListedRow._base_manager.get(number=f"BB-{_random.randint(1, size):07}")
    return f"/dong-thu/?sap={sort}&{way}={mark_of(screens.order_read(sort), row)}"


def _admin(size: int) -> dict[str, Callable[[], str]]:
    asked: dict[str, Callable[[], str]] = {
        name: lambda query=query: f"/admin/listed/listedrow/?{query}" for name, query in ADMIN_QUESTIONS.items()
    }
    asked["deep page"] = lambda: f"/admin/listed/listedrow/?p={_random.randint(1, max(1, size // 25))}"
    return asked


def _measured(client: Any, asked: dict[str, Callable[[], str]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each question; the first of each warms the caches and is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name, address in asked.items():
            url = address()
            started = time.perf_counter()
            answer = client.get(url)
            elapsed = (time.perf_counter() - started) * 1000
            if answer.status_code != 200:
                raise RuntimeError(f"{url} answered {answer.status_code}")
            if number:
                taken[name].append(elapsed)
    return taken


def every(taken: dict[str, list[float]]) -> list[float]:
    """All measurements together."""
    return [each for times in taken.values() for each in times]


def _p95(taken: dict[str, list[float]]) -> float:
    return round(statistics.quantiles(every(taken), n=20)[-1], 1)
