"""The pages of cases."""

import pytest

from binhyen.kernel.units.authority import authority_of
from binhyen.modules.cases import domain
from binhyen.modules.cases.models import Case
from binhyen.modules.cases.screens import waiting_cases

FACTS = domain.CaseFacts("trom-cap", "Mất xe máy <b>tại</b> chợ", "Chợ An Hòa")


@pytest.fixture
def case(world, all_units):
    return domain.open_case(FACTS, unit=world.commune_a, by=world.people["investigator"])


def test_an_officer_opens_a_case_and_reads_it(world, signed_in, all_units):
    client = signed_in(world.people["investigator"])
    form = {"unit": world.commune_a.pk, "kind": "trom-cap", "title": "Mất xe máy", "place": "Chợ"}
    response = client.post("/vu-viec/lap/", form, follow=True)
    case = Case.objects.get()
    assert response.redirect_chain == [(f"/vu-viec/{case.pk}/", 302)]
    assert f"Số {case.number}" in response.content.decode()


def test_a_form_with_a_mistake_keeps_what_was_typed_and_names_the_field(world, signed_in):
    client = signed_in(world.people["investigator"])
    response = client.post("/vu-viec/lap/", {"unit": world.commune_a.pk, "kind": "trom-cap", "place": "Chợ cũ"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Chưa nhập “Tên vụ việc”. Hãy nhập rồi gửi lại." in page
    assert 'value="Chợ cũ"' in page


def test_the_list_shows_only_cases_of_the_own_units(world, signed_in, case):
    assert case.number in signed_in(world.people["duty_officer"]).get("/vu-viec/").content.decode()
    assert case.number not in signed_in(world.outsiders["chief"]).get("/vu-viec/").content.decode()
    assert signed_in(world.outsiders["chief"]).get(f"/vu-viec/{case.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["auditor", "it_admin", "camera_owner"])
def test_who_is_no_officer_reads_no_case(world, signed_in, case, role):
    client = signed_in(world.people[role])
    assert [client.get(path).status_code for path in ("/vu-viec/", f"/vu-viec/{case.pk}/")] == [403, 403]


def test_a_duty_officer_sees_the_case_without_its_people(world, signed_in, case):
    domain.add_person(case, part="victim", name="Lê Thị Hoa Mai", by=world.people["investigator"])
    assert "Hoa Mai" not in signed_in(world.people["duty_officer"]).get(f"/vu-viec/{case.pk}/").content.decode()
    assert "Hoa Mai" in signed_in(world.people["chief"]).get(f"/vu-viec/{case.pk}/").content.decode()


def test_what_was_written_into_a_case_is_shown_as_text(world, signed_in, case):
    page = signed_in(world.people["chief"]).get(f"/vu-viec/{case.pk}/").content.decode()
    assert "Mất xe máy &lt;b&gt;tại&lt;/b&gt; chợ" in page


def test_a_closed_case_refuses_with_403_and_says_so(world, signed_in, case):
    client = signed_in(world.people["investigator"])
    client.post(f"/vu-viec/{case.pk}/buoc/", {"step": "close", "note": "Đã xong"})
    response = client.post(f"/vu-viec/{case.pk}/ghi-chep/", {"text": "Thêm"})
    assert response.status_code == 403
    assert f"vụ việc {case.number} đã đóng" in response.content.decode()
    assert "Mọi quyền xem hình của vụ việc này đã hết." in client.get(f"/vu-viec/{case.pk}/").content.decode()


def test_an_empty_register_says_what_to_do(world, signed_in):
    assert "Đơn vị chưa có vụ việc nào." in signed_in(world.people["chief"]).get("/vu-viec/").content.decode()


def test_a_case_waits_for_its_officer_and_for_the_chief_once_it_is_late(world, case):
    def waiting(role):
        return [item.url for item in waiting_cases(authority_of(world.people[role]))]

    address = [f"/vu-viec/{case.pk}/"]
    assert [waiting(role) for role in ("investigator", "chief", "commune_officer")] == [address, [], []]
    Case.objects.update(due_at=case.opened_at)
    assert [waiting(role) for role in ("investigator", "chief", "commune_officer")] == [address, address, []]


def test_S02_a_person_of_another_case_is_not_removed_through_this_one(world, signed_in, case):
    other = domain.open_case(FACTS, unit=world.commune_b, by=world.outsiders["chief"])
    person = domain.add_person(other, part="victim", name="Lê Thị Hoa Mai", by=world.outsiders["chief"])
    response = signed_in(world.people["chief"]).post(f"/vu-viec/{case.pk}/nguoi/{person.pk}/bo/")
    assert (response.status_code, other.people.count()) == (404, 1)


def test_S02_facts_that_the_form_does_not_have_are_not_taken(world, signed_in, case):
    changed = {"title": "Tên mới", "kind": "khac", "number": "1", "unit": world.commune_b.pk, "state": "closed"}
    signed_in(world.people["chief"]).post(f"/vu-viec/{case.pk}/sua/", changed)
    kept = Case.objects.get(pk=case.pk)
    assert (kept.title, kept.kind, kept.number, kept.unit, kept.state) == (
        "Tên mới", "trom-cap", case.number, world.commune_a, "new",
    )  # fmt: skip


def test_an_unknown_step_and_a_stranger_as_officer_change_nothing(world, signed_in, case):
    client = signed_in(world.people["chief"])
    client.post(f"/vu-viec/{case.pk}/buoc/", {"step": "xoa"})
    client.post(f"/vu-viec/{case.pk}/giao/", {"officer": world.outsiders["chief"].pk})
    kept = Case.objects.get(pk=case.pk)
    assert (kept.state, kept.assigned_to) == ("new", world.people["investigator"])


def test_a_case_is_given_to_another_officer(world, signed_in, case):
    signed_in(world.people["chief"]).post(f"/vu-viec/{case.pk}/giao/", {"officer": world.people["commune_officer"].pk})
    assert Case.objects.get(pk=case.pk).assigned_to == world.people["commune_officer"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=late", False),
        ("?state=new", True),
        ("?state=&q=may+cho", True),
        ("?kind=ma-tuy", False),
        ("?trang=9", True),
    ],
)
def test_the_list_is_filtered(world, signed_in, case, query, found):
    page = signed_in(world.people["chief"]).get(f"/vu-viec/{query}").content.decode()
    assert (f">{case.number}</a>" in page) == found
