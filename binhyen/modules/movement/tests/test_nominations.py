"""A nomination stands on records; a lesson goes to other units."""

import pytest

from binhyen.kernel.screens import screens_of
from binhyen.kernel.testing.registers import make_example
from binhyen.kernel.units.authority import Refused
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.advance import advance
from binhyen.modules.movement import citing
from binhyen.modules.movement.models import Adoption, LessonCard, MovementCase, Session

pytestmark = pytest.mark.usefixtures("all_units")


def test_records_are_picked_from_a_register_and_counted_by_it(chief, nomination, world):
    url = f"/de-nghi-khen/{nomination.pk}/dan-chung/"
    keys = list(MovementCase.objects.values_list("pk", flat=True))
    assert chief.get(f"{url}?so=movementcase").content.decode().count('name="chon"') == 3
    chief.post(url, {"so": "movementcase", "chon": keys[:2]})
    chief.post(url, {"so": "session", "chon": list(Session.objects.values_list("pk", flat=True))})
    assert citing.counted(nomination) == "2 vụ việc từ phong trào, 1 buổi tuyên truyền"
    chief.post(url, {"so": "movementcase", "chon": keys[2:]})
    assert citing.counted(nomination) == "1 vụ việc từ phong trào, 1 buổi tuyên truyền"
    assert "1 vụ việc từ phong trào, 1 buổi tuyên truyền" in chief.get("/de-nghi-khen/").content.decode()
    MovementCase.objects.filter(pk=keys[2]).delete()
    assert citing.counted(nomination) == "1 buổi tuyên truyền"


def test_records_of_other_units_and_other_times_cannot_be_cited(chief, nomination, make, world):
    early = make(MovementCase, number="PT-9/2024", cleared_on="31/12/2024")
    theirs = make_example(screens_of(MovementCase), world.commune_b)
    url = f"/de-nghi-khen/{nomination.pk}/dan-chung/"
    chief.post(url, {"so": "movementcase", "chon": [early.pk, theirs.pk]})
    assert citing.counted(nomination) == ""


def test_a_register_that_is_none_is_an_error(chief, nomination):
    assert chief.get(f"/de-nghi-khen/{nomination.pk}/dan-chung/?so=user").status_code == 400


def test_nothing_is_proposed_without_a_record(nomination, world):
    chief = world.people[Role.CHIEF]
    with pytest.raises(Refused):
        advance(nomination, "propose", by=chief)
    row = MovementCase.objects.first()
    citing.cite(nomination, "movementcase", [row], shown=[row.pk], by=chief)
    assert advance(nomination, "propose", by=chief).state == "proposed"


def test_what_was_proposed_keeps_its_records(chief, nomination, world):
    row = MovementCase.objects.first()
    citing.cite(nomination, "movementcase", [row], shown=[row.pk], by=world.people[Role.CHIEF])
    advance(nomination, "propose", by=world.people[Role.CHIEF])
    answer = chief.post(f"/de-nghi-khen/{nomination.pk}/dan-chung/", {"so": "movementcase", "chon": []})
    assert (answer.status_code, nomination.citations.count()) == (403, 1)


@pytest.fixture
def card(make):
    return make(LessonCard)


@pytest.fixture
def neighbour(world, signed_in):
    return signed_in(world.outsiders[Role.CHIEF])


def test_another_unit_takes_a_lesson_over_and_its_author_sees_it(card, chief, neighbour, world):
    page = neighbour.get("/bai-hoc-chung/").content.decode()
    assert "Đèn trước cổng" in page
    assert "12 → 3" in page
    sent = {"unit": world.commune_b.pk, "note": "Dùng đèn năng lượng mặt trời"}
    assert neighbour.post(f"/bai-hoc-chung/{card.pk}/lam-theo/", sent).status_code == 302
    page = chief.get(f"/bai-hoc/{card.pk}/").content.decode()
    assert "1 đơn vị làm theo" in page
    assert "Dùng đèn năng lượng mặt trời" in page
    assert neighbour.post(f"/bai-hoc-chung/{card.pk}/lam-theo/", sent).status_code == 403
    assert Adoption.objects.count() == 1


def test_nobody_takes_over_the_own_lesson_or_one_that_is_not_shared(card, chief, neighbour, world):
    assert chief.post(f"/bai-hoc-chung/{card.pk}/lam-theo/", {"unit": world.commune_a.pk}).status_code == 403
    LessonCard.objects.update(shared=False)
    assert neighbour.post(f"/bai-hoc-chung/{card.pk}/lam-theo/", {"unit": world.commune_b.pk}).status_code == 404
    assert "Chưa có bài học nào" in neighbour.get("/bai-hoc-chung/").content.decode()


def test_a_lesson_in_which_nothing_changed_teaches_nothing(chief, world):
    sent = {"unit": world.commune_a.pk, "title": "x", "doing": "x", "figure": "x", "before": "5", "after": "5",
            "written_on": "21/11/2025"}  # fmt: skip
    assert "chưa có gì để người khác học theo" in chief.post("/bai-hoc/them/", sent).content.decode()
