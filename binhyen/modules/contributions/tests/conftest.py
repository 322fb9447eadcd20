"""A campaign of commune A with gifts of so many donors."""

import pytest

from binhyen.kernel.screens import screens_of
from binhyen.kernel.testing.registers import make_example
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.contributions.ledger import enter
from binhyen.modules.contributions.models import Campaign, Entry


@pytest.fixture
def campaign(world):
    return make_example(screens_of(Campaign), world.commune_a)


@pytest.fixture
def give(campaign, world):
    """Write a gift: `give(2_000_000, "Đặng Thị Lan")`."""

    def written(amount, donor="", what=""):
        kind = "in_kind" if what else "money"
        entry = Entry(campaign=campaign, kind=kind, amount=amount, what=what, received_on="2025-11-21")
        with across_units():
            entry.full_clean(exclude=["unit", "number", "code", "recorded_at"])
            return enter(entry, by=world.people[Role.CHIEF], donor=donor)

    return written


@pytest.fixture
def five(give):
    return [give(amount, f"Người {amount}") for amount in (100_000, 250_000, 1_000_000, 50_000, 75_000)]
