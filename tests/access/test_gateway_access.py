"""S01 for what is in no resolver: the WebSocket of live pictures and the addresses of a look, at a real station.

The station has no recording node behind it, so `ok` means that the rules let the request through to where the node
would be (close code 4503, status 503). `own`: with a look of one's own, where the rules give one; `lent`: with the
ticket or the look of the chief.
"""

import urllib.error
import urllib.request

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from binhyen.kernel.units.authority import Refused, across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import LookKind, Purpose, Window, open_look
from tests.access import table
from tests.access.examples import make_stage
from tests.access.test_access import HOW_TO, IS_WRITING

LIVE, MEDIA = "ws:/ws/live/<code>", "/look/<look>/media"
CLOSED_AS = {4503: "ok", 4401: "no", 4403: "no"}
ANSWERED_AS = {503: "ok", 401: "no", 403: "no", 404: "404"}


@pytest.fixture
def stage(live_station, world):
    with across_units():
        return make_stage(world)


def open_for(user, kind, stage):
    """A look of `user` at the camera of the own commune; None where the rules say no."""
    things = stage.own
    case = "" if kind == LookKind.LIVE else things.case.number
    window = None if kind == LookKind.LIVE else Window(things.request.start, things.request.end)
    purpose = Purpose.ORDER if kind == LookKind.LIVE else Purpose.CASE
    with across_units():
        try:
            return open_look(things.camera.code, by=user, kind=kind, purpose=purpose, case=case, window=window)
        except Refused:
            return None


def watched(station, session, code, ticket):
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    address = station.url.replace("http", "ws") + f"/ws/live/{code}?ticket={ticket}"
    with connect(address, additional_headers=headers, origin=station.url) as socket:
        try:
            while True:
                socket.recv(timeout=20)
        except ConnectionClosed as end:
            return CLOSED_AS[end.rcvd.code]


def fetched(station, session, look):
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    asked = urllib.request.Request(f"{station.url}/look/{look}/media", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return ANSWERED_AS[answer.status]
    except urllib.error.HTTPError as error:
        with error:
            return ANSWERED_AS[error.code]


def tried(station, stage):
    chief, code = stage.people[Role.CHIEF], stage.own.camera.code
    sessions = {"anonymous": ""} | {role.value: station.session_cookie(stage.people[role])["value"] for role in Role}
    rows = {table.Row(address, thing, "GET"): {} for address in (LIVE, MEDIA) for thing in ("own", "lent")}
    for column, session in sessions.items():
        user = stage.people.get(column)
        live = user and open_for(user, LookKind.LIVE, stage)
        media = user and open_for(user, LookKind.PLAYBACK, stage)
        lent_live, lent_media = open_for(chief, LookKind.LIVE, stage), open_for(chief, LookKind.PLAYBACK, stage)
        rows[table.Row(LIVE, "own", "GET")][column] = watched(station, session, code, live.ticket) if live else "no"
        rows[table.Row(MEDIA, "own", "GET")][column] = fetched(station, session, media.look.pk) if media else "no"
        rows[table.Row(LIVE, "lent", "GET")][column] = watched(station, session, code, lent_live.ticket)
        rows[table.Row(MEDIA, "lent", "GET")][column] = fetched(station, session, lent_media.look.pk)
    return rows


def test_S01_pictures_open_to_whom_the_table_says(live_station, stage):
    found = tried(live_station, stage)
    if IS_WRITING:
        table.write({row: cells for row, cells in table.read().items() if row.address not in (LIVE, MEDIA)} | found)
        return
    assert {row: cells for row, cells in table.read().items() if row.address in (LIVE, MEDIA)} == found, HOW_TO


def test_S03_a_ticket_or_a_look_of_somebody_else_opens_nothing():
    lent = {
        (row.address, column): word
        for row, cells in table.read().items()
        for column, word in cells.items()
        if row.thing == "lent" and column != Role.CHIEF
    }
    assert set(lent.values()) <= {"no", "404"}
