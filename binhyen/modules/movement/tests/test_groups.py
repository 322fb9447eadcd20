"""What a group did: its leader writes it down, its people see it, nobody else's."""

import pytest

from binhyen.kernel.testing.world import SINCE
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.contributions.public import Campaign, Entry
from binhyen.modules.groups.public import add_member, found_group
from binhyen.modules.movement.models import Meeting, Session
from binhyen.modules.movement.tasks import people_for


@pytest.fixture
def group(world):
    return made_group(world, "01")


def made_group(world, code):
    with across_units():
        return found_group(world.commune_a, code=code, name=f"Tổ {code}", hamlet="Xóm Đông", founded_on=SINCE, by=None)


@pytest.fixture
def leader(world, group, signed_in):
    person = world.people[Role.GROUP_LEADER]
    with across_units():
        add_member(group, code="1", name="Lý Văn Hải", joined_on=SINCE, part="leader", user=person, by=None)
    return signed_in(person)


def session_of(world, group):
    return {"unit": world.commune_a.pk, "group": group.pk if group else "", "title": "Phòng trộm", "topic": "crime",
            "held_on": "21/11/2025", "listeners": "20"}  # fmt: skip


def test_a_leader_writes_down_what_the_own_group_did_and_nothing_else(leader, world, group):
    other = made_group(world, "02")
    statuses = [
        leader.post("/tuyen-truyen/them/", session_of(world, each)).status_code for each in (group, other, None)
    ]
    assert statuses == [302, 422, 403]
    with across_units():
        assert list(Session.objects.values_list("group", flat=True)) == [group.pk]


def test_a_group_of_another_unit_is_refused_with_a_sentence(chief, world, make):
    with across_units():
        theirs = found_group(world.commune_b, code="01", name="Tổ", hamlet="x", founded_on=SINCE, by=None)
        meeting = Meeting(unit=world.commune_a, group=theirs, title="x", kind="people", held_on=SINCE)
        entry = Entry(campaign=make(Campaign), group=theirs, kind="money", amount=1000, received_on=SINCE)
    with pytest.raises(Exception, match="Tổ này thuộc đơn vị khác"):
        meeting.clean()
    with pytest.raises(Exception, match="Tổ này thuộc đơn vị khác"):
        entry.clean()


def test_T01_owners_of_cameras_are_offered_to_nobody_as_people_for_tasks(world, group, leader):
    from binhyen.kernel.units.authority import authority_of

    owner = world.people[Role.CAMERA_OWNER]
    with across_units():
        for_chief = list(people_for(authority_of(world.people[Role.CHIEF])))
        for_leader = list(people_for(authority_of(world.people[Role.GROUP_LEADER])))
    assert owner not in for_chief
    assert world.people[Role.GROUP_MEMBER] in for_chief
    assert for_leader == [world.people[Role.GROUP_LEADER]]


def test_the_group_s_page_shows_what_it_did_and_leads_on(leader, world, group):
    leader.post("/tuyen-truyen/them/", session_of(world, group))
    page = leader.get(group.get_absolute_url()).content.decode()
    assert f'href="/tuyen-truyen/?group={group.pk}">1</a>' in page
    assert f"/hop/them/?group={group.pk}" in page
    assert leader.get(f"/tuyen-truyen/?group={group.pk}").status_code == 200


def test_a_leader_writes_gifts_down_and_reads_or_erases_no_names(leader, world, group, make):
    campaign = make(Campaign)
    sent = {
        "campaign": campaign.pk,
        "group": group.pk,
        "kind": "money",
        "amount": "50.000",
        "received_on": "21/11/2025",
    }
    assert leader.post("/so-dong-gop/them/", {**sent, "donor": "Đặng Thị Lan"}).status_code == 302
    with across_units():
        entry = Entry.objects.get()
    page = leader.get(f"/so-dong-gop/{entry.pk}/").content.decode()
    assert ("Biên nhận để in" in page, "Xem tên" in page, "erase_donor" in page) == (True, False, False)
    assert leader.post(f"/so-dong-gop/{entry.pk}/nguoi-gop/").status_code == 403
    assert leader.post(f"/so-dong-gop/{entry.pk}/viec/", {"viec": "erase_donor"}).status_code in (403, 404)
    assert leader.post(f"/dot-van-dong/{campaign.pk}/viec/", {"viec": "publish"}).status_code == 403
