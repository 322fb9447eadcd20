"""S01: every address × every role × own, other, closed unit, compared with a table that a person can read."""

import os
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from binhyen.kernel.screens.urls import urls_of
from binhyen.kernel.testing.registers import stands_for_its_shape
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.web import middleware
from tests.access import table
from tests.access.examples import SCOPES, Stage, forms_for, make_stage, register_of, things_for
from tests.access.routes import UNDECLARED, all_routes

ROUTES = all_routes()
IS_WRITING = os.environ.get("BINHYEN_WRITE_ACCESS_TABLE") == "1"
HOW_TO = "BINHYEN_WRITE_ACCESS_TABLE=1 .venv/bin/python -m pytest tests/access writes it; read every new line."

OPEN_TO_ANYONE = {
    "/", "/cam-ket/", "/dang-nhap/", "/dang-xuat/", "/tai-khoan/hai-lop/authenticate/", "/suc-khoe/",
    "/cong-bo/nhat-ky/", "/cong-bo/nhat-ky.json", "/kiem-chung/", "/kiem-chung/xem-va-kiem.html",
    "/kiem-chung/minisign.pub", "/kiem-chung/bao-cao/<public_id>/", "/kiem-chung/bao-cao/minisign.pub",
    "/api/openapi.json", "/dong-gop/", "/dong-gop/<pk>/", "/dong-gop/<pk>/<number>.json",
    "/nop-hinh/", "/nop-hinh/mo/", "/tham-gia/<token>/", "/bien-nhan/<code>/<token>/",
    "/bien-nhan/<code>/<token>/bien-nhan.json",
}  # fmt: skip
"""What somebody who has not signed in may get an answer from."""


@dataclass
class Trial:
    """The stage, and a session key for each column of the table; empty for nobody."""

    stage: Stage
    sessions: dict[str, str]


@pytest.fixture
def trial(world, monkeypatch):
    # How a refusal looks is tried in web/tests; here thousands of them are only told apart by their status.
    monkeypatch.setattr(middleware, "render", lambda *args, status: HttpResponse(status=status))
    with across_units():
        stage = make_stage(world)
    return Trial(stage, {"anonymous": ""} | {role: session_of(stage.people[role]) for role in Role})


def session_of(user):
    """A session of `user`, signed in with the second factor."""
    Authenticator.objects.create(user=user, type="totp", data={"secret": "not-used-here"})
    signing_in = Client()
    signing_in.force_login(user)
    return signing_in.cookies["sessionid"].value


client = Client(raise_request_exception=False)
"""One for all: making the middleware anew for each of thousands of requests would take most of the time."""


def outcome(method, url, session, form):
    """The answer in one word; whatever it changed is undone."""
    client.cookies.clear()
    if session:
        client.cookies["sessionid"] = session
    with transaction.atomic():
        answer = client.get(url) if method == "GET" else client.post(url, form)
        transaction.set_rollback(True)
    return in_a_word(answer)


def in_a_word(answer):
    words = {403: "no", 400: "bad", 409: "bad", 422: "bad"}
    if answer.status_code in words:
        return words[answer.status_code]
    if answer.status_code in (301, 302) and answer.url.startswith(settings.LOGIN_URL):
        return "login"
    return "ok" if answer.status_code < 400 else str(answer.status_code)


def tried(routes, trial):
    found = {}
    for route in routes:
        for thing, values in things_for(route.name, route.parameters, trial.stage).items():
            url = route.url(values)
            things = getattr(trial.stage, thing if thing in SCOPES else "own")
            for method, form in {"GET": {}, "POST": {}, **forms_for(route.name, things)}.items():
                found[table.Row(route.address, thing, method)] = {
                    column: outcome(method, url, session, form) for column, session in trial.sessions.items()
                }
    return found


