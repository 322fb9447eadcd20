"""Rotas as people use them: asked for, published, exchanged."""

from datetime import date, datetime, timedelta

import pytest
from django.utils.timezone import get_current_timezone, localdate, now

from binhyen.kernel.notify.models import Message
from binhyen.kernel.notify.reading import unread_count
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.groups import rotas
from binhyen.modules.groups.forms import RotaForm
from binhyen.modules.groups.models import Duty, Leave, Patrol, Rota, Shift, Swap

FIRST = localdate() + timedelta(days=7 - localdate().weekday())


def asked(**changes):
    """The form as it is first shown, sent back."""
    initial = RotaForm.likely(FIRST)
    return {
        "first_day": f"{FIRST:%d/%m/%Y}", "last_day": f"{FIRST + timedelta(days=13):%d/%m/%Y}",
        "name_1": "Ca tối", "start_1": "19:00", "end_1": "22:00", "needs_1": "2", "weekdays_1": list("0123456"),
        "name_2": "Ca đêm", "start_2": "22:00", "end_2": "01:00", "needs_2": "1", "weekdays_2": list("456"),
        "rest_hours": "10", "nights_per_week": str(initial.get("nights_per_week", 3)), **changes,
    }  # fmt: skip


@pytest.fixture
def leader(team, signed_in):
    return signed_in(team.leader.user)


@pytest.fixture
def draft(team, leader):
    leader.post(f"/to-tu-quan/{team.group.pk}/lich/lap/", asked())
    with across_units():
        return Rota.objects.get()


@pytest.fixture
def rota(draft, leader):
    leader.post(f"/lich-truc/{draft.pk}/buoc/", {"buoc": "publish"})
    with across_units():
        draft.refresh_from_db()
    return draft


def loads(rota):
    return {m.name: Duty.objects.filter(shift__rota=rota, member=m).count() for m in rota.group.members.all()}


def test_a_draft_is_even_and_seen_by_who_leads_only(team, draft, leader, signed_in, world, all_units):
    assert (Shift.objects.count(), sum(loads(draft).values())) == (14 + 6, 14 * 2 + 6)
    assert max(loads(draft).values()) - min(loads(draft).values()) == 1
    night = Shift.objects.filter(is_night=True).first()
    assert (night.ends_at - night.starts_at, night.starts_at.astimezone(get_current_timezone()).hour) == (
        timedelta(hours=3), 22,
    )  # fmt: skip
    url = f"/lich-truc/{draft.pk}/"
    people = [team.leader.user, team.lan.user, world.people[Role.CHIEF], world.outsiders[Role.CHIEF]]
    assert [signed_in(person).get(url).status_code for person in people] == [200, 404, 200, 404]
    assert Message.objects.count() == 0


def test_publishing_tells_each_member_with_an_account_once_and_of_the_own_turns(team, rota, leader, all_units):
    assert rota.state == "published"
    assert [unread_count(member.user) for member in (team.leader, team.lan, team.nam)] == [1, 1, 1]
    assert Message.objects.count() == 3


def test_a_period_that_overlaps_what_is_published_is_refused(team, rota, leader, all_units):
    leader.post(f"/to-tu-quan/{team.group.pk}/lich/lap/", asked())
    second = Rota.objects.get(state="draft")
    answer = leader.post(f"/lich-truc/{second.pk}/buoc/", {"buoc": "publish"})
    assert (answer.status_code, "trùng với lịch đã công bố" in answer.content.decode()) == (403, True)
    leader.post(f"/lich-truc/{rota.pk}/buoc/", {"buoc": "withdraw", "ghi_chu": "Lập lại"})
    assert leader.post(f"/lich-truc/{second.pk}/buoc/", {"buoc": "publish"}).status_code == 302
    assert leader.post(f"/lich-truc/{second.pk}/buoc/", {"buoc": "khong-co"}).status_code == 400


def test_leave_is_kept_and_who_stays_out_is_named(team, leader, all_units):
    Leave.objects.create(member=team.nam, first_day=FIRST, last_day=FIRST + timedelta(days=4))
    leader.post(f"/to-tu-quan/{team.group.pk}/lich/lap/", asked(without=[str(team.hoa.pk)]))
    rota = Rota.objects.get()
    assert loads(rota)["Hà Thị Hoa"] == 0
    assert rota.rules["left_out"] == ["Hà Thị Hoa"]
    away = Duty.objects.filter(member=team.nam, day__lte=FIRST + timedelta(days=4))
    assert away.count() == 0


IMPOSSIBLE = (
    ({"needs_1": "6"}, "cần 6 người nhưng chỉ có 5 người không nghỉ"),
    ({"last_day": "01/01/2020"}, "phải từ “Từ ngày” trở đi"),
    ({"last_day": f"{FIRST + timedelta(days=90):%d/%m/%Y}"}, "Một lịch dài nhất 62 ngày"),
    ({"end_2": ""}, "của ca thứ hai"),
    ({"start_1": "tối"}, "Hãy nhập giờ như 19:00"),
)


