"""T01, S08: what a household told and every password are in no page, no log line, no dump without the vault key."""

import logging

import pytest
from django.db import connection

from binhyen.contracts import CameraState, CameraStatus, Event, EventBatch, EventKind, Instant
from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.access import Access
from binhyen.modules.cameras.looks import open_look
from binhyen.modules.cameras.node import take_events, take_statuses
from binhyen.modules.cameras.tests.conftest import SECRETS, STATE_PASSWORD

pytestmark = pytest.mark.usefixtures("all_units")
CASE = "0001/2026/X99001"
HIDDEN = [*SECRETS.values(), STATE_PASSWORD]
PAGES = (
    "/hom-nay/",
    "/camera/",
    "/camera/?words=lua",
    "/camera/them/",
    "/tuong-hinh/",
    "/xem-lai/",
    "/he-thong/",
    "/nhat-ky/",
    "/vu-viec/",
    "/camera-cua-toi/",
    "/camera/{code}/",
    "/camera/{code}/sua/",
    "/xem-lai/{code}/",
    "/xem-lai/{code}/?case=" + CASE,
    "/camera-cua-toi/{code}/",
)
OTHERS = [role for role in Role if role != Role.CAMERA_OWNER]


@pytest.fixture
def lived_in(park, grants, world, last_hour):
    """A station where things have happened: errors that quote addresses, looks of the owner and of an officer."""
    household = park.household
    error = f"rtsp://nha:{SECRETS['password']}@{SECRETS['host']}/cong: từ chối"
    take_statuses([CameraStatus(household.code, CameraState.FAILING, Instant(1), error=error)])
    take_events(EventBatch("b", (Event("e", EventKind.CAMERA_STATE, Instant(1), household.code, {"error": error}),)))
    grants.append(Access(household.code, last_hour, CASE))
    open_look(household.code, by=park.owner, kind="live")
    open_look(household.code, by=world.people["investigator"], kind="playback", case=CASE, window=last_hour)
    return park


@pytest.mark.parametrize("role", OTHERS)
def test_T01_no_page_tells_where_a_household_is_or_whose(lived_in, world, signed_in, role):
    client = signed_in(world.people[role])
    found = []
    for camera in (lived_in.household, lived_in.tier2):
        for page in PAGES:
            response = client.get(page.format(code=camera.code))
            text = response.content.decode() + str(response.headers)
            found += [(page, value) for value in HIDDEN if value in text]
    assert found == []


@pytest.mark.parametrize("role", OTHERS)
def test_T01_no_answer_tells_where_a_household_is_or_whose(lived_in, world, signed_in, role):
    client = signed_in(world.people[role])
    code, kinds = lived_in.household.code, ("live", "playback", "snapshot")
    asked = [{"kind": kind, "case": case} for kind in kinds for case in ("", CASE)]
    answers = [client.post(f"/xem/{code}/", fields).content.decode() for fields in asked]
    assert [value for answer in answers for value in HIDDEN if value in answer] == []


def test_T01_a_dump_without_the_vault_key_links_nobody_to_a_household(lived_in):
    found = []
    for table in connection.introspection.table_names():
        if table == User._meta.db_table:
            continue  # that somebody has an account tells nothing of a camera
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            dump = "\n".join(row[0] for row in cursor.fetchall())
        hidden = [*HIDDEN, *(value.encode().hex() for value in HIDDEN)]
        found += [(table, value) for value in hidden if value in dump]
    assert found == []


def test_T01_no_row_joins_the_owner_to_the_camera(lived_in):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cameras_look WHERE user_id = %s", [lived_in.owner.pk])
        assert cursor.fetchone() == (0,)


def test_S08_nothing_is_logged_of_addresses(lived_in, world, signed_in, caplog):
    caplog.set_level(logging.DEBUG)
    told = {"name": "Cầu Gỗ", "unit": world.commune_a.pk, "tier": "2", "url": f"rtsp://a:{STATE_PASSWORD}@127.0.0.1/x"}
    client = signed_in(world.people["it_admin"])
    refused = client.post("/camera/them/", told)
    client.post("/camera/them/", told | {"url": f"rtsp://a:{STATE_PASSWORD}@10.0.0.1/x", "retention_days": 3})
    errors = str(refused.context["form"].errors)
    assert [value for value in HIDDEN if value in caplog.text or value in errors] == []


def test_S04_names_are_shown_as_text(park, world, signed_in, all_units):
    from binhyen.modules.cameras.domain import change_camera

    name = "<script>alert(1)</script>\"'</by-wall>"
    change_camera(park.tier1, by=None, name=name)
    client, code = signed_in(world.people["chief"]), park.tier1.code
    pages = ("/camera/", f"/camera/{code}/", f"/camera/{code}/sua/", "/tuong-hinh/", f"/xem-lai/{code}/?case={CASE}")
    texts = [client.get(page).content.decode() for page in pages]
    assert [
        page for page, text in zip(pages, texts, strict=True) if "<script>alert" in text or '</by-wall>"' in text
    ] == []
