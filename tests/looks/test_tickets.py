"""S03: a ticket opens one socket, once, for whom it was given, while the right stands."""

import json
import time

import pytest
from websockets.exceptions import ConnectionClosed

from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.models import Membership
from binhyen.modules.cases.public import take_step
from binhyen.web.asgi import application
from tests.looks.node import run_apart

ENDS_WITHIN_S = 5.0


def ended(socket, *, within_s=ENDS_WITHIN_S):
    """`(close code, code told)` once the socket ends; fails where it does not."""
    began, told = time.monotonic(), ""
    try:
        while time.monotonic() - began < within_s:
            message = socket.recv(timeout=within_s)
            if isinstance(message, str) and "ended" in message:
                told = json.loads(message)["ended"]["code"]
    except ConnectionClosed as closed:
        return closed.rcvd.code, told
    pytest.fail(f"still playing after {within_s} s")


def first_messages(socket):
    return json.loads(socket.recv(timeout=5))["width"], socket.recv(timeout=5)


@pytest.fixture
def duty(scene, person):
    return person(scene.world.people["duty_officer"])


def test_a_ticket_opens_the_live_picture(scene, duty, node):
    look = duty.look(scene.camera)
    with duty.live(scene.camera, look["ticket"], stream="sub") as socket:
        assert first_messages(socket) == (16, b"\0" * 16 + b"picture")
    assert node.asked == [f"/v1/live/{scene.camera.code}?stream=sub"]


def test_S08_the_server_cannot_log_the_ticket():
    """uvicorn writes the address of a socket to its log when it is accepted."""
    scope = {
        "type": "websocket",
        "path": "/ws/live/X99001-001",
        "query_string": b"ticket=secret",
        "headers": [(b"host", b"127.0.0.1")],
    }
    seen = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        seen.append((message["type"], scope["query_string"]))

    run_apart(application(scope, receive, send))
    assert seen[0] == ("websocket.accept", b"")


def test_T05_a_look_is_one_line_however_long_it_lasts(scene, duty):
    look = duty.look(scene.camera)
    with duty.live(scene.camera, look["ticket"]) as socket:
        first_messages(socket)
    lines = list(Line.objects.filter(action="look.live").values_list("actor", "subject", "purpose"))
    assert lines == [("a.duty_officer", scene.camera.code, "Theo dõi an ninh, trật tự")]


def test_S03_a_ticket_is_used_once(scene, duty):
    look = duty.look(scene.camera)
    with duty.live(scene.camera, look["ticket"]) as first, duty.live(scene.camera, look["ticket"]) as second:
        assert ended(second) == (4401, "ticket_used")
        assert first_messages(first)[0] == 16


def test_S03_a_ticket_is_of_no_use_to_another_person(scene, duty, person):
    look = duty.look(scene.camera)
    for thief in (person(scene.world.people["chief"]), person()):
        with thief.live(scene.camera, look["ticket"]) as socket:
            assert ended(socket) == (4401, "ticket_bad")


def test_S03_a_ticket_is_of_no_use_for_another_camera(scene, duty):
    look = duty.look(scene.camera)
    with duty.live(scene.other, look["ticket"]) as socket:
        assert ended(socket) == (4401, "ticket_bad")


def test_S03_a_made_up_ticket_opens_nothing(scene, duty, node):
    for ticket in ("", "x", duty.look(scene.camera)["ticket"] + "x"):
        with duty.live(scene.camera, ticket) as socket:
            assert ended(socket) == (4401, "ticket_bad")
    assert node.asked == []


def test_S03_another_site_cannot_open_the_socket(scene, duty):
    look = duty.look(scene.camera)
    with duty.live(scene.camera, look["ticket"], Origin="https://elsewhere.example") as socket:
        assert ended(socket) == (4403, "foreign_origin")


def test_S03_a_right_taken_away_ends_the_running_player(scene, duty, node):
    look = duty.look(scene.camera)
    with duty.live(scene.camera, look["ticket"]) as socket:
        first_messages(socket)
        Membership.objects.filter(user=scene.world.people["duty_officer"]).delete()
        assert ended(socket) == (4403, "not_found")
    deadline = time.monotonic() + ENDS_WITHIN_S
    while node.live_now and time.monotonic() < deadline:
        time.sleep(0.05)
    assert node.live_now == 0


def test_S03_closing_the_case_ends_the_player_that_it_opened(scene, person):
    investigator = person(scene.world.people["investigator"])
    look = investigator.look(scene.camera, case=scene.case.number)
    with investigator.live(scene.camera, look["ticket"]) as socket:
        first_messages(socket)
        with across_units():
            take_step(scene.case, "close", by=scene.world.people["chief"], note="Đã giải quyết xong")
        assert ended(socket)[0] == 4403


def test_S03_signing_out_ends_the_player(scene, duty):
    look = duty.look(scene.camera)
    with duty.live(scene.camera, look["ticket"]) as socket:
        first_messages(socket)
        duty.ask("POST", "/dang-xuat/", {"sign": "out"})
        assert ended(socket) == (4403, "signed_out")


def test_an_owner_watches_the_own_camera_and_nobody_else_does(scene, person):
    owner = person(scene.owner)
    with owner.live(scene.household, owner.look(scene.household)["ticket"]) as socket:
        assert first_messages(socket)[0] == 16
    for role in ("duty_officer", "chief", "investigator", "auditor", "it_admin", "camera_owner"):
        status, _, body = person(scene.world.people[role]).ask(
            "POST", f"/xem/{scene.household.code}/", {"kind": "live"}
        )
        assert (role, status, json.loads(body)["code"]) == (role, 404, "not_found")


def test_T01_the_log_does_not_say_whose_household_camera_was_watched(scene, person):
    person(scene.owner).look(scene.household)
    line = Line.objects.get(action="look.live")
    assert (line.actor_name, line.actor[:4], line.subject) == ("Chủ camera", "chu-", scene.household.code)
