from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.timezone import localdate

from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import NOBODY, Refused, SignInNeeded, authority_of, open_to, public
from binhyen.kernel.units.domain import appoint
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import OFFICERS, Role

pytestmark = pytest.mark.django_db


class Asking:
    def __init__(self, authority):
        self.authority = authority


def test_a_role_reaches_the_unit_and_what_is_below_it(world):
    chief = make_person("chief", "Chỉ huy tỉnh", Role.CHIEF, world.province)
    authority = authority_of(chief)
    assert authority.holds({Role.CHIEF}, world.commune_a)
    assert authority.unit_ids() == sorted(Unit.objects.values_list("pk", flat=True))


def test_a_role_reaches_neither_sideways_nor_up(world):
    authority = authority_of(world.people[Role.CHIEF])
    assert authority.unit_ids() == [world.commune_a.pk]
    assert not authority.holds({Role.CHIEF}, world.commune_b)
    assert not authority.holds({Role.CHIEF}, world.province)
    assert not authority.holds({Role.INVESTIGATOR}, world.commune_a)


def test_units_may_be_asked_for_some_roles_only(world):
    person = make_person("both", "Hai vai", Role.AUDITOR, world.commune_a)
    appoint(person, Role.CHIEF, world.commune_b, valid_from=localdate())
    assert authority_of(person).unit_ids(OFFICERS) == [world.commune_b.pk]
    assert authority_of(person).roles == {Role.AUDITOR, Role.CHIEF}


@pytest.mark.parametrize(("start", "end", "counts"), [(-9, None, True), (1, None, False), (-9, 0, False), (0, 1, True)])
def test_a_membership_counts_between_its_dates(world, start, end, counts):
    person = make_person("dated", "Có hạn")
    today = localdate()
    until = None if end is None else today + timedelta(days=end)
    appoint(person, Role.CHIEF, world.commune_a, valid_from=today + timedelta(days=start), valid_until=until)
    assert authority_of(person).holds({Role.CHIEF}) is counts


def test_a_membership_in_a_closed_unit_opens_nothing(world):
    Unit.objects.filter(pk=world.commune_a.pk).update(valid_until=localdate())
    assert authority_of(world.people[Role.CHIEF]).roles == frozenset()
    assert not Unit.objects.get(pk=world.commune_a.pk).is_open_on()
    assert world.province.covers(world.commune_a)


@pytest.mark.parametrize("someone", [None, AnonymousUser()])
def test_nobody_may_nothing(someone):
    assert authority_of(someone) is NOBODY
    assert authority_of(someone).unit_ids() == []


def test_an_inactive_user_may_nothing(world):
    world.people[Role.CHIEF].is_active = False
    assert authority_of(world.people[Role.CHIEF]) is NOBODY


def test_superuser_and_staff_marks_open_nothing(world):
    user = make_person("root", "Siêu người dùng")
    user.is_superuser = user.is_staff = True
    user.save()
    assert authority_of(user).roles == frozenset()


def test_a_view_opens_to_its_roles_and_says_to_others_whose_it_is(world):
    view = open_to(Role.AUDITOR)(lambda request: "trang")
    assert view(Asking(authority_of(world.people[Role.AUDITOR]))) == "trang"
    with pytest.raises(SignInNeeded):
        view(Asking(NOBODY))
    with pytest.raises(Refused) as caught:
        view(Asking(authority_of(world.people[Role.CHIEF])))
    assert caught.value.refusal.sentence == "Trang này dành cho: Người giám sát nhật ký."
    assert view.open_to == {Role.AUDITOR}


def test_a_view_for_all_who_signed_in_is_closed_to_others(world):
    view = open_to()(lambda request: "trang")
    assert view(Asking(authority_of(world.people[Role.CAMERA_OWNER]))) == "trang"
    with pytest.raises(SignInNeeded):
        view(Asking(NOBODY))


def test_a_public_view_says_so():
    assert public(lambda request: "trang").open_to is None


def test_people_units_and_memberships_have_readable_names(world):
    membership = Membership.objects.get(user=world.people[Role.CHIEF])
    assert str(membership) == "Nguyễn Trưởng công an A · Trưởng công an · Công an xã An Hòa"
    assert membership.user.get_short_name() == "A"
    assert membership.user.get_full_name() == "Nguyễn Trưởng công an A"
