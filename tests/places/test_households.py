"""Units change, and nobody learns from it that a household is there: by counting, by naming, by an error."""

import json

import pytest

from binhyen.kernel.accounts.models import User
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import Refused, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.domain import add_household_camera
from binhyen.modules.cameras.models import Camera
from binhyen.modules.cameras.rules import owns
from binhyen.modules.places.domain import StepFacts, rehearse
from binhyen.modules.places.inverse import draft_inverse
from binhyen.modules.places.models import StepKind
from tests.places.conftest import approved, merging, new


@pytest.fixture
def homes(filled):
    """A function: two more households in commune B."""

    def make():
        for number in range(2):
            owner = make_person(f"chu.moi{number}", f"Chủ Mới {number}", Role.CAMERA_OWNER, filled.commune_b)
            add_household_camera(by=None, owner=owner, unit=filled.commune_b, name="Cổng nhà", latitude=21.6,
                                 url="rtsp://camera.invalid/1", address="Ngõ thử", longitude=105.6)  # fmt: skip
        return Camera.objects.filter(household__isnull=False).order_by("-pk")[:2]

    return make


def shown(plan, signed_in, chief):
    """The part of the page that tells what was counted, and the balance that is kept."""
    page = signed_in(chief).get(plan.get_absolute_url()).content.decode()
    return page[page.index('id="can-doi"') : page.index('id="can-cu"')], json.dumps(plan.balance)


def test_T01_a_rehearsal_says_the_same_with_and_without_households(filled, homes, plan_to, chief, signed_in):
    plan = plan_to(merging(filled))
    rehearse(plan, by=chief)
    _, before = shown(plan, signed_in, chief)
    homes()
    rehearse(plan, by=chief)
    page, after = shown(plan, signed_in, chief)
    assert after == before
    assert "hộ gia đình" not in page
    assert "Chủ camera" not in page


def test_T03_a_household_s_code_and_an_owner_s_account_cannot_be_tried_in_a_split(filled, homes, plan_to, chief):
    camera = homes()[0]
    said = []
    for name in (camera.code, "HG-KHONGCO", "chu.moi0", "khong.co"):
        step = StepFacts(StepKind.SPLIT, ["X99002"], opens=[new("X99002"), new("X99008", picked=[name])])
        with pytest.raises(Refused) as refused:
            rehearse(plan_to(step), by=chief)
        said.append(refused.value.refusal.sentence.replace(name, ""))
    assert len(set(said)) == 1


def test_T01_a_plan_the_other_way_round_names_no_household_and_gives_all_back(filled, homes, plan_to, chief, second):
    cameras = [camera.pk for camera in homes()]
    back = draft_inverse(approved(plan_to(merging(filled)), chief, second), by=chief)
    steps = json.dumps([step.opens for step in back.steps.all()])
    assert "HG-" not in steps
    assert "chu.moi" not in steps
    approved(back, chief, second)
    again = Unit.objects.get(code="X99002")
    assert set(Camera.objects.filter(pk__in=cameras).values_list("unit", flat=True)) == {again.pk}


def test_an_owner_goes_on_owning_in_the_new_unit(filled, homes, plan_to, chief, second):
    camera = homes()[0]
    approved(plan_to(merging(filled)), chief, second)
    camera = Camera.objects.get(pk=camera.pk)
    holders = [user.username for user in User.objects.filter(username__startswith="chu.moi")
               if owns(authority_of(user), camera)]  # fmt: skip
    assert len(holders) == 1
