"""The pages that show workflows and the working calendar."""

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now

from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cases.public import CaseFacts, open_case
from binhyen.web.pages.actions import action_words


@pytest.fixture
def late(world):
    """One late case in commune A, two in commune B."""
    with across_units():
        make = [(world.people, world.commune_a)] + [(world.outsiders, world.commune_b)] * 2
        at = now() - timedelta(days=3)
        facts = CaseFacts("trom-cap", "Mất xe máy")
        return [open_case(facts, unit=unit, by=people[Role.INVESTIGATOR], at=at) for people, unit in make]


def page_for(signed_in, user, address):
    answer = signed_in(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_every_workflow_and_what_is_late_in_the_own_unit(world, signed_in, late):
    page = page_for(signed_in, world.people[Role.CHIEF], "/quy-trinh/")
    assert ('href="/quy-trinh/vu-viec/"' in page, 'href="/quy-trinh/yeu-cau-hinh-anh/"' in page) == (True, True)
    assert [case.number in page for case in late] == [True, False, False]


def test_a_workflow_is_shown_as_picture_and_table_with_counts_of_the_own_unit(world, signed_in, late):
    page = page_for(signed_in, world.people[Role.CHIEF], "/quy-trinh/vu-viec/")
    assert page.count('<g class="wf-state wf-is-late" data-state="new">') == 2  # lying, and upright for a phone
    assert ("đang có 1<" in page, "▲ 1 trễ hạn" in page, "đang có 2<" in page) == (True, True, False)
    assert "Trực ban, Cán bộ công an xã, Điều tra viên, Trưởng công an" in page
    assert "ngay khi trễ hạn: báo Trưởng công an của đơn vị" in page
    assert late[0].number in page


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.IT_ADMIN])
def test_who_does_no_police_work_sees_counts_and_no_case(world, signed_in, late, role):
    page = page_for(signed_in, world.people[role], "/quy-trinh/vu-viec/")
    assert "Có 1 việc trễ hạn tại đơn vị." in page
    assert late[0].number not in page


def test_an_unknown_workflow_is_not_found(world, signed_in):
    assert signed_in(world.people[Role.CHIEF]).get("/quy-trinh/khong-co/").status_code == 404


def test_the_calendar_shows_a_year_with_its_legal_basis(world, signed_in):
    page = page_for(signed_in, world.people[Role.CHIEF], "/quy-trinh/lich-lam-viec/?nam=2026")
    assert "Lịch làm việc năm 2026" in page
    assert all(each in page for each in ("17/02/2026", "Tết Nguyên đán", "22/08/2026", "Làm bù", "Điều 112"))
    assert "chưa có quyết định nghỉ năm 2026" not in page


@time_machine.travel("2026-11-16 05:15:00+00:00")
def test_the_calendar_says_that_it_is_lunch_and_what_is_not_decided_yet(world, signed_in):
    page = page_for(signed_in, world.people[Role.CHIEF], "/quy-trinh/lich-lam-viec/?nam=2027")
    assert "Giờ nghỉ trưa: hạn tính theo giờ làm việc đang dừng, chạy tiếp từ 16/11/2026 13:30." in page
    assert "chưa có quyết định nghỉ năm 2027 cho: Tết Nguyên đán, Quốc khánh" in page


@time_machine.travel("2026-11-16 05:15:00+00:00")
@pytest.mark.parametrize(("asked", "shown"), [("1800", 2021), ("9999", 2036), ("abc", 2026), ("", 2026), ("-5", 2026)])
def test_the_calendar_shows_a_year_that_it_knows(world, signed_in, asked, shown):
    page = page_for(signed_in, world.people[Role.CHIEF], f"/quy-trinh/lich-lam-viec/?nam={asked}")
    assert f"Lịch làm việc năm {shown}" in page


def test_the_log_names_what_was_escalated():
    assert action_words("cases.case.escalate") == "Báo cấp trên việc trễ hạn"
    assert action_words("units.unit.escalate") == "units.unit.escalate"
