"""Rows of commune A and somebody who keeps the registers."""

import pytest

from binhyen.kernel.screens import screens_of
from binhyen.kernel.testing.registers import make_example
from binhyen.kernel.units.roles import Role
from binhyen.modules.movement.models import Meeting, MovementCase, Nomination, Session


@pytest.fixture
def chief(world, signed_in):
    return signed_in(world.people[Role.CHIEF])


@pytest.fixture
def make(world):
    """A row of commune A: `make(Session, title="…")`."""
    return lambda model, **changes: make_example(screens_of(model), world.commune_a, **changes)


@pytest.fixture
def meeting(make):
    return make(Meeting, minutes="- Đèn xóm Đông hỏng\n\n• Lắp camera ngõ 12\n  Khen tổ xóm Đông  ")


@pytest.fixture
def nomination(make):
    make(Session)
    for n in range(3):
        make(MovementCase, number=f"PT-{n}/2025")
    return make(Nomination)
