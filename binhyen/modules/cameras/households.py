"""Sealing what a household told of itself, and finding an owner's cameras without a register of owners."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass

from django_scopes import scopes_disabled

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.models import Membership
from binhyen.kernel.units.roles import Role
from binhyen.kernel.vault import open_sealed, pseudonym, seal
from binhyen.modules.cameras.models import Camera, HouseholdSeal, Tier


@dataclass(frozen=True)
class Household:
    """The secret part of a tier-3 camera. Only the request engine and the owner ever hold one."""

    name: str
    address: str
    latitude: float | None
    longitude: float | None
    owner: str

    def __repr__(self) -> str:
        return "Household(…)"  # so that no log line or error page shows it


def owner_key(owner: User) -> str:
    """The pseudonym under which cameras of `owner` are found."""
    return pseudonym(str(owner.pk), purpose="camera-owner")


def viewer_key(user: User) -> str:
    """The pseudonym that binds a look to an account."""
    return pseudonym(str(user.pk), purpose="look-viewer")


def owner_alias(owner: User) -> User:
    """Who stands in the activity log for an owner: an unsaved account with a pseudonym for a name.

    The log is read by officers, and must not say whose a household camera is; whoever holds the vault key can
    compute the pseudonym again and so find an owner's lines.
    """
    return User(username=f"chu-{pseudonym(str(owner.pk), purpose='log-actor')[:16]}", full_name="Chủ camera")


def seal_household(camera: Camera, household: Household, *, owner: User) -> HouseholdSeal:
    """Keep `household` for `camera`, readable with the vault key only."""
    sealed = seal(json.dumps(asdict(household), ensure_ascii=False).encode(), context=_context(camera))
    with scopes_disabled():
        kept, _ = HouseholdSeal.objects.update_or_create(
            camera=camera, defaults={"owner_key": owner_key(owner), "sealed": sealed}
        )
    return kept


def open_household(camera: Camera) -> Household:
    """What the household of `camera` told. For the owner's own pages and the request engine; nobody else."""
    with scopes_disabled():
        sealed = HouseholdSeal.objects.get(camera=camera).sealed
    return Household(**json.loads(open_sealed(bytes(sealed), context=_context(camera))))


def is_owner(user: User | None, camera: Camera) -> bool:
    """Whether `camera` is a household camera of `user`."""
    if user is None or not camera.is_household:
        return False
    with scopes_disabled():
        return HouseholdSeal.objects.filter(camera=camera, owner_key=owner_key(user)).exists()


def cameras_of(owner: User) -> list[Camera]:
    """The household cameras of `owner`, whatever unit they lie in, ended ones last."""
    with scopes_disabled():
        found = Camera.objects.filter(household__owner_key=owner_key(owner)).select_related("unit", "report")
        return sorted(found, key=lambda camera: (camera.active_until is not None, camera.code))


def answers_by_upload(code: str) -> bool:
    """Whether the household of camera `code` takes part by request only: nothing is recorded and no stream is known
    here,
    so its owner answers with a file of the own recorder."""
    with scopes_disabled():
        return Camera.objects.filter(code=code, tier=Tier.HOUSEHOLD, recording=False, url_sealed=b"").exists()


def find_owners(codes: Collection[str]) -> dict[str, User]:
    """The owner of each household camera of `codes`, by code. There is no register of owners: the pseudonym of everyone
    who serves as one today is computed and compared. For telling them in the background; no page shows it."""
    serving = Membership.objects.valid_on().filter(role=Role.CAMERA_OWNER).values("user")
    owners = {owner_key(user): user for user in User.objects.filter(pk__in=serving, is_active=True)}
    with scopes_disabled():
        seals = HouseholdSeal.objects.filter(camera__code__in=codes).values_list("camera__code", "owner_key")
        return {code: owners[key] for code, key in seals if key in owners}


def _context(camera: Camera) -> str:
    return f"cameras.household:{camera.code}"
