"""`binhyen bench users`: 500 people at once on the busiest pages, while one takes the whole register out (F14).

The real web process and the real worker on the embedded PostgreSQL; each person has a session and a connection of the
own that stays open, looks at a page, reads for a while, looks at the next. First without the export, then with it: the
two beside each other say whether the others starve. Time is from sending a request to the last byte of its answer.
"""

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from binhyen.bench import lists
from binhyen.bench.cameras import scratch

ROWS, USERS, SECONDS, THINK_S = 200_000, 500, 60.0, 30.0
ANSWER_WITHIN_S = 60.0
ASK_AGAIN_S = 2.0
SETTINGS = "binhyen.bench.listed.settings"
PAGES = {
    "list": (40, "/dong-thu/"),
    "filtered": (15, "/dong-thu/?kind=k{kind}&sap=name"),
    "search": (15, "/dong-thu/?tim={word}"),
    "one row": (15, "/dong-thu/{row}/"),
    "today": (10, "/hom-nay/"),
    "news": (5, "/thong-bao/so.json"),
}
"""Weight in a hundred, and address."""


def register(parser: argparse.ArgumentParser) -> None:
    """How many people and rows, how long."""
    parser.add_argument("--rows", type=int, default=ROWS, help=f"số dòng (mặc định {ROWS})")
    parser.add_argument("--users", type=int, default=USERS, help=f"số người cùng lúc (mặc định {USERS})")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="mỗi lượt đo dài bao nhiêu giây")
    parser.add_argument("--think", type=float, default=THINK_S, help="mỗi người đọc một trang bao nhiêu giây")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; exit status 0 whatever they are."""
    with scratch() as folder, lists.database(folder, SETTINGS):
        _, unit_ids = lists.prepare()
        lists.fill(unit_ids, 1, arguments.rows)
        sessions, taker = _people(unit_ids, arguments.users)
        with _served(folder) as url:
            told = asyncio.run(_measure(url, sessions, taker, arguments))
    print(json.dumps({"users": arguments.users, "rows": arguments.rows, **told}, ensure_ascii=False))
    return 0


def _people(unit_ids: list[int], count: int) -> tuple[list[str], str]:
    """A session key of each person, and of somebody who may see every row."""
    from allauth.mfa.models import Authenticator
    from django.test import Client

    from binhyen.kernel.accounts.models import User
    from binhyen.kernel.testing.world import make_person
    from binhyen.kernel.units.models import Unit
    from binhyen.kernel.units.roles import Role

    def session_of(user: User) -> str:
        client = Client()
        client.force_login(user)
        return client.cookies["sessionid"].value

    units = list(Unit.objects.filter(pk__in=unit_ids))
    people = [make_person(f"thu{n}", f"Người Thử {n}", Role.CHIEF, units[n % len(units)]) for n in range(count)]
    for person in people:
        Authenticator.objects.create(user=person, type="totp", data={"secret": "not-used-here"})
    return [session_of(person) for person in people], session_of(User.objects.get(username="thu"))


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The web process and the worker, as the supervisor starts them; the address of the first."""
    import signal

    from binhyen.supervisor.processes import Child, ChildSpec, python

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = python("uvicorn", "binhyen.web.asgi:application", "--port", str(port), "--no-access-log")
    web += ["--lifespan", "off"]
    specs = [
        ChildSpec("web", web, folder / "web.log", dict(os.environ), stop_signal=signal.SIGTERM),
        ChildSpec("jobs", python("binhyen", "jobs"), folder / "jobs.log", dict(os.environ)),
    ]
    children = [Child(spec) for spec in specs]
    for child in children:
        child.start()
    try:
        give_up_at = time.monotonic() + 60
        while not _listens(port):
            if time.monotonic() > give_up_at:
                raise RuntimeError((folder / "web.log").read_text()[-2000:])
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.wait_until_stopped()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --- the people ------------------------------------------------------------------------------------------------------
@dataclass
class Seen:
    """What the people of one round saw: milliseconds by page, and what went wrong."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def every(self) -> list[float]:
        return [each for times in self.taken.values() for each in times]

    def told(self, name: str) -> dict[str, Any]:
        """Figures under `name`."""
        return {
            f"{name}_requests": len(self.every),
            f"{name}_p50_ms": round(statistics.median(self.every)),
            f"{name}_p95_ms": _p95(self.every),
            f"{name}_p95_by_page_ms": {page: _p95(times) for page, times in self.taken.items() if len(times) > 20},
            f"{name}_failures": len(self.failures),
        }


async def _measure(url: str, sessions: list[str], taker: str, arguments: argparse.Namespace) -> dict[str, Any]:
    async with _connections(len(sessions) + 1) as client:
        await _round(client, url, sessions, arguments, seconds=min(10.0, arguments.seconds))  # caches, plans, threads
        alone = await _round(client, url, sessions, arguments, seconds=arguments.seconds)
        exporting = asyncio.create_task(_export(client, url, taker))
        beside = await _round(client, url, sessions, arguments, seconds=arguments.seconds)
        exported = await exporting
    ratio = round(_p95(beside.every) / _p95(alone.every), 2)
    said = [*alone.failures, *beside.failures][:5]
    return {**alone.told("alone"), **beside.told("beside_export"), "beside_vs_alone": ratio, **exported, "said": said}


def _connections(count: int) -> Any:
    import aiohttp

    connector = aiohttp.TCPConnector(limit=count, limit_per_host=count, keepalive_timeout=300)
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S)
    return aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())


async def _round(client: Any, url: str, sessions: list[str], arguments: argparse.Namespace, *, seconds: float) -> Seen:
    seen, until = Seen(), time.monotonic() + seconds
    people = (
        _person(client, url, session, arguments, seen, random.Random(number), until)  # noqa: S311 - who looks at what
        for number, session in enumerate(sessions)
    )
    await asyncio.gather(*people)
    return seen


async def _person(
    client: Any, url: str, session: str, arguments: argparse.Namespace, seen: Seen, chance: random.Random, until: float
) -> None:
    await asyncio.sleep(chance.uniform(0, arguments.think))
    while time.monotonic() < until:
        name = chance.choices(list(PAGES), [weight for weight, _ in PAGES.values()])[0]
        path = PAGES[name][1].format(
            kind=chance.randrange(11), word=chance.choice(lists.GIVEN.split()), row=chance.randrange(arguments.rows) + 1
        )
        started = time.perf_counter()
        status = await _get(client, url + path, session)
        seen.taken.setdefault(name, []).append((time.perf_counter() - started) * 1000)
        if status != 200 and not (name == "one row" and status == 404):  # a row of another commune is not there
            seen.failures.append(f"{path}: {status}")
        await asyncio.sleep(chance.uniform(0.5, 1.5) * arguments.think)


async def _get(client: Any, address: str, session: str) -> int | str:
    try:
        async with client.get(address, headers={"Cookie": f"sessionid={session}"}, allow_redirects=False) as answer:
            await answer.read()
            return int(answer.status)
    except (OSError, TimeoutError) as error:
        return type(error).__name__


async def _export(client: Any, url: str, session: str) -> dict[str, Any]:
    """Take everything as CSV the way a browser does: ask, look at the progress, take the file."""
    cookie = {"Cookie": f"sessionid={session}"}
    started, looks = time.monotonic(), 0
    async with client.get(f"{url}/dong-thu/danh-sach.csv", headers=cookie, allow_redirects=False) as answer:
        page, asked_s = url + answer.headers["Location"], time.monotonic() - started
    while True:
        async with client.get(page, headers=cookie) as answer:
            text = await answer.text()
        if "/tep/" in text or "Không lập được" in text:
            break
        looks += 1
        await asyncio.sleep(ASK_AGAIN_S)
    async with client.get(f"{page}tep/", headers=cookie) as answer:
        lines = (await answer.read()).count(b"\n") - 1
    seconds = round(time.monotonic() - started, 1)
    return {"export_asked_s": round(asked_s, 2), "export_s": seconds, "export_rows": lines, "progress_looks": looks}


def _p95(times: list[float]) -> int:
    return round(statistics.quantiles(times, n=20)[-1])
