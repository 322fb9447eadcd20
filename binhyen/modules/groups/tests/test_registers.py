"""Registers: who sees which group, telephone numbers, cameras that are counted and not named."""

import pytest
from django.core import serializers
from django.db import connection
from django.utils.timezone import localdate, now

from binhyen.kernel.audit.models import Line
from binhyen.kernel.history.models import RowChange
from binhyen.kernel.measures import Period, figure, measure_of
from binhyen.kernel.units.authority import across_units, authority_of
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import add_camera, add_household_camera
from binhyen.modules.groups import clusters
from binhyen.modules.groups.models import ClusterCamera, MemberPhone, Patrol
from binhyen.modules.groups.public import add_to_cluster, cameras_on, members_on
from binhyen.modules.groups.tests.conftest import PHONE


def listed(client, url):
    return [row for row, *_ in client.get(url).context["lines"]]


def test_people_of_a_group_see_their_own_group_and_no_other_of_the_unit(world, team, signed_in, all_units):
    neighbour = type(team.group).objects.create(
        unit=world.commune_a, code="02", name="Tổ khác", hamlet="Xóm Bắc", founded_on=localdate()
    )
    for user in (team.leader.user, team.lan.user):
        client = signed_in(user)
        assert listed(client, "/to-tu-quan/") == [team.group]
        assert listed(client, "/thanh-vien-to/") == sorted(team.members, key=lambda each: each.name_order)
        statuses = [client.get(group.get_absolute_url()).status_code for group in (team.group, neighbour, team.other)]
        assert statuses == [200, 404, 404]
        assert client.get("/to-tu-quan/cua-toi/").url == team.group.get_absolute_url()


def test_somebody_who_left_the_group_sees_nothing_of_it(team, signed_in, all_units):
    team.lan.left_on = localdate()
    team.lan.save()
    client = signed_in(team.lan.user)
    assert client.get(team.group.get_absolute_url()).status_code == 404
    assert "chưa có tên trong tổ nào" in client.get("/to-tu-quan/cua-toi/").content.decode()


def test_the_leader_stands_first_and_only_one_leads(team, signed_in, world, all_units):
    assert members_on(team.group).first() == team.leader
    form = {"group": team.group.pk, "code": "09", "name": "Người Mới", "part": "leader", "joined_on": "01/10/2025"}
    answer = signed_in(world.people[Role.CHIEF]).post("/thanh-vien-to/them/", form)
    assert answer.status_code == 422
    assert "Tổ đã có tổ trưởng" in answer.content.decode()


def test_a_number_is_shown_to_those_who_may_with_a_line_each_time(world, team, signed_in):
    url = f"/thanh-vien-to/{team.lan.pk}/dien-thoai/"
    people = {
        "duty": world.people[Role.DUTY_OFFICER], "chief": world.people[Role.CHIEF], "leader": team.leader.user,
        "self": team.lan.user, "colleague": team.nam.user, "investigator": world.people[Role.INVESTIGATOR],
    }  # fmt: skip
    shown = {name: PHONE in signed_in(user).post(url).content.decode() for name, user in people.items()}
    assert shown == dict.fromkeys(("duty", "chief", "leader", "self"), True) | dict.fromkeys(
        ("colleague", "investigator"), False
    )
    looks = Line.objects.filter(action="groups.phone.look")
    assert [line.actor_name for line in looks.order_by("number")] == [
        str(people[name]) for name in ("duty", "chief", "leader", "self")
    ]
    assert signed_in(world.outsiders[Role.CHIEF]).post(url).status_code == 404


def test_a_number_is_in_no_page_file_answer_history_or_table(world, team, signed_in):
    client = signed_in(world.people[Role.CHIEF])
    pages = [
        client.get(url)
        for url in (
            team.group.get_absolute_url(), team.lan.get_absolute_url(), f"/thanh-vien-to/{team.lan.pk}/sua/",
            "/thanh-vien-to/", "/thanh-vien-to/danh-sach.csv", "/api/thanh-vien-to",
            f"/api/thanh-vien-to/{team.lan.pk}",
        )
    ]  # fmt: skip
    assert [page.status_code for page in pages] == [200] * len(pages)
    with across_units():
        stored = serializers.serialize("json", [*MemberPhone.objects.all(), *RowChange.objects.all()])
    text = "".join(page.getvalue().decode("utf-8", "replace") for page in pages) + stored
    assert PHONE not in text
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(detail::text || subject, '') FROM audit_line")
        assert PHONE not in cursor.fetchone()[0]


