from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import NOBODY, authority_of
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.overdue import overdue, standing
from binhyen.kernel.workflow.registry import workflow_named, workflows
from binhyen.modules.cases.public import CaseFacts, open_case, take_step
from binhyen.modules.footage.models import FootageRequest


@pytest.fixture
def cases(world, all_units):
    """In commune A one late by two days, one by one day, one in time; in commune B one late."""
    own, other = world.people[Role.INVESTIGATOR], world.outsiders[Role.INVESTIGATOR]
    ages = {"two": (own, world.commune_a, 3), "one": (own, world.commune_a, 2), "fine": (own, world.commune_a, 0)}
    ages["theirs"] = (other, world.commune_b, 5)
    return {
        name: open_case(CaseFacts("trom-cap", name), unit=unit, by=by, at=now() - timedelta(days=days))
        for name, (by, unit, days) in ages.items()
    }


def long_request(case, *, days):
    """A request that has waited for a signature."""
    at = now() - timedelta(days=days)
    return FootageRequest.objects.create(
        number=f"{case.number}/YC1", case=case, area={}, area_m2=200, start=0, end=1, purpose="Tìm xe máy",
        legal_basis="Điều 147", created_at=at, created_by=case.opened_by, state="cosign", due_at=at,
    )  # fmt: skip


def test_the_list_holds_what_is_late_in_the_own_units_longest_first(world, cases):
    request = long_request(cases["fine"], days=9)
    found = overdue(authority_of(world.people[Role.CHIEF]))
    assert [late.thing for late in found] == [request, cases["two"], cases["one"]]
    assert [late.registered.label for late in found] == ["Yêu cầu hình ảnh", "Vụ việc", "Vụ việc"]
    assert found[1].url == cases["two"].get_absolute_url()


def test_the_chief_of_the_province_sees_all_communes(world, cases):
    chief = make_person("t.chief", "Phạm Trưởng T", Role.CHIEF, world.province)
    assert [late.thing for late in overdue(authority_of(chief))] == [cases["theirs"], cases["two"], cases["one"]]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.IT_ADMIN, Role.CAMERA_OWNER])
def test_who_may_not_read_cases_is_told_none(world, cases, role):
    assert overdue(authority_of(world.people[role])) == []
    assert overdue(NOBODY) == []


def test_the_list_takes_one_query_for_all_workflows_and_one_for_each_that_is_shown(world, cases):
    long_request(cases["fine"], days=9)
    authority = authority_of(world.people[Role.CHIEF])
    with CaptureQueriesContext(connection) as queries:
        overdue(authority)
    assert len([each["sql"] for each in queries if "due_at" in each["sql"]]) == 3


def test_no_more_than_asked_for(world, cases):
    assert [late.thing for late in overdue(authority_of(world.people[Role.CHIEF]), limit=1)] == [cases["two"]]


def test_what_somebody_else_is_to_answer_is_not_late(world, cases):
    request = long_request(cases["fine"], days=9)
    request.state = "open"
    request.save()
    assert not request.is_overdue()
    requests = workflow_named("yeu-cau-hinh-anh")
    assert overdue(authority_of(world.people[Role.CHIEF]), of=[requests]) == []


def test_counts_are_of_the_own_units(world, cases):
    take_step(cases["one"], "close", by=world.people[Role.CHIEF], note="Xong")
    stands = standing(workflow_named("vu-viec"), authority_of(world.people[Role.AUDITOR]))
    assert stands.counts == {"new": 2, "investigating": 0, "extended": 0, "transferred": 0, "closed": 1}
    assert (stands.in_progress, stands.late_total, stands.late["new"]) == (2, 1, 1)
    assert standing(workflow_named("vu-viec"), NOBODY).in_progress == 0


def test_a_workflow_is_found_by_its_name(all_units):
    assert workflow_named("vu-viec").label == "Vụ việc"
    with pytest.raises(KeyError):
        workflow_named("khong-co")
    assert len({each.slug for each in workflows()}) == len(workflows())
