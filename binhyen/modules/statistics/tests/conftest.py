"""Cases of two communes in two months: what the figures of these tests count."""

from datetime import UTC, datetime

import pytest

from binhyen.kernel.units.authority import across_units, authority_of
from binhyen.kernel.units.roles import Role
from binhyen.modules.cases.public import CaseFacts, open_case

OCTOBER, NOVEMBER = datetime(2026, 10, 12, 3, tzinfo=UTC), datetime(2026, 11, 3, 3, tzinfo=UTC)


@pytest.fixture
def chief(world):
    """The chief of the province, who sees both communes."""
    from binhyen.kernel.testing.world import make_person

    return make_person("t.chief", "Lê Trưởng T", Role.CHIEF, world.province)


@pytest.fixture
def counted(world, chief):
    """Commune A: two cases in October, three in November, one of them solved; commune B: one in November."""
    officers = {"a": world.people[Role.INVESTIGATOR], "b": world.outsiders[Role.INVESTIGATOR]}
    units = {"a": world.commune_a, "b": world.commune_b}
    with across_units():
        made = [
            open_case(CaseFacts("trom-cap", f"Vụ {number}"), unit=units[where], by=officers[where], at=at)
            for number, (where, at) in enumerate([("a", OCTOBER)] * 2 + [("a", NOVEMBER)] * 3 + [("b", NOVEMBER)])
        ]
        type(made[4]).objects.filter(pk=made[4].pk).update(ended_at=NOVEMBER, state="closed")
    return made


@pytest.fixture
def authority(chief):
    return authority_of(chief)
