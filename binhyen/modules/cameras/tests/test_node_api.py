"""The centre's side of the node: desired state, events taken once, statuses."""

import json

import pytest
from django.conf import settings

from binhyen.contracts import Event, EventBatch, EventKind, NodeSpec, dump, load
from binhyen.modules.cameras.domain import change_camera, place_hold, release_holds
from binhyen.modules.cameras.models import CameraEvent, CameraReport
from binhyen.modules.cameras.tests.conftest import SECRETS, STATE_PASSWORD

pytestmark = pytest.mark.usefixtures("all_units")


@pytest.fixture
def node(client):
    """Speaks as a recording node."""
    bearer = {"Authorization": f"Bearer {settings.BINHYEN_NODE_TOKEN}"}

    class Node:
        def get(self, path, **headers):
            return client.get(f"/api/node/{path}", headers={**bearer, **headers})

        def post(self, path, value):
            return client.post(f"/api/node/{path}", json.dumps(value), content_type="application/json", headers=bearer)

    return Node()


def batch(*events):
    return dump(EventBatch("b1", events))


def status_of(camera, **changed):
    return {"camera": camera.code, "state": "recording", "since": 1_795_000_000_000_000, **changed}


def test_the_node_is_told_every_camera_with_its_address(park, node):
    spec = load(NodeSpec, node.get("spec").json())
    assert {c.code: c.url for c in spec.cameras} == {
        park.tier1.code: "rtsp://10.1.0.1/1",
        park.tier2.code: f"rtsp://xem:{STATE_PASSWORD}@10.1.0.2/1",
        park.household.code: f"rtsp://nha:{SECRETS['password']}@{SECRETS['host']}/cong",
        park.elsewhere.code: "rtsp://10.2.0.1/1",
    }


def test_an_unchanged_spec_is_not_sent_again_and_a_changed_one_is(park, node):
    etag = node.get("spec")["ETag"]
    assert node.get("spec", **{"If-None-Match": etag}).status_code == 304
    change_camera(park.tier1, by=None, retention_days=7)
    assert node.get("spec", **{"If-None-Match": etag}).status_code == 200


def test_holds_are_in_the_spec_until_released(park, node):
    held = place_hold(park.tier1.code, 10, 20, reason="case:1")
    assert node.get("spec").json()["holds"] == [{"id": held, "camera": park.tier1.code, "start": 10, "end": 20}]
    assert release_holds("case:1") == 1
    assert node.get("spec").json()["holds"] == []


def test_an_ended_camera_stays_in_the_spec_for_its_retention_without_being_recorded(park, node, today):
    change_camera(park.tier1, by=None, active_until=today)
    told = {c["code"]: c["recording"] for c in node.get("spec").json()["cameras"]}
    assert told[park.tier1.code] is False


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}])
@pytest.mark.parametrize(("method", "path"), [("get", "spec"), ("post", "events"), ("post", "status")])
def test_without_the_token_the_node_api_answers_401(park, client, method, path, headers):
    assert getattr(client, method)(f"/api/node/{path}", headers=headers).status_code == 401


def test_F03_events_delivered_twice_are_kept_once(park, node):
    events = (
        Event("e1", EventKind.GAP, 100, park.tier1.code, {"reason": "connection"}),
        Event("e2", EventKind.NODE_STARTED, 90),
    )
    assert node.post("events", batch(*events)).json() == {"accepted": 2}
    assert node.post("events", batch(*events)).json() == {"accepted": 2}
    kept = list(CameraEvent.objects.values_list("id", "camera__code", "detail"))
    assert kept == [("e1", park.tier1.code, {"reason": "connection"}), ("e2", None, {})]


def test_the_newest_status_of_a_camera_replaces_the_one_before(park, node):
    node.post("status", {"statuses": [status_of(park.tier1)]})
    answer = node.post("status", {"statuses": [status_of(park.tier1, state="silent", width=1920)]})
    assert answer.json() == {"accepted": 1}
    assert list(CameraReport.objects.values_list("camera__code", "state", "width")) == [
        (park.tier1.code, "silent", 1920)
    ]


def test_S08_an_error_that_quotes_the_address_is_kept_without_its_secrets(park, node):
    household_url = f"rtsp://nha:{SECRETS['password']}@{SECRETS['host']}/cong"
    node.post(
        "status",
        {
            "statuses": [
                status_of(park.tier2, error=f"rtsp://xem:{STATE_PASSWORD}@10.1.0.2/1: 401"),
                status_of(park.household, error=f"{household_url}: {SECRETS['host']} từ chối"),
            ]
        },
    )
    kept = dict(CameraReport.objects.values_list("camera__code", "error"))
    assert kept == {park.tier2.code: "…: 401", park.household.code: "…: … từ chối"}


@pytest.mark.parametrize(
    "text",
    ["Không kết nối tới 113.160.1.2: từ chối", "[2402:800:6105::12]: hết giờ", "ở ::ffff:113.160.1.2 lúc 14:05:06"],
)
def test_T01_no_resolved_address_of_a_household_is_kept(park, node, text):
    node.post("status", {"statuses": [status_of(park.household, error=text)]})
    kept = CameraReport.objects.get(camera=park.household).error
    assert ("113.160" in kept, "2402" in kept, "…" in kept) == (False, False, True)


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{",
        '{"id": "b", "events": [{"id": "", "kind": "gap", "at": 1}]}',
        '{"id": "b", "events": [{"id": "x", "kind": "tea", "at": 1}]}',
        '{"id": "b", "events": [{"id": "x", "kind": "gap", "at": -1}]}',
        '{"id": "b", "events": [{"id": "x", "kind": "gap", "at": NaN}]}',
        '{"id": "b", "events": [{"id": "x\\u0000", "kind": "gap", "at": 1}]}',
        '{"id": "b", "events": [], "more": 1}',
    ],
)
def test_what_is_no_batch_of_events_is_refused_by_name(park, client, body):
    bearer = {"Authorization": f"Bearer {settings.BINHYEN_NODE_TOKEN}"}
    answer = client.post("/api/node/events", body, content_type="application/json", headers=bearer)
    assert (answer.status_code, list(answer.json())) == (422, ["detail"])


@pytest.mark.parametrize(
    "changed",
    [{"width": -1}, {"since": 2**63}, {"height": 2**31}, {"frames_per_second": 10**400}, {"state": "asleep"}, {"x": 1}],
)
def test_what_is_no_status_is_refused_by_name(park, node, changed):
    answer = node.post("status", {"statuses": [status_of(park.tier1, **changed)]})
    assert (answer.status_code, list(answer.json())) == (422, ["detail"])