def in_parts(routes, runs, marks=()):
    """`routes` in so many parts: the stage is built once for each, and parts run beside each other."""
    length = -(-len(routes) // runs)
    parts = [routes[at : at + length] for at in range(0, len(routes), length)]
    return [pytest.param(part, id=f"{part[0].address}…", marks=marks) for part in parts]


def is_like_another(route):
    """Whether the machinery made this page, as it made that of another register of the same shape."""
    register = register_of(route.name)
    if register is None or stands_for_its_shape(register):
        return False
    return route.address.startswith("/api/") or route.name in {pattern.name for pattern in urls_of(register)}


QUICK = [route for route in ROUTES if not is_like_another(route)]
SLOW = [route for route in ROUTES if is_like_another(route)]
EITHER = [pytest.param(QUICK, id="quick"), pytest.param(SLOW, id="slow", marks=pytest.mark.slow)]
PARTS = in_parts(QUICK, 6) + in_parts(SLOW, 4, pytest.mark.slow)


def test_S01_every_address_is_in_the_table():
    missing = {route.address for route in ROUTES} - {row.address for row in table.read()}
    assert IS_WRITING or missing == set(), HOW_TO


@pytest.mark.timeout(300)  # two hundred rows, ten people each: a busy machine needs more than a minute or two
@pytest.mark.parametrize("routes", PARTS)
def test_S01_everyone_gets_the_answer_that_the_table_says(routes, trial):
    found = tried(routes, trial)
    broken = {row for row, answers in found.items() if "500" in answers.values()}
    addresses = {route.address for route in routes}
    if IS_WRITING:
        kept = {row: answers for row, answers in table.read().items() if row.address not in addresses}
        table.write(kept | {row: answers for row, answers in found.items() if row not in broken})
    assert broken == set()
    if IS_WRITING:
        return
    known = {row: cells for row, cells in table.read().items() if row.address in addresses}
    missing = sorted({row.address for row in found.keys() - known.keys()})
    assert missing == [], f"not in {table.FILE.name}: {', '.join(missing)}. {HOW_TO}"
    assert {row: cells for row, cells in found.items() if known[row] != cells} == {}, HOW_TO


def test_S01_the_table_names_no_address_that_is_gone():
    gone = {row.address for row in table.read()} - {route.address for route in ROUTES} - GATEWAY_ADDRESSES
    if IS_WRITING:
        table.write({row: cells for row, cells in table.read().items() if row.address not in gone})
        return
    assert gone == set(), HOW_TO


GATEWAY_ADDRESSES = frozenset({"ws:/ws/live/<code>", "/look/<look>/media"})
"""Tried in test_gateway_access.py: they are not in the resolver."""


# --- what the table must never say, whoever wrote it -----------------------------------------------------------------
def cells(table_rows=None):
    for row, outcomes in (table_rows or table.read()).items():
        for column, word in outcomes.items():
            yield row, column, word


def test_S01_nobody_gets_in_without_signing_in():
    ok = {row.address for row, column, word in cells() if column == "anonymous" and word in ("ok", "bad")}
    assert ok <= OPEN_TO_ANYONE


def test_S01_every_view_says_for_whom_it_is_or_is_a_library_s():
    libraries = ("/dang-", "/tai-khoan/", "/api/")
    silent = [
        route.address for route in ROUTES if route.open_to == UNDECLARED and not route.address.startswith(libraries)
    ]
    assert silent == ["/"]


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if isinstance(r.open_to, frozenset) and r.open_to], ids=lambda r: r.address
)
def test_S01_a_view_opens_to_no_role_that_it_does_not_name(route):
    wrong = {
        (row.thing, row.method, column)
        for row, column, word in cells()
        if row.address == route.address and column not in {*route.open_to, "anonymous"} and word == "ok"
    }
    assert wrong == set()


def test_S01_things_of_other_and_closed_units_open_to_nobody():
    opened = {
        (row.address, row.thing, column)
        for row, column, word in cells()
        if row.thing in ("other", "closed")
        and row.method != "POST"
        and word == "ok"
        and row.address not in OPEN_TO_ANYONE
    }
    assert opened == set()


def test_S12_the_it_administrator_gets_no_picture_and_no_case():
    picture_words = (
        "/xem",
        "/tuong-hinh",
        "/vu-viec",
        "/yeu-cau",
        "/goi-chung-cu",
        "/camera-cua-toi",
        "/doan-nop",
        "/look",
        "ws:",
    )
    opened = {
        (row.address, row.method)
        for row, column, word in cells()
        if column == Role.IT_ADMIN and word == "ok" and row.address.startswith(picture_words)
    }
    assert opened == set()


def test_T01_a_neighbour_s_camera_opens_to_no_officer():
    opened = {
        (row.address, row.method, column) for row, column, word in cells() if row.thing == "home" and word == "ok"
    }
    assert opened == set()
