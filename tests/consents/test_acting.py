"""Consent that acts: what is agreed, limited, paused, withdrawn or over, on every way to a picture."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils.timezone import get_default_timezone, localdate, now

from binhyen.contracts import SECOND, Instant
from binhyen.kernel.signing.minisign import Signature
from binhyen.kernel.signing.station import station_key
from binhyen.kernel.units.authority import Refused
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.consent import find_accesses
from binhyen.modules.cameras.domain import add_household_camera, end_sharing
from binhyen.modules.cameras.node import node_spec
from binhyen.modules.cameras.places import find_households_in
from binhyen.modules.cameras.public import Access, Hours, Purpose, Window, add_access_source, agreeing, standing_of
from binhyen.modules.consents.domain import Agreed, agree, consent_of, pause, resume, withdraw
from binhyen.modules.consents.models import Consent, Receipt
from binhyen.modules.consents.receipts import KEY
from binhyen.modules.footage.geometry import circle

pytestmark = pytest.mark.django_db
PLACE = (21.63, 105.64)
ALL = (Purpose.CASE.value, Purpose.TRAFFIC.value, Purpose.RESCUE.value)


@pytest.fixture
def owner(world):
    return world.people[Role.CAMERA_OWNER]


@pytest.fixture
def home(world, owner):
    return add_household_camera(
        by=owner, owner=owner, unit=world.commune_a, name="Cổng", url="rtsp://10.0.0.9/1", address="Số 7",
        latitude=PLACE[0], longitude=PLACE[1],
    )  # fmt: skip


def moment(day, hour):
    return datetime.combine(day, datetime.min.time(), tzinfo=get_default_timezone()) + timedelta(hours=hour)


def instant(at):
    return Instant(int(at.timestamp()) * SECOND)


def is_recorded(camera):
    return any(spec.recording for spec in node_spec().cameras if spec.code == camera.code)


def is_found(camera):
    return camera.code in [each.code for each in find_households_in(circle(*PLACE, 100))]


def test_a_camera_that_was_only_added_is_recorded_by_nobody_and_found_by_no_request(home):
    assert consent_of(home).state == "draft"
    assert (is_recorded(home), is_found(home), standing_of(home.code).is_open) == (False, False, False)


def test_what_was_agreed_acts_at_once_and_pausing_too(home, owner):
    agree(home, Agreed(ALL), by=owner)
    assert (is_recorded(home), is_found(home)) == (True, True)
    pause(home, by=owner)
    assert (is_recorded(home), is_found(home)) == (False, False)
    resume(home, by=owner)
    assert (is_recorded(home), is_found(home)) == (True, True)


def test_hours_over_midnight_are_recorded_and_no_others(home, owner):
    agree(home, Agreed(ALL, Hours(18 * 60, 6 * 60)), by=owner)
    recorded = {}
    for hour in (5, 6, 12, 17, 18, 23):
        with time_machine.travel(moment(localdate(), hour), tick=False):
            recorded[hour] = is_recorded(home)
    assert recorded == {5: True, 6: False, 12: False, 17: False, 18: True, 23: True}


def test_a_window_that_was_opened_is_seen_within_the_hours_and_purposes_alone(home, owner, world, monkeypatch):
    day = localdate() - timedelta(days=1)
    whole = Window(instant(moment(day, 0)), instant(moment(day, 24)))
    purpose = {"of": Purpose.CASE.value}
    monkeypatch.setattr("binhyen.modules.cameras.access._access_sources", [])
    add_access_source(lambda authority, code: [Access(code, whole, "01/2026", purpose["of"])])
    agree(home, Agreed((Purpose.CASE.value,), Hours(18 * 60, 6 * 60)), by=owner)
    officer = None
    seen = [(each.window.start, each.window.end) for each in find_accesses(officer, home.code)]
    hours = [tuple(instant(moment(day, hour)) for hour in pair) for pair in ((0, 6), (18, 24))]
    assert seen == hours
    purpose["of"] = Purpose.TRAFFIC.value
    assert find_accesses(officer, home.code) == []


def test_nobody_is_asked_outside_purposes_and_hours(home, owner):
    agree(home, Agreed((Purpose.TRAFFIC.value,), Hours(18 * 60, 6 * 60)), by=owner)
    day = localdate() - timedelta(days=1)
    noon = Window(instant(moment(day, 11)), instant(moment(day, 13)))
    night = Window(instant(moment(day, 17)), instant(moment(day, 19)))
    asked = {
        (purpose, name): agreeing([home.code], purpose, window) == {home.code}
        for purpose in (Purpose.CASE.value, Purpose.TRAFFIC.value)
        for name, window in (("noon", noon), ("night", night))
    }
    assert asked == {
        ("vu_viec", "noon"): False,
        ("vu_viec", "night"): False,
        ("giao_thong", "noon"): False,
        ("giao_thong", "night"): True,
    }


@pytest.mark.parametrize("months", [1, 12])
def test_it_ends_by_itself(home, owner, months):
    agree(home, Agreed(ALL, months=months), by=owner)
    expires_on = consent_of(home).expires_on
    assert timedelta(days=28 * months) <= expires_on - localdate() <= timedelta(days=366)
    with time_machine.travel(moment(expires_on, -1), tick=False):
        assert (is_recorded(home), is_found(home)) == (True, True)
    with time_machine.travel(moment(expires_on, 1), tick=False):
        assert (is_recorded(home), is_found(home)) == (False, False)
        assert consent_of(home).words == "đã hết hạn"


@pytest.mark.parametrize("told", [Agreed(()), Agreed(ALL, months=13), Agreed(("an_ninh",))])
def test_what_no_form_offers_is_refused(home, owner, told):
    with pytest.raises(ValueError, match="no form offers"):
        agree(home, told, by=owner)


def test_the_database_itself_keeps_no_consent_beyond_twelve_months(home, owner):
    agree(home, Agreed(ALL), by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent._base_manager.update(expires_on=localdate() + timedelta(days=367))


def test_T04_withdrawal_closes_everything_and_leaves_a_signed_receipt(home, owner):
    agree(home, Agreed(ALL), by=owner)
    end_sharing(home, by=owner)
    home.refresh_from_db()
    assert consent_of(home).state == "withdrawn"
    assert (is_found(home), home.code in node_spec().forget) == (False, True)
    latest = Receipt._base_manager.filter(camera=home).first()
    assert "Rút lại sự đồng ý chia sẻ camera" in latest.text
    signature = Signature.parse(latest.signature, subject=KEY)
    key = station_key(KEY).public_key
    assert signature.is_valid(latest.text.encode(), key)
    assert not signature.is_valid(latest.text.replace("Rút", "Rut").encode(), key)


def test_withdrawing_what_was_never_given_leaves_nothing(home, owner):
    assert withdraw(home, by=owner) is None
    assert not Receipt._base_manager.exists()


def test_nobody_else_decides(home, world):
    for stranger in (world.outsiders[Role.CAMERA_OWNER], world.people[Role.CHIEF]):
        with pytest.raises(Refused):
            agree(home, Agreed(ALL), by=stranger)
    with pytest.raises(Refused):
        pause(home, by=world.people[Role.CAMERA_OWNER])  # nothing was given yet


def test_without_an_address_nothing_is_recorded_and_no_hours_are_asked(world, owner):
    camera = add_household_camera(by=owner, owner=owner, unit=world.commune_a, name="Ngõ", url="", address="Số 9")
    agree(camera, replace(Agreed(ALL), live=True), by=owner)
    consent = consent_of(camera)
    assert (consent.streams, consent.live, is_recorded(camera)) == (False, False, False)


def test_at_the_machine_a_consent_in_writing_begins_with_the_camera(world, owner):
    since = date(2021, 10, 15)
    camera = add_household_camera(
        by=None, owner=owner, unit=world.commune_a, name="Ngõ", url="rtsp://10.0.0.8/1", active_from=since
    )
    consent = consent_of(camera)
    assert (consent.state, consent.given_on, set(consent.purposes)) == ("given", localdate(), set(ALL))
    assert is_recorded(camera)
    assert now() - consent.changed_at < timedelta(minutes=1)