def test_what_cannot_be_is_explained_and_what_was_typed_stays(team, leader):
    for changes, words in IMPOSSIBLE:
        answer = leader.post(f"/to-tu-quan/{team.group.pk}/lich/lap/", asked(**changes))
        page = answer.content.decode()
        assert (answer.status_code, words in page, 'value="Ca tối"' in page) == (422, True, True), changes
    with across_units():
        assert Rota.objects.count() == 0


def test_a_member_makes_no_rota(team, signed_in):
    client = signed_in(team.lan.user)
    assert client.get(f"/to-tu-quan/{team.group.pk}/lich/lap/").status_code == 403


# --- exchanging ------------------------------------------------------------------------------------------------------
def exchange(giver, taker):
    """A turn of `giver` and one of `taker` that may change hands."""
    mine = Duty.objects.filter(member=giver).select_related("shift__rota", "member")
    return next((a, b) for a in mine for b in rotas.exchangeable(a, now()) if b.member == taker)


def test_two_members_exchange_and_who_leads_approves(team, rota, leader, signed_in, all_units):
    lan, nam = signed_in(team.lan.user), signed_in(team.nam.user)
    mine, theirs = exchange(team.lan, team.nam)
    before = loads(rota)
    assert lan.post(f"/lich-truc/luot/{mine.pk}/doi/", {"for_duty": theirs.pk, "reason": "Việc nhà"}).status_code == 302
    swap = Swap.objects.get()
    url = f"/lich-truc/doi/{swap.pk}/buoc/"
    assert lan.post(url, {"buoc": "agree"}).status_code == 403
    assert nam.post(url, {"buoc": "agree"}).status_code == 302
    assert nam.post(url, {"buoc": "approve"}).status_code == 403
    assert leader.post(url, {"buoc": "approve"}).status_code == 302
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.member, theirs.member) == (team.nam, team.lan)
    assert loads(rota) == before
    swap.refresh_from_db()
    assert swap.state == "approved"


def test_what_breaks_a_rule_meanwhile_is_not_approved(team, rota, leader, signed_in, all_units):
    mine, theirs = exchange(team.lan, team.nam)
    signed_in(team.lan.user).post(f"/lich-truc/luot/{mine.pk}/doi/", {"for_duty": theirs.pk})
    url = f"/lich-truc/doi/{Swap.objects.get().pk}/buoc/"
    signed_in(team.nam.user).post(url, {"buoc": "agree"})
    Leave.objects.create(member=team.nam, first_day=mine.day, last_day=mine.day)
    answer = leader.post(url, {"buoc": "approve"})
    assert (answer.status_code, "Lý Văn Nam không nhận được ca" in answer.content.decode()) == (403, True)
    assert (Swap.objects.get().state, Duty.objects.get(pk=mine.pk).member) == ("agreed", team.lan)


def test_nobody_asks_for_the_turn_of_somebody_else_or_twice(team, rota, signed_in, all_units):
    mine, theirs = exchange(team.lan, team.nam)
    url = f"/lich-truc/luot/{mine.pk}/doi/"
    assert signed_in(team.nam.user).post(url, {"for_duty": theirs.pk}).status_code == 403
    lan = signed_in(team.lan.user)
    assert [lan.post(url, {"for_duty": theirs.pk}).status_code for _ in range(2)] == [302, 403]


def test_a_member_without_an_account_is_asked_through_who_leads(team, rota, leader, signed_in, all_units):
    mine, theirs = exchange(team.lan, team.minh)
    signed_in(team.lan.user).post(f"/lich-truc/luot/{mine.pk}/doi/", {"for_duty": theirs.pk})
    url = f"/lich-truc/doi/{Swap.objects.get().pk}/buoc/"
    assert [leader.post(url, {"buoc": step}).status_code for step in ("agree", "approve")] == [302, 302]
    assert Duty.objects.get(pk=mine.pk).member == team.minh


def test_a_patrol_of_a_shift_is_made_once_with_whoever_has_duty(team, rota, leader, all_units):
    shift = rota.shifts.first()
    urls = {leader.post(f"/lich-truc/ca/{shift.pk}/tuan-tra/").url for _ in range(2)}
    patrol = Patrol.objects.get()
    assert urls == {patrol.get_absolute_url()}
    assert (patrol.route, patrol.planned_at) == ("Quanh Xóm Đông", shift.starts_at)
    on_duty, going = (set(each.values_list("member", flat=True)) for each in (shift.duties, patrol.people))
    assert on_duty == going


def test_the_calendar_has_whole_weeks_and_marks_the_own_turns(team, rota, signed_in, all_units):
    page = signed_in(team.lan.user).get(f"/lich-truc/{rota.pk}/")
    weeks = page.context["weeks"]
    assert [len(week) for week in weeks] == [7, 7]
    marked = sum(cell.is_mine for week in weeks for day in week for cell in day.shifts)
    assert marked == loads(rota)["Bùi Thị Lan"] == len(page.context["own"])
    assert isinstance(weeks[0][0].day, date)
    assert datetime.combine(weeks[0][0].day, datetime.min.time()).weekday() == 0
