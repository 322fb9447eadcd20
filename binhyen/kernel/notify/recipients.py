"""To whom: people by name, or whoever holds a role in a unit today."""

from collections.abc import Iterable
from dataclasses import dataclass

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.models import Membership, Unit


@dataclass(frozen=True)
class RolesIn:
    """Everyone who serves `unit` itself (not one above or below it) in one of `roles` today."""

    roles: frozenset[str]
    unit: Unit


Recipients = User | RolesIn | Iterable[User]


def find_people(to: Recipients) -> list[User]:
    """The active people meant by `to`, each once, in a stable order."""
    if isinstance(to, RolesIn):
        held = Membership.objects.valid_on().filter(unit=to.unit, role__in=to.roles)
        return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))
    named = [to] if isinstance(to, User) else to
    return sorted({user.pk: user for user in named if user.is_active}.values(), key=lambda user: user.pk)
