"""Opening looks, tickets, asking again."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from binhyen.contracts import SECOND
from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import Refused
from binhyen.kernel.units.models import Membership
from binhyen.modules.cameras.access import Access, Window
from binhyen.modules.cameras.looks import (
    LOOK_LASTS,
    TicketRefused,
    end_look,
    look_refusal,
    open_look,
    open_snapshot,
    use_ticket,
)
from binhyen.modules.cameras.models import Look

pytestmark = pytest.mark.usefixtures("all_units")
CASE = "0001/2026/X99001"


def refused_code(call, *args, **named):
    with pytest.raises(Refused) as refused:
        call(*args, **named)
    return refused.value.refusal.code


def ticket_code(opened, **named):
    with pytest.raises(TicketRefused) as refused:
        use_ticket(opened.ticket, **named)
    return refused.value.refusal.code


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({"kind": "live"}, ("look.live", "Theo dõi an ninh, trật tự", "")),
        ({"kind": "live", "purpose": "giao_thong"}, ("look.live", "Điều hành giao thông", "")),
        ({"kind": "live", "purpose": "chu_camera"}, ("look.live", "Theo dõi an ninh, trật tự", "")),
        ({"kind": "playback", "case": CASE}, ("look.playback", "Giải quyết vụ việc", CASE)),
        ({"kind": "snapshot", "case": CASE}, ("look.snapshot", "Giải quyết vụ việc", CASE)),
        ({"kind": "export", "case": CASE}, ("look.export", "Giải quyết vụ việc", CASE)),
    ],
)
def test_T05_every_look_is_one_line(park, world, fields, facts):
    open_look(park.tier1.code, by=world.people["chief"], **fields)
    lines = Line.objects.filter(action__startswith="look.").values_list("action", "purpose", "case", "subject", "actor")
    assert list(lines) == [(*facts, park.tier1.code, "a.chief")]


def test_T05_a_refused_look_is_no_look_and_no_line(park, world):
    assert refused_code(open_look, park.tier1.code, by=world.people["it_admin"], kind="live") == "no_picture"
    assert (Look.objects.count(), Line.objects.filter(action__startswith="look.").count()) == (0, 0)


def test_a_playback_line_says_from_and_to(park, world, last_hour):
    open_look(park.tier1.code, by=world.people["chief"], kind="playback", case=CASE, window=last_hour)
    detail = Line.objects.get(action="look.playback").detail
    assert (detail["from"], detail["to"]) == ("2026-11-21T07:00:00.000+00:00", "2026-11-21T08:00:00.000+00:00")


def test_S03_a_ticket_expires_after_a_minute(park, world, time_machine_at):
    chief = world.people["chief"]
    opened = open_look(park.tier1.code, by=chief, kind="live")
    with time_machine_at(now() + timedelta(seconds=62)):
        assert ticket_code(opened, by=chief, camera_code=park.tier1.code) == "ticket_expired"


@pytest.fixture
def time_machine_at():
    """Travel to a moment."""
    import time_machine

    return lambda at: time_machine.travel(at, tick=False)


def test_S03_a_ticket_of_an_ended_look_opens_nothing(park, world):
    chief = world.people["chief"]
    opened = open_look(park.tier1.code, by=chief, kind="live")
    end_look(opened.look.pk)
    assert ticket_code(opened, by=chief, camera_code=park.tier1.code) == "ticket_used"


def test_a_look_ends_with_the_shift(park, world):
    chief = world.people["chief"]
    look = open_look(park.tier1.code, by=chief, kind="live").look
    assert look_refusal(look.pk, by=chief, at=look.opened_at + LOOK_LASTS - timedelta(seconds=1)) is None
    assert look_refusal(look.pk, by=chief, at=look.opened_at + LOOK_LASTS).code == "look_ended"


def test_S03_a_look_is_refused_as_soon_as_its_reason_is_gone(park, world, book, grants, last_hour):
    grants.append(Access(park.household.code, last_hour, CASE))
    officer = world.people["investigator"]
    look = open_look(park.household.code, by=officer, kind="playback", case=CASE, window=last_hour).look
    assert look_refusal(look.pk, by=officer) is None
    grants.clear()
    assert look_refusal(look.pk, by=officer).code == "not_found"
    del book.open[CASE]
    assert look_refusal(look.pk, by=officer).code == "case_closed"


def test_S03_a_deactivated_account_looks_no_longer(park, world):
    chief = world.people["chief"]
    look = open_look(park.tier1.code, by=chief, kind="live").look
    chief.is_active = False
    assert look_refusal(look.pk, by=chief).code == "not_found"


def test_S03_membership_that_ended_yesterday_counts_no_longer(park, world, today):
    duty = world.people["duty_officer"]
    look = open_look(park.tier1.code, by=duty, kind="live").look
    Membership.objects.filter(user=duty).update(valid_until=today)
    assert look_refusal(look.pk, by=duty).code == "not_found"


def test_an_approved_window_cuts_what_was_asked(park, world, grants, last_hour):
    grants.append(Access(park.household.code, last_hour, CASE))
    wider = Window(last_hour.start - 60 * SECOND, last_hour.end + 60 * SECOND)
    look = open_look(
        park.household.code, by=world.people["investigator"], kind="playback", case=CASE, window=wider
    ).look
    assert (look.window_start, look.window_end) == (last_hour.start, last_hour.end)


def test_a_window_beside_the_approved_one_is_refused(park, world, grants, last_hour):
    grants.append(Access(park.household.code, last_hour, CASE))
    beside = Window(last_hour.end, last_hour.end + 60 * SECOND)
    asked = {"by": world.people["investigator"], "kind": "playback", "case": CASE, "window": beside}
    assert refused_code(open_look, park.household.code, **asked) == "outside_window"


def test_a_closed_case_answers_the_same_whether_the_camera_exists_or_not(park, world, book):
    del book.open[CASE]
    asked = {"by": world.people["investigator"], "kind": "playback", "case": CASE}
    codes = [refused_code(open_look, code, **asked) for code in (park.tier1.code, park.household.code, "HG-NOSUCH")]
    assert codes == ["case_closed"] * 3


def test_a_still_lies_within_its_look(park, world, last_hour):
    chief = world.people["chief"]
    look = open_look(park.tier1.code, by=chief, kind="playback", case=CASE, window=last_hour).look
    still = open_snapshot(look, last_hour.start, by=chief).look
    assert (still.kind, still.case, still.window_start) == ("snapshot", CASE, last_hour.start)
    assert refused_code(open_snapshot, look, last_hour.end, by=chief) == "window_empty"
