"""Who may look, as a table: one row a role, one column a camera."""

import pytest

from binhyen.kernel.units.authority import authority_of
from binhyen.modules.cameras import rules
from binhyen.modules.cameras.access import Access, Window

pytestmark = pytest.mark.usefixtures("all_units")

CASE = "0001/2026/X99001"
CASE_B = "0001/2026/X99002"

LIVE = """
role              tier1        tier2        household    elsewhere
duty_officer      yes          yes          not_found    not_found
commune_officer   yes          yes          not_found    not_found
investigator      case_needed  case_needed  not_found    not_found
chief             yes          yes          not_found    not_found
camera_owner      not_found    not_found    not_found    not_found
auditor           no_picture   no_picture   not_found    not_found
it_admin          no_picture   no_picture   not_found    not_found
group_leader      not_found    not_found    not_found    not_found
group_member      not_found    not_found    not_found    not_found
"""

LIVE_WITH_CASE = LIVE.replace("case_needed  case_needed", "yes          yes        ")

PLAY_WITHOUT_CASE = """
role              tier1        tier2        household    elsewhere
duty_officer      case_needed  case_needed  not_found    not_found
commune_officer   case_needed  case_needed  not_found    not_found
investigator      case_needed  case_needed  not_found    not_found
chief             case_needed  case_needed  not_found    not_found
camera_owner      not_found    not_found    not_found    not_found
auditor           no_picture   no_picture   not_found    not_found
it_admin          no_picture   no_picture   not_found    not_found
group_leader      not_found    not_found    not_found    not_found
group_member      not_found    not_found    not_found    not_found
"""

PLAY_WITH_CASE = PLAY_WITHOUT_CASE.replace("case_needed  case_needed", "yes          yes        ")


def as_table(park, world, ask):
    cameras = ("tier1", "tier2", "household", "elsewhere")
    lines = ["role              tier1        tier2        household    elsewhere"]
    for role, person in world.people.items():
        refusals = [ask(authority_of(person), getattr(park, camera)) for camera in cameras]
        words = [refusal.code if refusal else "yes" for refusal in refusals]
        lines.append(f"{role:18}" + "".join(f"{word:13}" for word in words).rstrip())
    return lines


def lines_of(table):
    return [line.rstrip() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("table", "case"), [(LIVE, ""), (LIVE_WITH_CASE, CASE)])
def test_who_may_watch_live(park, world, table, case):
    asked = as_table(park, world, lambda who, camera: rules.may_watch_live(who, camera, case=case))
    assert asked == lines_of(table)


@pytest.mark.parametrize(("table", "case"), [(PLAY_WITHOUT_CASE, ""), (PLAY_WITH_CASE, CASE)])
def test_who_may_play_back(park, world, last_hour, table, case):
    asked = as_table(park, world, lambda who, camera: rules.may_play(who, camera, window=last_hour, case=case))
    assert asked == lines_of(table)


def test_an_owner_watches_and_plays_the_own_household_camera_only(park, world, last_hour):
    owner = authority_of(park.owner)
    assert rules.may_watch_live(owner, park.household) is None
    assert rules.may_play(owner, park.household, window=last_hour, case="") is None
    neighbour = authority_of(world.people["camera_owner"])
    assert rules.may_watch_live(neighbour, park.household) == rules.NOT_FOUND


def test_an_approved_window_opens_a_household_camera_for_playback_only_and_only_inside_it(
    park, world, grants, last_hour
):
    grants.append(Access(park.household.code, last_hour, CASE))
    investigator = authority_of(world.people["investigator"])
    wider = Window(last_hour.start - 1, last_hour.end)
    assert rules.may_play(investigator, park.household, window=last_hour, case=CASE) is None
    assert rules.may_play(investigator, park.household, window=wider, case=CASE) == rules.OUTSIDE_WINDOW
    assert rules.may_play(investigator, park.household, window=last_hour, case="") == rules.CASE_NEEDED
    assert rules.may_watch_live(investigator, park.household, case=CASE) == rules.HOUSEHOLD_LIVE


def test_an_approved_window_does_not_open_to_another_unit(park, world, grants, last_hour):
    grants.append(Access(park.household.code, last_hour, CASE))
    stranger = authority_of(world.outsiders["investigator"])
    assert rules.may_play(stranger, park.household, window=last_hour, case=CASE_B) == rules.NOT_FOUND


def test_closing_the_case_ends_what_it_opened(park, world, book, last_hour):
    chief = authority_of(world.people["chief"])
    assert rules.may_play(chief, park.tier1, window=last_hour, case=CASE) is None
    del book.open[CASE]
    refusal = rules.may_play(chief, park.tier1, window=last_hour, case=CASE)
    assert refusal.sentence == f"Không xem được: vụ việc {CASE} đã đóng."


def test_an_ended_camera_has_no_live_picture(park, world, today):
    park.tier1.active_until = today
    duty = authority_of(world.people["duty_officer"])
    assert rules.may_watch_live(duty, park.tier1).sentence == f"Camera đã ngừng từ {today:%d/%m/%Y}."
