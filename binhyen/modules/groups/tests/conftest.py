"""A group of five in commune A, and one in commune B."""

from dataclasses import dataclass
from datetime import date

import pytest

from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.groups.models import Group, Member
from binhyen.modules.groups.public import add_member, found_group

SINCE = date(2025, 9, 15)
PHONE = "0912345678"


@dataclass(frozen=True)
class Team:
    """A group and its people. `leader`, `lan` and `nam` have accounts; `minh` and `hoa` have none."""

    group: Group
    other: Group
    leader: Member
    lan: Member
    nam: Member
    minh: Member
    hoa: Member

    @property
    def members(self):
        return [self.leader, self.lan, self.nam, self.minh, self.hoa]


def make_team(world):
    """Rows of both groups."""
    group, other = (
        found_group(unit, code="01", name=name, hamlet="Xóm Đông", founded_on=SINCE, by=None)
        for unit, name in ((world.commune_a, "Tổ xóm Đông"), (world.commune_b, "Tổ xóm Tây"))
    )
    leader_user = world.people[Role.GROUP_LEADER]
    users = [
        leader_user,
        world.people[Role.GROUP_MEMBER],
        make_person("nam", "Nam", Role.GROUP_MEMBER, world.commune_a),
    ]
    leader, lan, nam = (
        add_member(group, code=f"{n:02d}", name=name, joined_on=SINCE, part=part, user=user, phone=PHONE, by=None)
        for n, (name, part, user) in enumerate(
            zip(["Đỗ Văn Tổ", "Bùi Thị Lan", "Lý Văn Nam"], ["leader", "member", "member"], users, strict=True), 1
        )
    )
    minh, hoa = (
        add_member(group, code=code, name=name, joined_on=SINCE, by=None)
        for code, name in (("04", "Vi Văn Minh"), ("05", "Hà Thị Hoa"))
    )
    add_member(other, code="01", name="Người Xóm Tây", joined_on=SINCE, part="leader",
               user=world.outsiders[Role.GROUP_LEADER], phone=PHONE, by=None)  # fmt: skip
    return Team(group, other, leader, lan, nam, minh, hoa)


@pytest.fixture
def team(world):
    with across_units():
        return make_team(world)
