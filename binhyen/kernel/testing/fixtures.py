"""Fixtures of the small world, for every test that uses the database; loaded by the root conftest."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from binhyen.kernel.testing.world import World, make_world
from binhyen.kernel.units.authority import across_units


@pytest.fixture
def world(db: Any) -> World:
    """The small world."""
    return make_world()


@pytest.fixture
def all_units() -> Iterator[None]:
    """Run the test across units, as a system job does."""
    with across_units():
        yield


@pytest.fixture
def signed_in(db: Any) -> Callable[[Any], Any]:
    """A function giving a Django test client signed in as a user, second factor included."""
    from allauth.mfa.models import Authenticator
    from django.test import Client

    def sign_in(user: Any) -> Any:
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "not-used-here"}})
        client = Client()
        client.force_login(user)
        return client

    return sign_in
