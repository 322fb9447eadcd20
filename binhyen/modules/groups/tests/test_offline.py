"""F15: what a telephone kept while it was offline is taken once, with a proof of its time; conflicts go to a person."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.core import serializers
from django.utils.timezone import now

from binhyen.kernel.audit.models import Line
from binhyen.kernel.history.models import RowChange
from binhyen.kernel.notify.reading import unread_count
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cases.public import CaseFacts, erase_due_cases, open_case, take_step
from binhyen.modules.groups import patrols
from binhyen.modules.groups.models import CheckIn, Duty, Patrol, Rota, Shift
from binhyen.modules.groups.retention import forget

SYNC = "/di-tuan/dong-bo/"


class Telephone:
    """A device with a clock that may be wrong, and a client that is signed in."""

    def __init__(self, client, *, off_ms=0):
        self.client, self.off_ms, self.run = client, off_ms, "lan-1"
        self.facts = client.get("/di-tuan/du-lieu.json").json()

    def clocks(self, minutes_ago=0.0):
        at_ms = now().timestamp() * 1000 - minutes_ago * 60_000
        return {"wall": round(at_ms + self.off_ms), "count": at_ms % 1e9, "run": self.run}

    def item(self, patrol, kind, minutes_ago=0.0, **more):
        return {"id": str(uuid4()), "patrol": patrol.pk, "kind": kind, "when": self.clocks(minutes_ago),
                "anchor": self.facts["anchor"], **more}  # fmt: skip

    def send(self, *items):
        body = json.dumps({"sent": self.clocks(), "items": items})
        return self.client.post(SYNC, body, content_type="application/json")

    def states(self, *items):
        return [result["state"] for result in self.send(*items).json()["results"]]


@pytest.fixture
def patrol(team, all_units):
    return patrols.plan_patrol(
        team.group, route="Quanh xóm Đông", planned_at=now(), members=[team.leader, team.lan], by=team.leader.user
    )


@pytest.fixture
def lan(team, signed_in):
    return Telephone(signed_in(team.lan.user))


def test_F15_what_was_kept_is_taken_once_however_often_it_is_sent(patrol, lan, all_units):
    kept = [
        lan.item(patrol, "start"),
        lan.item(patrol, "point", place="Bờ sông"),
        lan.item(patrol, "seen", text="Đèn hỏng"),
    ]
    assert lan.states(*kept) == ["taken"] * 3
    assert lan.states(*kept[::-1]) == ["taken"] * 3
    assert list(patrol.checkins.values_list("kind", flat=True)) == ["start", "point", "seen"]
    patrol.refresh_from_db()
    assert (patrol.state, patrol.started_at) == ("under_way", patrol.checkins.first().at)
    assert Line.objects.filter(action="groups.checkin.sync").count() == 3


def test_F15_a_wrong_clock_is_measured_and_corrected(patrol, team, signed_in, all_units):
    telephone = Telephone(signed_in(team.lan.user), off_ms=3 * 3600 * 1000)
    telephone.states(telephone.item(patrol, "start"))
    row = CheckIn.objects.get()
    assert (row.proof, abs(row.clock_offset_ms - 3 * 3600 * 1000) < 5000) == ("measured", True)
    assert abs(row.at - row.received_at) < timedelta(seconds=5)
    assert row.device_at - row.at > timedelta(hours=2, minutes=59)


def test_F15_a_time_from_before_the_anchor_is_doubted(patrol, lan, all_units):
    lan.run = "lan-0"
    old = lan.item(patrol, "start", minutes_ago=180)
    lan.run = "lan-1"
    lan.states(old)
    assert CheckIn.objects.get().proof == "doubtful"


def test_F15_an_anchor_that_is_not_the_person_s_proves_nothing(patrol, lan, team, signed_in, all_units):
    theirs = Telephone(signed_in(team.leader.user)).facts["anchor"]
    lan.states(*({**lan.item(patrol, "point"), "anchor": anchor} for anchor in ("", "giả-mạo", theirs)))
    assert list(CheckIn.objects.values_list("proof", flat=True)) == ["doubtful"] * 3


def test_F15_a_patrol_that_ended_meanwhile_is_a_conflict_that_a_person_decides(patrol, lan, team, signed_in, all_units):
    lan.states(lan.item(patrol, "start"))
    patrols.take_step(patrol, "end", by=team.leader.user, at=now() - timedelta(minutes=20))
    answer = lan.send(lan.item(patrol, "seen", text="Xe lạ ở cổng chợ")).json()["results"][0]
    assert (answer["state"], "đã kết thúc lúc" in answer["said"]) == ("conflict", True)
    row = CheckIn.objects.get(kind="seen")
    assert (row.state, unread_count(team.leader.user)) == ("conflict", 1)
    leader = signed_in(team.leader.user)
    assert "Xe lạ ở cổng chợ" in leader.get(patrol.get_absolute_url()).content.decode()
    assert "Điểm danh gửi muộn" in leader.get("/hom-nay/").content.decode()
    url = f"/tuan-tra/diem-danh/{row.pk}/xem/"
    assert lan.client.post(url, {"vao_so": "1"}).status_code == 403
    assert [leader.post(url, {"vao_so": "1"}).status_code for _ in range(2)] == [302, 403]
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.text) == ("taken", team.leader.user, "Xe lạ ở cổng chợ")


def test_F15_what_happened_before_the_end_belongs_to_the_log_though_it_came_after(patrol, lan, team, all_units):
    earlier = [lan.item(patrol, "start"), lan.item(patrol, "point")]
    lan.states(earlier[0])
    patrols.take_step(patrol, "end", by=team.leader.user, at=now() + timedelta(seconds=1))
    assert lan.states(earlier[1]) == ["taken"]


def test_F15_a_patrol_given_to_others_or_cancelled_or_confirmed_is_a_conflict(patrol, lan, team, world, all_units):
    patrols.set_people(patrol, [team.leader, team.nam], by=team.leader.user)
    assert lan.states(lan.item(patrol, "point")) == ["conflict"]
    assert "giao cho người khác lúc" in CheckIn.objects.get().conflict
    patrols.set_people(patrol, [team.leader, team.lan], by=team.leader.user)
    assert lan.states(lan.item(patrol, "start"), lan.item(patrol, "end")) == ["taken", "taken"]
    patrol.refresh_from_db()
    patrols.take_step(patrol, "confirm", by=world.people[Role.CHIEF])
    assert lan.states(lan.item(patrol, "point")) == ["conflict"]
    cancelled = patrols.plan_patrol(team.group, route="Chợ", planned_at=now(), members=[team.lan], by=team.leader.user)
    patrols.take_step(cancelled, "cancel", note="Mưa bão", by=team.leader.user)
    assert lan.states(lan.item(cancelled, "start")) == ["conflict"]
    assert CheckIn.objects.get(patrol=cancelled).text == ""


def test_F15_a_patrol_of_another_group_takes_nothing_and_tells_nothing(patrol, world, team, lan, signed_in, all_units):
    stranger = Telephone(signed_in(world.outsiders[Role.GROUP_LEADER]))
    item = stranger.item(patrol, "start")
    assert stranger.send(item).json()["results"][0]["said"] == "Không có chuyến tuần tra này trong tổ của anh/chị."
    assert (stranger.facts["patrols"], CheckIn.objects.count()) == ([], 0)
    taken = lan.item(patrol, "start")
    lan.states(taken)
    assert stranger.states(taken) == ["refused"]


WRONG = (
    ({"id": "1"}, "UUID"),
    ({"kind": "bay"}, "kind"),
    ({"when": {}}, "wall"),
    ({"when": {"wall": 1, "count": -1, "run": "a"}}, "count"),
    ({"when": {"wall": 1, "count": 1, "run": ""}}, "run"),
    ({"text": "x" * 1001}, "text"),
    ({"place": 7}, "place"),
    ({"latitude": 91}, "latitude"),
    ({"accuracy": "xa"}, "accuracy"),
)
NO_BATCH = ("", "[]", "{", '{"items": 7}', '{"items": [7], "sent": null}', "[" * 100_000)


def test_a_batch_that_cannot_be_read_names_the_field(patrol, lan, all_units):
    for wrong, words in WRONG:
        answer = lan.send({**lan.item(patrol, "start"), **wrong})
        assert (answer.status_code, words in answer.json()["detail"]) == (422, True), wrong
    answers = [lan.client.post(SYNC, body, content_type="application/json").status_code for body in NO_BATCH]
    assert answers == [422] * len(NO_BATCH)
    assert CheckIn.objects.count() == 0


def test_more_than_a_batch_holds_is_sent_in_parts(patrol, lan):
    assert lan.send(*[lan.item(patrol, "point")] * 201).status_code == 422


def test_the_turns_of_who_went_are_served_when_the_patrol_ends(team, lan, all_units):
    at = now()
    rota = Rota.objects.create(group=team.group, first_day=at.date(), last_day=at.date(), state="published")
    shift = Shift.objects.create(rota=rota, name="Ca tối", starts_at=at, ends_at=at + timedelta(hours=3), needs=2)
    for member in (team.lan, team.minh):
        Duty.objects.create(shift=shift, member=member, day=at.date())
    patrol = patrols.patrol_of_shift(shift, route="Quanh xóm", by=team.leader.user)
    patrols.set_people(patrol, [team.lan], by=team.leader.user)
    lan.states(lan.item(patrol, "start"), lan.item(patrol, "end"))
    assert list(Duty.objects.filter(served=True).values_list("member__name", flat=True)) == ["Bùi Thị Lan"]
    patrol = Patrol.objects.get()
    assert (patrol.state, patrol.ended_at is not None) == ("ended", True)


# --- handing over ----------------------------------------------------------------------------------------------------
@pytest.fixture
def seen(patrol, lan):
    lan.states(lan.item(patrol, "seen", text="Khóa cổng chợ bị phá", place="Cổng chợ"))
    with across_units():
        return CheckIn.objects.get()


def test_what_a_patrol_saw_goes_into_a_case_with_a_line_in_the_log(world, seen, signed_in, all_units):
    officer = world.people[Role.INVESTIGATOR]
    case = open_case(CaseFacts("trom-cap", "Trộm ở chợ"), unit=world.commune_a, by=officer)
    url = f"/tuan-tra/diem-danh/{seen.pk}/chuyen/"
    assert signed_in(officer).post(url, {"case": case.pk}).status_code == 302
    note = case.notes.get()
    assert "Tổ xóm Đông phát hiện tại Cổng chợ lúc" in note.text
    assert "Khóa cổng chợ bị phá" in note.text
    line = Line.objects.get(action="groups.checkin.hand-over")
    assert (line.case, line.actor_name) == (case.number, str(officer))
    assert "Phát hiện của tổ tự quản" in signed_in(officer).get(case.get_absolute_url()).content.decode()
    assert signed_in(officer).post(url, {"case": case.pk}).status_code == 403


def test_only_who_works_on_the_case_hands_over(world, seen, team, signed_in, all_units):
    theirs = open_case(CaseFacts("trom-cap", "Nơi khác"), unit=world.commune_b, by=world.outsiders[Role.CHIEF])
    url = f"/tuan-tra/diem-danh/{seen.pk}/chuyen/"
    people = [team.leader.user, world.people[Role.DUTY_OFFICER], world.outsiders[Role.CHIEF]]
    assert [signed_in(each).post(url, {"case": theirs.pk}).status_code for each in people] == [403, 403, 404]
    assert signed_in(world.people[Role.CHIEF]).post(url, {"case": theirs.pk}).status_code == 302
    assert (theirs.notes.count(), CheckIn.objects.get().case) == (0, None)


def test_an_erased_case_takes_the_words_along(world, seen, all_units):
    chief = world.people[Role.CHIEF]
    case = open_case(CaseFacts("trom-cap", "Trộm ở chợ"), unit=world.commune_a, by=chief)
    patrols.hand_over(seen, case, by=chief)
    take_step(case, "close", by=chief, note="Xong")
    assert erase_due_cases(now() + timedelta(days=400)) == [case.number]
    seen.refresh_from_db()
    assert (seen.text, seen.place, seen.case, seen.kind) == ("", "", None, "seen")


def test_places_and_words_are_forgotten_in_their_time_and_stand_in_no_history(patrol, lan, all_units):
    told = {"text": "Khóa cổng chợ bị phá", "place": "Cổng chợ", "latitude": 21.63, "longitude": 105.64, "accuracy": 9}
    lan.states(lan.item(patrol, "seen", **told))
    assert forget(now() + timedelta(days=89)) == 0
    assert forget(now() + timedelta(days=91)) == 1
    row = CheckIn.objects.get()
    assert (row.latitude, row.longitude, row.accuracy_metres, row.text) == (None, None, None, "Khóa cổng chợ bị phá")
    assert forget(now() + timedelta(days=731)) == 1
    row.refresh_from_db()
    assert (row.text, row.place, row.kind) == ("", "", "seen")
    kept = serializers.serialize("json", RowChange.objects.filter(model="groups.checkin"))
    assert ("Khóa cổng" in kept, "21.63" in kept) == (False, False)


def test_the_worker_reaches_no_further_than_its_page(lan):
    answer = lan.client.get("/di-tuan/tho.js")
    assert (answer.status_code, answer.headers.get("Service-Worker-Allowed")) == (200, None)
    kept = json.loads(answer.content.decode().split("const KEPT = ", 1)[1].split(";\n", 1)[0])
    assert "/di-tuan/" in kept["files"]
    assert [name for name in kept["files"] if not name.startswith(("/static/", "/di-tuan/"))] == []
    missing = [name for name in kept["files"][1:] if finders.find(name.removeprefix("/static/")) is None]
    assert missing == []
    manifest = lan.client.get("/di-tuan/ung-dung.webmanifest").json()
    assert (manifest["scope"], manifest["start_url"], manifest["display"]) == ("/di-tuan/", "/di-tuan/", "standalone")
    assert "Bùi Thị Lan" not in lan.client.get("/di-tuan/").content.decode()
