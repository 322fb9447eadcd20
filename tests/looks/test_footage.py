"""Recorded pictures through the gateway: only the look's window, only while the right stands."""

import http.client
import json
import time

import pytest

from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.models import Membership
from binhyen.modules.cases.public import take_step

START, END = 1_795_000_000_000_000, 1_795_003_600_000_000
SPAN = {"from": START, "to": END}


@pytest.fixture
def investigator(scene, person):
    return person(scene.world.people["investigator"])


@pytest.fixture
def playback(scene, investigator):
    """A playback look of one hour."""
    return investigator.look(scene.camera, kind="playback", case=scene.case.number, **SPAN)


def test_the_look_says_what_it_may_show(playback):
    assert (playback["from"], playback["to"]) == (START, END)


def test_the_node_is_asked_for_no_more_than_the_window(scene, investigator, playback, node):
    status, headers, body = investigator.ask(
        "GET", f"/look/{playback['look']}/media?from={START - 5}&to={END + 5}&length=9"
    )
    assert (status, body, headers["X-Start"], headers["Cache-Control"]) == (
        200,
        b"film",
        str(START),
        "private, no-store",
    )
    assert node.asked == [f"/v1/media/{scene.camera.code}?from={START}&to={END}&length=9"]


def test_nothing_outside_the_window_is_asked_for(investigator, playback, node):
    for path in (f"media?from={END}&to={END + 9}", f"snapshot?at={END}", f"timeline?from=0&to={START}"):
        status, told = investigator.get_json(f"/look/{playback['look']}/{path}")
        assert (path, status, told["code"]) == (path, 403, "outside_window")
    assert node.asked == []


def test_the_timeline_is_cut_to_the_window(investigator, playback):
    _, told = investigator.get_json(f"/look/{playback['look']}/timeline")
    span = {"start": START, "end": END}
    assert told == {
        "segments": [span], "gaps": [span | {"reason": "silent"}], "holds": [span], "being_written": span,
        "from": START, "to": END,
    }  # fmt: skip


def test_an_owner_is_told_of_no_hold(scene, person):
    owner = person(scene.owner)
    look = owner.look(scene.household, kind="playback", **SPAN)
    assert owner.get_json(f"/look/{look['look']}/timeline")[1]["holds"] == []


def test_T05_a_still_is_a_look_and_a_line_of_its_own(scene, investigator, playback):
    status, headers, body = investigator.ask("GET", f"/look/{playback['look']}/snapshot?at={START + 7}")
    assert (status, body, headers["X-At"]) == (200, b"jpeg", str(START + 7))
    lines = Line.objects.filter(action__startswith="look.").order_by("number").values_list("action", "case")
    assert list(lines) == [("look.playback", scene.case.number), ("look.snapshot", scene.case.number)]


def test_S03_a_look_is_of_no_use_to_another_person(scene, person, playback):
    address = f"/look/{playback['look']}/media"
    assert person(scene.world.people["chief"]).get_json(address)[0] == 404
    assert person().get_json(address)[0] == 401


def test_a_live_look_opens_no_recorded_picture_and_the_other_way_round(scene, investigator, playback):
    live = investigator.look(scene.camera, case=scene.case.number)
    assert investigator.get_json(f"/look/{live['look']}/media?from={START}&to={END}")[0] == 404
    assert investigator.get_json(f"/look/{playback['look']}/hls/main/live.m3u8")[0] == 404


def test_hls_is_passed_with_its_own_questions_only(scene, investigator, node):
    live = investigator.look(scene.camera, case=scene.case.number)
    status, _, body = investigator.ask("GET", f"/look/{live['look']}/hls/main/live.m3u8?_HLS_msn=3&token=x&_HLS_part=1")
    assert (status, body) == (200, b"#EXTM3U")
    assert node.asked == [f"/v1/hls/{scene.camera.code}/main/live.m3u8?_HLS_msn=3&_HLS_part=1"]


@pytest.mark.parametrize("path", ["hls/main/..%2f..%2fv1", "hls/main/a/b", "clip", "media/../x", ""])
def test_other_addresses_of_the_node_cannot_be_reached(investigator, playback, node, path):
    assert (investigator.ask("GET", f"/look/{playback['look']}/{path}")[0], node.asked) == (404, [])


def test_S03_closing_the_case_refuses_the_next_request_with_its_sentence(scene, investigator, playback):
    with across_units():
        take_step(scene.case, "close", by=scene.world.people["chief"], note="Đã giải quyết xong")
    status, told = investigator.get_json(f"/look/{playback['look']}/media")
    assert (status, scene.case.number in told["reason"], "đóng" in told["reason"]) == (403, True, True)


def test_S03_a_download_under_way_ends_when_the_right_is_gone(scene, investigator):
    live = investigator.look(scene.camera, case=scene.case.number)
    connection = http.client.HTTPConnection(investigator.host, timeout=20)
    connection.request("GET", f"/look/{live['look']}/hls/main/endless.mp4", headers=investigator.cookies)
    answer = connection.getresponse()
    assert answer.read(4) == b"film"
    Membership.objects.filter(user=scene.world.people["investigator"]).delete()
    began = time.monotonic()
    answer.read()
    connection.close()
    assert time.monotonic() - began < 5


def test_a_foreign_host_name_is_not_served(investigator, playback):
    assert investigator.ask("GET", f"/look/{playback['look']}/media", Host="evil.example")[0] == 404


@pytest.mark.parametrize("fields", [{"kind": "live"}, {"kind": "playback", **SPAN}])
def test_a_camera_that_does_not_exist_and_one_of_a_household_answer_alike(scene, investigator, fields):
    asked = {"case": scene.case.number, **fields}
    absent = investigator.ask("POST", "/xem/HG-AAAAAAAAAA/", asked)
    household = investigator.ask("POST", f"/xem/{scene.household.code}/", asked)
    assert (absent[0], absent[2]) == (household[0], household[2])


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"kind": "peek"}, 422, "kind_unknown"),
        ({"kind": "playback", "from": "x", "to": "1"}, 422, "window_invalid"),
        ({"kind": "playback", "from": END, "to": START}, 403, "window_empty"),
        ({"kind": "playback", "from": 0, "to": END}, 403, "window_long"),
    ],
)
def test_what_is_no_look_is_refused_with_a_sentence(scene, investigator, fields, status, code):
    answer = investigator.ask("POST", f"/xem/{scene.camera.code}/", {"case": scene.case.number, **fields})
    assert (answer[0], json.loads(answer[2])["code"]) == (status, code)
