"""Invitations: sheets with a QR, made for a unit and not for a household; each opens one owner's account."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, authority_of
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.consents.models import Invitation

INVITERS = frozenset({Role.COMMUNE_OFFICER, Role.CHIEF})
VALID_FOR = timedelta(days=30)
SHEETS_MAX = 50

NOT_INVITING = Refusal(
    "Lời mời của đơn vị do Cán bộ công an xã hoặc Trưởng công an lập.",
    code="wrong_role",
    remedy="Hãy báo cho một trong những người ấy.",
)


class NameTaken(ValueError):
    """Somebody has that name for signing in already."""


def invite(unit: Unit, count: int, *, by: User, at: datetime | None = None) -> list[str]:
    """Tokens of `count` new invitations (1 to SHEETS_MAX), told this once. Raises Refused, ValueError."""
    at = at or now()
    if not authority_of(by).holds(INVITERS, unit):
        raise Refused(NOT_INVITING)
    if not 1 <= count <= SHEETS_MAX:
        raise ValueError(f"1 to {SHEETS_MAX} invitations at once, not {count}")
    tokens = [secrets.token_urlsafe(24) for _ in range(count)]
    with transaction.atomic(), scopes_disabled():
        Invitation.objects.bulk_create(
            Invitation(unit=unit, token_sha256=_hash(token), made_at=at, made_by=by, expires_at=at + VALID_FOR)
            for token in tokens
        )
        record("consents.invite", by=by, subject=f"{count} lời mời", unit=unit.code)
    return tokens


def find_invitation(token: str, at: datetime | None = None) -> Invitation | None:
    """The invitation that `token` opens; None where it is unknown, used, over, or its unit closed: one
    answer for all."""
    with scopes_disabled():
        open_ones = Invitation.objects.filter(used=False, expires_at__gt=at or now()).select_related("unit")
        found = open_ones.filter(token_sha256=_hash(token)).first()
    return found if found and found.unit.is_open_on(localdate(at)) else None


@transaction.atomic
def accept(token: str, *, username: str, full_name: str, password: str, at: datetime | None = None) -> User | None:
    """An owner's account in the invitation's unit; None where the invitation is no longer open. No line and no row says
    who used it. Raises NameTaken, ValidationError (a password that is too weak)."""
    at = at or now()
    found = find_invitation(token, at)
    with scopes_disabled():
        locked = found and Invitation.objects.select_for_update().filter(pk=found.pk, used=False).first()
        if found is None or not locked:
            return None
        user = User(username=username, full_name=full_name)
        validate_password(password, user)
        user.set_password(password)
        _save(user)
        Membership.objects.create(user=user, unit=found.unit, role=Role.CAMERA_OWNER, valid_from=localdate(at))
        Invitation.objects.filter(pk=found.pk).update(used=True)
    return user


def _save(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise NameTaken from error


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
