"""Merging, splitting, dissolving over every table: what moves, what stays, and that all of it comes to zero."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from binhyen.kernel.audit.models import Line
from binhyen.kernel.audit.record import verify
from binhyen.kernel.measures.folding import fold, rebuild
from binhyen.kernel.measures.triggers import counted
from binhyen.kernel.testing.world import make_unit
from binhyen.kernel.units.authority import Refused, authority_of
from binhyen.kernel.units.models import Membership, Stay, Succession, Unit
from binhyen.kernel.units.moving import Fate, bonds, keys_to_units, unsaid
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cameras.models import Camera
from binhyen.modules.cases.models import Case
from binhyen.modules.cases.public import CaseFacts, open_case
from binhyen.modules.contributions.models import Entry
from binhyen.modules.groups.models import Group
from binhyen.modules.places.domain import StepFacts, apply_due_plans, rehearse, take_step
from binhyen.modules.places.inverse import draft_inverse
from binhyen.modules.places.models import Plan, StepKind
from tests.places.conftest import all_figures, approved, merging, new

TOMORROW = localdate() + timedelta(days=1)


def state():
    """All that a rehearsal must not touch: every row that knows a unit, the units, the stays."""
    rows = {bond.key: sorted(bond.model._base_manager.values_list("pk", bond.field)) for bond in bonds()
            if bond.said.fate is not Fate.COMPUTED}  # fmt: skip
    units = sorted(Unit.objects.values_list("pk", "code", "name", "path", "valid_from", "valid_until"))
    people = sorted(Membership.objects.values_list("user", "unit", "role", "valid_from", "valid_until"), key=str)
    return rows, units, people, Stay.objects.count(), Succession.objects.count()


def test_every_table_that_knows_a_unit_says_what_becomes_of_its_rows():
    assert unsaid() == []
    assert {bond.key for bond in bonds(Fate.MOVES)} >= {"cameras.camera", "cases.case", "groups.group"}
    assert all(bond.said.why for bond in bonds() if bond.said.fate is not Fate.MOVES)
    assert len(list(keys_to_units())) >= 25


def test_a_rehearsal_counts_everything_and_changes_nothing(filled, plan_to, chief):
    plan = plan_to(merging(filled))
    before = state()
    outcome = rehearse(plan, by=chief)
    assert state() == before
    assert outcome.is_balanced
    assert (outcome.cells_different, outcome.rows_left, outcome.people_left) == (0, 0, [])
    assert outcome.cells > 0
    lines = {line.key: line for line in outcome.lines}
    assert (lines["cases.case"].before, lines["cases.case"].after, lines["cases.case"].moved) == (4, 4, 4)
    cameras = Camera.objects.filter(tier__lt=3).count()
    assert (lines["cameras.camera"].before, lines["cameras.camera"].moved) == (cameras, cameras)
    entries = lines["contributions.entry"]
    assert (entries.moved, entries.money_before, entries.money_difference) == (0, entries.money_after, 0)
    assert entries.money_before > 0
    assert lines["units.membership"].moved == 2 * (len(Role) - 1)  # owners are not counted
    assert lines["groups.member"].fate == "đi theo"


def test_a_merger_moves_what_lives_and_leaves_what_happened(filled, plan_to, chief, second):
    world, units = filled, [filled.province, filled.commune_a, filled.commune_b]
    before = all_figures(units)
    plan = approved(plan_to(merging(world)), chief, second)
    assert plan.state == "applied"
    merged = Unit.objects.get(code="X99009")
    closed = Unit.objects.filter(pk__in=[world.commune_a.pk, world.commune_b.pk])
    assert set(closed.values_list("valid_until", flat=True)) == {localdate()}
    for model in (Case, Camera, Group):
        assert set(model.objects.values_list("unit", flat=True)) == {merged.pk}
    assert not Entry.objects.filter(unit=merged).exists()
    assert sorted({number.rpartition("/")[2] for number in Case.objects.values_list("number", flat=True)}) == [
        "X99001", "X99002",
    ]  # fmt: skip
    assert all_figures(units) == before
    assert all(value in (0, None) for value, _ in all_figures([merged]).values())
    assert fold()
    assert [each.different for each in rebuild(counted())] == [0] * len(counted())


def test_officers_of_both_serve_the_new_unit_and_read_what_the_old_ones_left(filled, plan_to, chief, second):
    approved(plan_to(merging(filled)), chief, second)
    merged = Unit.objects.get(code="X99009")
    for officer in (filled.people[Role.INVESTIGATOR], filled.outsiders[Role.INVESTIGATOR]):
        authority = authority_of(officer)
        assert authority.holds({Role.INVESTIGATOR}, merged)
        assert authority.unit_ids(OFFICERS) == sorted([filled.commune_a.pk, filled.commune_b.pk, merged.pk])
        assert not authority.holds({Role.INVESTIGATOR}, filled.province)
    case = open_case(CaseFacts("trom-cap", "Vụ mới"), unit=merged, by=filled.people[Role.INVESTIGATOR])
    assert case.number == f"0001/{localdate().year}/X99009"
    everyone = {*filled.people.values(), *filled.outsiders.values()}
    assert all(authority_of(user).roles for user in everyone)


def test_who_serves_both_has_the_role_once(filled, plan_to, chief, second):
    officer = filled.people[Role.DUTY_OFFICER]
    Membership.objects.create(
        user=officer, unit=filled.commune_b, role=Role.DUTY_OFFICER, valid_from=filled.commune_b.valid_from
    )
    approved(plan_to(merging(filled)), chief, second)
    assert Membership.objects.valid_on().filter(user=officer).count() == 1


def test_groups_with_one_code_both_keep_their_numbers(filled, plan_to, chief, second):
    Group.objects.update(code="01")
    for group in Group.objects.all():
        Group.objects.filter(pk=group.pk).update(number=f"{group.unit.code}-01")
    plan = approved(plan_to(merging(filled)), chief, second)
    assert sorted(Group.objects.values_list("code", "number")) == [("01", "X99001-01"), ("X99002-01", "X99002-01")]
    assert [each for each in plan.balance["renamed"] if "“01”" in each]


def test_two_people_approve_and_neither_alone(filled, plan_to, chief, second):
    plan = plan_to(merging(filled))
    with pytest.raises(Refused, match="chưa chạy thử"):
        take_step(plan, "hand_in", by=chief)
    rehearse(plan, by=chief)
    plan.refresh_from_db()
    take_step(plan, "hand_in", by=chief)
    for somebody in (second, filled.people[Role.CHIEF]):
        with pytest.raises(Refused):
            take_step(plan, "approve", by=somebody)
    take_step(plan, "approve", by=chief)
    with pytest.raises(Refused):
        take_step(plan, "second", by=chief)
    assert Unit.objects.get(pk=filled.commune_a.pk).is_open_on()
    assert take_step(plan, "second", by=second).state == "applied"


def test_it_waits_for_its_day_and_is_taken_back_until_then(filled, plan_to, chief, second):
    written = plan_to(merging(filled), day=TOMORROW)
    before = state()
    plan = approved(written, chief, second)
    assert plan.state == "scheduled"
    assert apply_due_plans() == 0
    take_step(plan, "withdraw", by=chief, note="Nghị quyết đã sửa.")
    assert apply_due_plans(TOMORROW) == 0
    assert state() == before


def test_the_job_applies_it_once_on_its_day(filled, plan_to, chief, second):
    approved(plan_to(merging(filled), day=TOMORROW), chief, second)
    assert apply_due_plans(TOMORROW) == 1
    assert apply_due_plans(TOMORROW) == 0
    assert Unit.objects.get(code="X99009").valid_from == TOMORROW
    assert Plan.objects.get().state == "applied"
    assert list(verify()) == []
    said = list(Line.objects.filter(action__startswith="places.unit.").values_list("action", "unit").order_by("number"))
    assert said == [
        ("places.unit.close", "X99001"), ("places.unit.close", "X99002"), ("places.unit.open", "X99009"),
    ]  # fmt: skip


def test_what_no_longer_goes_is_given_back_and_nothing_has_changed(filled, plan_to, chief, second):
    plan = approved(plan_to(merging(filled), day=TOMORROW), chief, second)
    Unit.objects.filter(pk=filled.commune_a.pk).update(valid_until=localdate())
    before = state()
    assert apply_due_plans(TOMORROW) == 0
    plan.refresh_from_db()
    assert (plan.state, plan.approved_by, state()) == ("draft", None, before)


def test_a_split_gives_each_what_was_picked(filled, plan_to, chief, second):
    case = Case.objects.filter(unit=filled.commune_a).first()
    officer = filled.people[Role.INVESTIGATOR]
    picked = [f"{filled.commune_a.code}-001", case.number, officer.username]
    step = StepFacts(
        StepKind.SPLIT, [filled.commune_a.code], opens=[new("X99001"), new("X99008", picked=picked)]
    )  # fmt: skip
    approved(plan_to(step), chief, second)
    first, other = Unit.objects.get(code="X99001"), Unit.objects.get(code="X99008")
    assert list(Case.objects.filter(unit=other)) == [case]
    assert [camera.code for camera in Camera.objects.filter(unit=other)] == ["X99001-001"]
    assert authority_of(officer).holds({Role.INVESTIGATOR}, other)
    assert not authority_of(officer).holds({Role.INVESTIGATOR}, first)
    assert Unit.objects.get(pk=filled.commune_a.pk).code == f"X99001@{localdate():%y%m%d}"
    number = open_case(CaseFacts("trom-cap", "Vụ"), unit=first, by=filled.people[Role.CHIEF]).number
    assert Case.objects.filter(number=number).count() == 1


def test_a_district_is_dissolved_and_its_communes_report_to_the_province(filled, plan_to, chief, second):
    district = make_unit("H99", "Công an huyện Đông", "huyen", below=filled.province)
    Unit.objects.move(Unit.objects.get(pk=filled.commune_a.pk), district, "last-child")
    before = all_figures([filled.province, district, filled.commune_a])
    approved(plan_to(StepFacts(StepKind.DISSOLVE, ["H99"])), chief, second)
    now = Unit.objects.get(code="X99001")
    assert (now.depth, now.name, now.pk != filled.commune_a.pk) == (2, "Công an xã An Hòa", True)
    assert all_figures([filled.province, district, filled.commune_a]) == before
    assert authority_of(filled.people[Role.CHIEF]).holds({Role.CHIEF}, now)


def test_what_was_applied_is_drafted_the_other_way_round(filled, plan_to, chief, second):
    had = {
        unit.code: (set(Case.objects.filter(unit=unit)), set(Camera.objects.filter(unit=unit)))
        for unit in (filled.commune_a, filled.commune_b)
    }
    plan = approved(plan_to(merging(filled)), chief, second)
    back = draft_inverse(plan, by=chief)
    assert draft_inverse(plan, by=chief) == back
    approved(back, chief, second)
    for code, (cases, cameras) in had.items():
        unit = Unit.objects.get(code=code)
        assert (set(Case.objects.filter(unit=unit)), set(Camera.objects.filter(unit=unit))) == (cases, cameras)
    assert authority_of(filled.outsiders[Role.CHIEF]).holds({Role.CHIEF}, Unit.objects.get(code="X99002"))


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (StepFacts(StepKind.MERGE, ["KHONG-CO"], opens=[new()]), "Không có đơn vị đang hoạt động"),
        (StepFacts(StepKind.CLOSE, ["T99"], into="X99001"), "không thể tự kết thúc"),
        (StepFacts(StepKind.RENAME, ["X99001"], opens=[new("X99002")]), "là của Công an xã Bình Minh"),
        (StepFacts(StepKind.CLOSE, ["X99001"], into="X99001"), "không thể tiếp nhận"),
        (StepFacts(StepKind.SPLIT, ["X99001"], opens=[new("X99001"), new("X99008", picked=["LẠ"])]), "không có: LẠ"),
    ],
)
def test_a_step_that_does_not_go_says_why(filled, plan_to, chief, step, sentence):
    with pytest.raises(Refused, match=f"Bước 1: .*{sentence}"):
        rehearse(plan_to(step), by=chief)
