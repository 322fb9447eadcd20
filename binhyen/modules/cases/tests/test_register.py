"""The register: numbers, steps, who reads what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from binhyen.kernel.audit.models import Line
from binhyen.kernel.testing.world import make_world
from binhyen.kernel.units.authority import Refused, authority_of
from binhyen.modules.cases import domain, rules
from binhyen.modules.cases.kinds import kinds
from binhyen.modules.cases.models import Case, CaseCounter
from binhyen.modules.cases.queries import find_cases

FACTS = domain.CaseFacts("trom-cap", "Mất xe máy tại chợ An Hòa", "Chợ An Hòa", summary="Báo lúc sáng sớm")


@pytest.fixture
def case(world, all_units):
    return domain.open_case(FACTS, unit=world.commune_a, by=world.people["investigator"])


def test_the_first_case_of_a_unit_and_year_has_number_one(world, all_units):
    case = domain.open_case(
        FACTS, unit=world.commune_a, by=world.people["chief"], at=datetime(2025, 12, 31, 18, tzinfo=UTC)
    )
    assert case.number == "0001/2026/X99001"  # already the new year in Vietnam


def test_units_and_years_count_apart(world, all_units):
    by, other = world.people["chief"], world.outsiders["chief"]
    at = datetime(2026, 5, 1, tzinfo=UTC)
    numbers = [
        domain.open_case(FACTS, unit=world.commune_a, by=by, at=at).number,
        domain.open_case(FACTS, unit=world.commune_b, by=other, at=at).number,
        domain.open_case(FACTS, unit=world.commune_a, by=by, at=at).number,
        domain.open_case(FACTS, unit=world.commune_a, by=by, at=at + timedelta(days=366)).number,
    ]
    assert numbers == ["0001/2026/X99001", "0001/2026/X99002", "0002/2026/X99001", "0001/2027/X99001"]


def test_a_case_that_was_not_saved_gives_its_number_back(world, all_units):
    with transaction.atomic():
        domain.open_case(FACTS, unit=world.commune_a, by=world.people["chief"])
        transaction.set_rollback(True)
    assert domain.open_case(FACTS, unit=world.commune_a, by=world.people["chief"]).sequence == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_no_double_when_eight_officers_open_at_once_and_some_fail():
    world = make_world()
    officer, unit = world.people["investigator"], world.commune_a

    def open_or_fail(n):
        try:
            with transaction.atomic():
                domain.open_case(FACTS, unit=unit, by=officer)
                if n % 5 == 0:
                    raise RuntimeError
        except RuntimeError:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(open_or_fail, range(40)))
    taken = sorted(Case._base_manager.values_list("sequence", flat=True))
    assert (taken, CaseCounter.objects.get().last_number) == (list(range(1, 33)), 32)


def test_the_legal_basis_is_the_one_in_force_on_the_day_of_receipt():
    fines = kinds()["gay-roi"]
    assert fines.basis_on(date(2025, 12, 14)).text == "Nghị định 144/2021/NĐ-CP"
    assert fines.basis_on(date(2025, 12, 15)).text == "Nghị định 282/2025/NĐ-CP"
    assert fines.basis_on(date(2000, 1, 1)) is None


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("duty_officer", ["investigate"]),
        ("commune_officer", ["investigate", "close"]),
        ("investigator", ["investigate", "close"]),
        ("chief", ["investigate", "transfer", "close"]),
        ("camera_owner", []),
        ("auditor", []),
        ("it_admin", []),
    ],
)
def test_a_new_case_offers_each_role_its_steps(world, case, role, steps):
    assert [step.name for step in Case.workflow.open_to(authority_of(world.people[role]), case)] == steps
    assert Case.workflow.open_to(authority_of(world.outsiders[role]), case) == []


def test_closing_needs_a_reason(world, case):
    with pytest.raises(Refused, match="cần ghi rõ lý do"):
        domain.take_step(case, "close", by=world.people["investigator"])


def test_a_closed_case_refuses_notes_and_says_since_when_and_who_can_reopen(world, case):
    at = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)
    domain.take_step(case, "close", by=world.people["investigator"], note="Đã xong", at=at)
    with pytest.raises(Refused) as refused:
        domain.add_note(case, "Ghi thêm", by=world.people["investigator"])
    assert refused.value.refusal.sentence == (
        f"Không thực hiện được: vụ việc {case.number} đã đóng lúc 14:05 ngày 21/11/2026."
    )
    assert refused.value.refusal.remedy == "Trưởng công an của Công an xã An Hòa có thể mở lại vụ việc."


def test_a_reopened_case_works_again(world, case):
    domain.take_step(case, "close", by=world.people["investigator"], note="Đã xong")
    domain.take_step(case, "reopen", by=world.people["chief"], note="Có tin mới")
    assert domain.add_note(case, "Ghi thêm", by=world.people["investigator"]).text == "Ghi thêm"
    assert case.ended_at is None


def test_a_note_cannot_be_changed(world, case):
    note = domain.add_note(case, "Đã ghi", by=world.people["investigator"])
    note.text = "Sửa"
    with pytest.raises(ProgrammingError, match="Cannot update"):
        note.save()


def test_the_log_tells_of_people_without_their_names(world, case):
    domain.add_person(case, part="victim", name="Lê Thị Hoa Mai", contact="0900", by=world.people["investigator"])
    line = Line.objects.get(action="cases.person.add")
    assert (line.case, line.detail) == (case.number, {"part": "victim"})
    assert not [each for each in Line.objects.all() if "Hoa Mai" in str(vars(each))]


@pytest.mark.parametrize(
    ("role", "sees"),
    [("duty_officer", False), ("commune_officer", True), ("investigator", True), ("chief", True), ("auditor", False)],
)
def test_people_are_seen_by_who_works_on_cases(world, case, role, sees):
    assert (rules.may_see_people(authority_of(world.people[role]), case) is None) == sees
    assert rules.may_see_people(authority_of(world.outsiders[role]), case) is not None


def test_no_case_is_opened_in_a_closed_unit_or_in_another_one(world, all_units):
    with pytest.raises(Refused, match="không công tác ở đơn vị này"):
        domain.open_case(FACTS, unit=world.commune_b, by=world.people["chief"])
    world.commune_a.valid_until = date(2026, 1, 1)
    with pytest.raises(Refused, match="đã kết thúc hoạt động"):
        domain.open_case(FACTS, unit=world.commune_a, by=world.people["chief"])


def test_search_needs_no_diacritics(world, case):
    authority = authority_of(world.people["chief"])
    assert [list(find_cases(authority, words=words)) for words in ("mat xe CHO", "Mất xe", "xe dap")] == [
        [case], [case], [],
    ]  # fmt: skip


def test_T07_a_year_after_its_end_nothing_personal_of_a_case_remains(world, case):
    officer = world.people["investigator"]
    domain.add_person(case, part="victim", name="Lê Thị Hoa Mai", by=officer)
    domain.add_note(case, "Bà Hoa Mai nhớ biển số", by=officer)
    ended = datetime(2026, 1, 5, tzinfo=UTC)
    domain.take_step(case, "close", by=officer, note="Đã xong", at=ended)
    assert domain.erase_due_cases(ended + timedelta(days=365)) == []
    assert domain.erase_due_cases(ended + timedelta(days=400)) == [case.number]
    kept = Case.objects.get(pk=case.pk)
    assert (kept.people.count(), kept.notes.count(), kept.place, kept.summary) == (0, 0, "", "")
    assert (kept.number, kept.title) == (case.number, domain.ERASED)
    assert domain.erase_due_cases(ended + timedelta(days=800)) == []


def test_T07_an_open_case_keeps_its_people(world, case):
    domain.add_person(case, part="victim", name="Lê Thị Hoa Mai", by=world.people["investigator"])
    assert domain.erase_due_cases(datetime(2030, 1, 1, tzinfo=UTC)) == []
