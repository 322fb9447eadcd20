"""Who may: the one place that reads memberships.

An `Authority` is what a user may do today, read once per request. Module rules are functions
`(authority, thing) -> Refusal | None`; None means yes. A view declares its roles with `open_to`.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django_scopes import scope, scopes_disabled

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import Role
from binhyen.kernel.units.succession import paths_left_to


@dataclass(frozen=True)
class Refusal:
    """Why something is not allowed, in words for the person: the rule, who can allow it, what to do now."""

    sentence: str
    code: str = "refused"
    remedy: str = ""


class Refused(Exception):
    """Raised where a rule says no; the shell shows it as a page or as JSON, status 403."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


@dataclass(frozen=True)
class Authority:
    """Roles of one user today: for each role the tree paths of the units it is held in, and of closed units that these
    and those below them took over from."""

    user: User | None
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _unit_ids: dict[frozenset[str], list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.paths)

    def holds(self, roles: Iterable[str], unit: Unit | None = None) -> bool:
        """Whether one of `roles` is held, over `unit` where one is named."""
        held = [path for role in roles for path in self.paths.get(role, ())]
        if unit is None:
            return bool(held)
        return any(unit.path.startswith(path) for path in held)

    def unit_ids(self, roles: Collection[str] | None = None) -> list[int]:
        """Ids of every unit at or below those where one of `roles` (any role) is held; closed ones included,
        for their history stays readable. Read once: an authority lives as long as a request."""
        chosen = frozenset(self.paths if roles is None else roles)
        if chosen not in self._unit_ids:
            found: set[int] = set()
            for prefix in {path for role in chosen for path in self.paths.get(role, ())}:
                found.update(Unit.objects.filter(path__startswith=prefix).values_list("pk", flat=True))
            self._unit_ids[chosen] = sorted(found)
        return self._unit_ids[chosen]


NOBODY = Authority(None)


def authority_of(user: User | AnonymousUser | None) -> Authority:
    """What `user` may do today. Nothing for nobody, for an inactive user, and for one without a membership."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    paths: dict[str, list[str]] = {}
    for role, path in Membership.objects.valid_on().filter(user=user).values_list("role", "unit__path"):
        paths.setdefault(role, []).append(path)
    left = paths_left_to({path for held in paths.values() for path in held})
    return Authority(
        user, {role: (*held, *(old for path in held for old in left.get(path, ()))) for role, held in paths.items()}
    )


def within_scope(authority: Authority) -> Any:
    """Context in which scoped models show rows of the authority's units only."""
    return scope(unit=authority.unit_ids() or [0])  # no unit has id 0: an empty list would mean no filter to a reader


def across_units() -> Any:
    """Context for the system's own work (jobs, the recorder's list): says that no scope is meant."""
    return scopes_disabled()


View = TypeVar("View", bound=Callable[..., HttpResponse])


def open_to(*roles: Role) -> Callable[[View], View]:
    """Declare which roles a view is for; others get a refusal. The access table is generated from this.

    `open_to()` without a role is for everyone who has signed in.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            authority: Authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
            if authority.user is None:
                raise SignInNeeded
            if roles and not authority.holds(roles):
                raise Refused(_wrong_role(roles))
            return view(request, *args, **kwargs)

        guarded.open_to = frozenset(roles)  # type: ignore[attr-defined]  # read by the access table
        return cast(View, guarded)

    return decorate


def public(view: View) -> View:
    """Declare that a view is for anyone, signed in or not."""
    view.open_to = None  # type: ignore[attr-defined]  # read by the access table
    return view


class SignInNeeded(Exception):
    """Somebody who has not signed in asked for a page that needs it."""


def _wrong_role(roles: Collection[Role]) -> Refusal:
    names = ", ".join(sorted(str(Role(role).label) for role in roles))
    return Refusal(
        f"Trang này dành cho: {names}.",
        code="wrong_role",
        remedy="Nếu anh/chị cần dùng, hãy đề nghị Trưởng công an đơn vị giao vai trò.",
    )
