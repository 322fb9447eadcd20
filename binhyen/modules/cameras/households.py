"""Sealing what a household told of itself, and finding an owner's cameras without a register of owners."""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from struct import Struct
from uuid import UUID

from django.db import transaction
from django_scopes import scopes_disabled

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.models import Membership
from binhyen.kernel.units.roles import Role
from binhyen.kernel.vault import RowKey, new_row_key, open_row_key, pseudonym
from binhyen.modules.cameras.models import Camera, HouseholdSeal, Tier

PLACE = Struct("<dd")
PERSON_STEP = 512  # bytes; so that the length tells neither a name nor an address
NOWHERE = UUID(int=0)
"""In place of a place of the map: the household is counted in none yet."""


@dataclass(frozen=True)
class Household:
    """The secret part of a tier-3 camera. Only the request engine and the owner ever hold one."""

    name: str
    address: str
    latitude: float | None
    longitude: float | None
    owner: str
    contact: str = ""

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


@transaction.atomic
def seal_household(camera: Camera, household: Household, *, owner: User) -> HouseholdSeal:
    """Keep `household` for `camera`, readable with the vault key only. Where the map counts it stays as it was."""
    with scopes_disabled():
        kept = HouseholdSeal.objects.select_for_update().filter(camera=camera).first()
        shown = shown_in(kept, camera.code) if kept is not None else NOWHERE
        kept = kept or HouseholdSeal(camera=camera)
        kept.owner_key = owner_key(owner)
        kept.key_wrapped, key = new_row_key(context_of(camera.code))
        kept.place_sealed = key.seal(_packed(household.latitude, household.longitude), field="place")
        kept.person_sealed = key.seal(_written(household), field="person")
        kept.shown_sealed = key.seal(shown.bytes, field="shown")
        kept.save()
    return kept


def open_household(camera: Camera) -> Household:
    """What the household of `camera` told. For the owner's own pages, and for two people together; nobody else."""
    with scopes_disabled():
        row = HouseholdSeal.objects.get(camera=camera)
    key = key_of(row, camera.code)
    latitude, longitude = place_of(row, key) or (None, None)
    told = json.loads(key.open(row.person_sealed, field="person"))
    return Household(latitude=latitude, longitude=longitude, **told)


def key_of(row: HouseholdSeal, code: str) -> RowKey:
    """The key of the row of the camera with `code`."""
    return open_row_key(row.key_wrapped, context_of(code))


def place_of(row: HouseholdSeal, key: RowKey) -> tuple[float, float] | None:
    """`(latitude, longitude)`, or None where the household named no place."""
    return unpacked(key.open(row.place_sealed, field="place"))


def unpacked(place: bytes) -> tuple[float, float] | None:
    """`(latitude, longitude)` of an opened `place_sealed`."""
    latitude, longitude = PLACE.unpack(place)
    return None if math.isnan(latitude) else (latitude, longitude)


def shown_in(row: HouseholdSeal, code: str) -> UUID:
    """The place of the map in which the household is counted, or NOWHERE."""
    return UUID(bytes=key_of(row, code).open(row.shown_sealed, field="shown"))


def context_of(code: str) -> str:
    """What binds a sealed value to the row of the camera with `code`."""
    return f"cameras.household:{code}"


def _packed(latitude: float | None, longitude: float | None) -> bytes:
    known = latitude is not None and longitude is not None
    return PLACE.pack(latitude, longitude) if known else PLACE.pack(math.nan, math.nan)


def _written(household: Household) -> bytes:
    """All but the place, as JSON, filled up with spaces to a step."""
    told = {name: getattr(household, name) for name in ("name", "address", "owner", "contact")}
    text = json.dumps(told, ensure_ascii=False).encode()
    return text.ljust(-(-len(text) // PERSON_STEP) * PERSON_STEP)


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
