"""A station with a stand-in for its live node, and people who look."""

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from websockets.sync.client import connect

from binhyen.kernel.testing.world import SINCE, make_person, make_world
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import add_camera, add_household_camera
from binhyen.modules.cases.public import CaseFacts, open_case
from tests.browser import serving
from tests.looks.node import RunningNode


@pytest.fixture(scope="session")
def _served(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        folder = tmp_path_factory.mktemp("looks")
        with RunningNode(settings.BINHYEN_NODE_TOKEN) as node, serving(folder, BINHYEN_NODE_URL=node.url) as station:
            yield station, node


@pytest.fixture
def station(_served, transactional_db):
    """The station whose rows are this test's rows."""
    return _served[0]


@pytest.fixture
def node(_served, station):
    """What the station asks for pictures."""
    _served[1].asked.clear()
    return _served[1]


@dataclass
class Scene:
    """One commune with a camera of tier 2, one of a household, a neighbour's camera, and an open case."""

    world: object
    camera: object
    other: object
    household: object
    owner: object
    case: object


@pytest.fixture
def scene(station):
    with across_units():
        world = make_world()
        owner = make_person("chu.nha", "Phạm Thị Lụa", Role.CAMERA_OWNER, world.commune_a)
        common = {"by": None, "unit": world.commune_a, "active_from": SINCE}
        return Scene(
            world=world,
            camera=add_camera(tier=2, name="Ngã ba Chợ Đồn", url="rtsp://10.1.0.2/1", **common),
            other=add_camera(tier=2, name="Cầu Gỗ", url="rtsp://10.1.0.3/1", **common),
            household=add_household_camera(
                owner=owner, name="Cổng", url="rtsp://10.1.0.4/1", address="Ngõ 7", **common
            ),
            owner=owner,
            case=open_case(
                CaseFacts(kind=_any_kind(), title="Mất xe máy"), unit=world.commune_a, by=world.people["chief"]
            ),
        )


def _any_kind():
    from binhyen.modules.cases.kinds import kinds

    return next(iter(kinds()))


class Person:
    """A browser of one person, without the browser."""

    def __init__(self, station, user=None):
        self.station = station
        self.host = urlsplit(station.url).netloc
        cookie = station.session_cookie(user) if user else None
        self.session_key = cookie["value"] if cookie else ""
        self.cookies = {"Cookie": f"sessionid={self.session_key}; csrftoken={'x' * 32}"}

    def ask(self, method, path, fields=None, **headers):
        """`(status, headers, body)` of one request."""
        connection = http.client.HTTPConnection(self.host, timeout=20)
        own = {**self.cookies, "X-CSRFToken": "x" * 32, "Accept": "application/json", **headers}
        if fields:
            own["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(fields) if fields else None, own)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.headers, body

    def look(self, camera, **fields):
        """The look opened, as told."""
        status, _, body = self.ask("POST", f"/xem/{camera.code}/", {"kind": "live", **fields})
        assert status == 200, body.decode()
        return json.loads(body)

    def get_json(self, path):
        status, _, body = self.ask("GET", path)
        return status, json.loads(body)

    def live(self, camera, ticket, *, stream="main", **headers):
        """An open socket."""
        address = f"ws://{self.host}/ws/live/{camera.code}?{urlencode({'ticket': ticket, 'stream': stream})}"
        return connect(address, additional_headers={**self.cookies, **headers}, open_timeout=10, close_timeout=2)


@pytest.fixture
def person(station):
    """A function giving a person's browser."""
    return lambda user=None: Person(station, user)