def test_who_leads_writes_a_number_and_a_wrong_one_is_explained(team, signed_in):
    client, url = signed_in(team.leader.user), f"/thanh-vien-to/{team.minh.pk}/dien-thoai/ghi/"
    answer = client.post(url, {"phone": "không có"})
    assert (answer.status_code, "Hãy nhập như 0912 345 678" in answer.content.decode()) == (422, True)
    assert client.post(url, {"phone": "0987.654 321"}).status_code == 302
    assert "0987654321" in client.post(f"/thanh-vien-to/{team.minh.pk}/dien-thoai/").content.decode()
    assert signed_in(team.lan.user).get(url).status_code == 403


@pytest.fixture
def household(world):
    return add_household_camera(
        by=None, owner=world.people[Role.CAMERA_OWNER], unit=world.commune_a, name="Cổng nhà", address="Số 7",
        url="rtsp://192.168.7.21/1", latitude=21.63, longitude=105.64,
    )  # fmt: skip


def test_a_household_s_camera_is_counted_by_its_owner_s_choice_and_named_nowhere(world, team, household, signed_in):
    owner = signed_in(world.people[Role.CAMERA_OWNER])
    assert "Tổ xóm Đông" in owner.get("/camera-cua-toi/to-tu-quan/").content.decode()
    for _ in range(2):
        owner.post("/camera-cua-toi/to-tu-quan/", {"camera": household.code, "group": team.group.pk})
    with across_units():
        row = cameras_on(team.group).get()
        assert (row.source, row.camera) == ("household", None)
        stored = serializers.serialize("json", [row, *RowChange.objects.filter(model="groups.clustercamera")])
    page = signed_in(world.people[Role.CHIEF]).get("/camera-cua-to/").content.decode()
    assert [household.code in text for text in (stored, page)] == [False, False]
    assert not Line.objects.filter(subject__contains=household.code, action__startswith="groups.").exists()
    assert not Line.objects.filter(actor=world.people[Role.CAMERA_OWNER].pk, action__startswith="groups.").exists()


def test_an_owner_chooses_only_for_the_own_camera_and_among_groups_of_its_commune(world, team, household, signed_in):
    owner, other = signed_in(world.people[Role.CAMERA_OWNER]), signed_in(world.outsiders[Role.CAMERA_OWNER])
    choice = {"camera": household.code, "group": team.group.pk}
    assert other.post("/camera-cua-toi/to-tu-quan/", choice).status_code == 404
    owner.post("/camera-cua-toi/to-tu-quan/", {"camera": household.code, "group": team.other.pk})
    with across_units():
        assert clusters.group_of(household.code) is None
    owner.post("/camera-cua-toi/to-tu-quan/", choice)
    owner.post("/camera-cua-toi/to-tu-quan/", {"camera": household.code, "group": ""})
    with across_units():
        assert (clusters.group_of(household.code), cameras_on(team.group).count()) == (None, 0)


def test_the_figures_follow_the_registers(world, team):
    chief, day = authority_of(world.people[Role.CHIEF]), Period.parse(f"{localdate():%Y-%m-%d}")

    def said(code):
        return figure(measure_of(code), world.commune_a, day, authority=chief).text

    with across_units():
        add_to_cluster(team.group, source="own", by=None)
        assert [said(code) for code in ("to-tu-quan", "thanh-vien-to", "camera-cua-to")] == ["1", "5", "1"]
        type(team.hoa).objects.filter(pk=team.hoa.pk).update(left_on=localdate())
        assert said("thanh-vien-to") == "4"
        at = now()
        Patrol.objects.create(group=team.group, route="Chợ", planned_at=at, state="ended", ended_on=localdate())
        assert [said(code) for code in ("chuyen-tuan-tra", "luot-truc")] == ["1", "0"]


def test_only_a_station_s_camera_is_named_in_a_cluster(world, team, household, signed_in, all_units):
    camera = add_camera(
        by=None, unit=world.commune_a, tier=2, name="Cổng chợ", url="rtsp://192.168.7.20/1", code="A-01"
    )
    row = add_to_cluster(team.group, source="station", camera="A-01", by=None)
    assert (row.code, row.camera) == ("C01", camera)
    client = signed_in(world.people[Role.CHIEF])
    form = {"group": team.group.pk, "code": "C02", "source": "own", "added_on": "01/10/2025"}
    answers = [
        client.post("/camera-cua-to/them/", form | wrong)
        for wrong in ({"camera": household.pk}, {"source": "station"}, {"source": "station", "camera": camera.pk})
    ]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert client.post("/camera-cua-to/them/", form).status_code == 302
    assert ClusterCamera.objects.filter(group=team.group).count() == 2
