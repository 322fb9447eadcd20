"""Keeping the register of cameras, and what is held of their footage."""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.contracts import Instant
from binhyen.contracts.node import CAMERA_CODE
from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role
from binhyen.kernel.upkeep.erasing import note_erasure
from binhyen.kernel.vault import open_sealed, seal
from binhyen.modules.cameras import rules
from binhyen.modules.cameras.addresses import check_stream_url
from binhyen.modules.cameras.consent import consent_book
from binhyen.modules.cameras.households import Household, open_household, owner_alias, seal_household
from binhyen.modules.cameras.models import HOUSEHOLD_NAME, Camera, FootageHold, Tier
from binhyen.modules.cameras.views import refuse_view
from binhyen.modules.cameras.wording import searchable

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no I, L, O, 0, 1: codes are read aloud and copied by hand
HOUSEHOLD_CODE_LENGTH = 10
SHARING = "cameras.sharing"
"""The kind under which the journal of erasures has a household camera that was withdrawn."""

CHANGEABLE = frozenset(
    {"name", "retention_days", "recording", "latitude", "longitude", "heading_degrees", "view_degrees", "view_metres",
     "notice_sign", "active_from", "active_until"}
)  # fmt: skip


class CodeTaken(ValueError):
    """Another camera has the code."""


@transaction.atomic
def add_camera(
    *, by: User | None, unit: Unit, tier: int, name: str, url: str, sub_url: str = "", code: str = "", **facts: Any
) -> Camera:
    """Register a camera of tier 1 or 2. `by` None is the operator at the machine. `facts` are of `CHANGEABLE`.

    Raises Refused (ViewRefused), AddressRefused, CodeTaken, ValueError for a household (see `add_household_camera`).
    """
    if tier == Tier.HOUSEHOLD:
        raise ValueError("tier 3 needs its owner: use add_household_camera")
    if by is not None and not authority_of(by).holds(rules.REGISTRARS, unit):
        raise Refused(rules.REGISTER_KEEPERS)
    camera = _create(unit=unit, tier=tier, name=name, code=code or _next_code(unit), facts=facts)
    refuse_view(camera)
    _seal_urls(camera, url, sub_url)
    record("camera.add", by=by, subject=camera.code, unit=unit.code, detail={"tier": str(tier), "name": camera.name})
    return camera


@transaction.atomic
def add_household_camera(
    *,
    by: User | None,
    owner: User,
    unit: Unit,
    name: str,
    url: str,
    sub_url: str = "",
    address: str = "",
    contact: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    **facts: Any,
) -> Camera:
    """Register a camera that `owner` shares. Name, place, owner, contact and address are sealed; the code is random, so
    that it tells neither place nor order. Added by the owner (`by` is `owner`), who then says what to agree to, or at
    the machine (None) with a consent in writing; nobody else. Without `url` the station never records it: the owner
    brings footage when asked. Raises Refused, AddressRefused."""
    if by is not None and by.pk != owner.pk:
        raise Refused(rules.NOT_FOUND)
    if not authority_of(owner).holds({Role.CAMERA_OWNER}):
        raise Refused(NOT_AN_OWNER)
    if not url.strip():
        facts["recording"] = False
    camera = _create(unit=unit, tier=Tier.HOUSEHOLD, name=HOUSEHOLD_NAME, code=_household_code(), facts=facts)
    if url.strip():
        _seal_urls(camera, url, sub_url)
    seal_household(camera, Household(name, address, latitude, longitude, str(owner), contact), owner=owner)
    consent_book().begin(camera, owner=owner, agreed=by is None, streams=bool(url.strip()))
    record("camera.add", by=_actor(by), subject=camera.code, unit=unit.code, detail={"tier": "3"})
    return camera


NOT_AN_OWNER = Refusal(
    "Tài khoản này chưa được ghi nhận là chủ camera.",
    code="not_an_owner",
    remedy="Hãy đề nghị công an xã ghi nhận vai trò Chủ camera cho tài khoản.",
)


@transaction.atomic
def change_camera(
    camera: Camera, *, by: User | None, url: str = "", sub_url: str | None = None, **facts: Any
) -> Camera:
    """Change facts of `CHANGEABLE`, or the addresses where given (an empty `sub_url` removes it). Raises Refused,
    AddressRefused. The log says which facts changed, never an address."""
    refusal = rules.may_keep_register(authority_of(by), camera) if by is not None else None
    if refusal:
        raise Refused(refusal)
    changed = _set_facts(camera, facts)
    refuse_view(camera)
    camera.search_text = searchable(camera)
    camera.save()
    if url or sub_url is not None:
        addresses = addresses_of(camera)
        _seal_urls(camera, url or addresses[0], addresses[1] if sub_url is None else sub_url)
        changed.append("address")
    actor = _actor(by) if camera.is_household else by
    record(
        "camera.change", by=actor, subject=camera.code, unit=camera.unit.code, detail={"changed": ", ".join(changed)}
    )
    return camera


def change_household(camera: Camera, *, by: User, name: str, address: str, contact: str = "") -> Camera:
    """The owner renames the own camera or corrects its address or contact; sealed as before."""
    if not rules.owns(authority_of(by), camera):
        raise Refused(rules.NOT_FOUND)
    kept = open_household(camera)
    seal_household(camera, Household(name, address, kept.latitude, kept.longitude, str(by), contact), owner=by)
    record("camera.change", by=_actor(by), subject=camera.code, unit=camera.unit.code, detail={"changed": "household"})
    return camera


@transaction.atomic
def end_sharing(camera: Camera, *, by: User) -> Camera:
    """The owner ends sharing today: no live view, no recording. What a case holds stays until the case ends."""
    note_erasure(SHARING, camera.code)
    consent_book().withdraw(camera, by=by)
    return change_camera(camera, by=by, active_until=localdate(), recording=False)


def addresses_of(camera: Camera) -> tuple[str, str]:
    """`(url, sub_url)` in clear, for the recording node and for nobody's eyes; "" where there is none any more."""
    main, sub = bytes(camera.url_sealed), bytes(camera.sub_url_sealed)
    return (
        open_sealed(main, context=f"cameras.url:{camera.code}").decode() if main else "",
        open_sealed(sub, context=f"cameras.sub_url:{camera.code}").decode() if sub else "",
    )


def bare_stream(camera: Camera) -> str:
    """The main stream of a camera of tier 1 or 2 without its account: for the node, to try whether it opens to anybody.
    Raises ValueError for a household's."""
    if camera.is_household:
        raise ValueError("a household's stream is its own")
    parts = urlsplit(addresses_of(camera)[0])
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


@transaction.atomic
def place_holds(reasons: Mapping[str, str], start: Instant, end: Instant) -> int:
    """Keep [start, end) of many cameras, each for its own reason (`reasons` by the code of the camera), until
    `release_holds`; what is held already stays one. Returns how many are new."""
    with scopes_disabled():
        held = FootageHold.objects.filter(reason__in=reasons.values(), start=start, end=end, released_at=None)
        there = set(held.values_list("camera__code", "reason"))
        cameras = Camera.objects.filter(code__in=reasons).only("pk", "code")
        new = [
            FootageHold(camera=camera, start=start, end=end, reason=reasons[camera.code])
            for camera in cameras
            if (camera.code, reasons[camera.code]) not in there
        ]
        return len(FootageHold.objects.bulk_create(new))


@transaction.atomic
def place_hold(camera_code: str, start: Instant, end: Instant, *, reason: str) -> str:
    """Keep [start, end) of a camera until `release_holds(reason)`; the same hold twice is one. Returns its id."""
    with scopes_disabled():
        camera = Camera.objects.get(code=camera_code)
        hold, _ = FootageHold.objects.get_or_create(
            camera=camera, start=start, end=end, reason=reason, released_at=None
        )
    return str(hold.pk)


def release_holds(reason: str) -> int:
    """Stop keeping what was held for `reason`; the nodes' retention applies again. Returns how many holds ended."""
    with scopes_disabled():
        return int(FootageHold.objects.filter(reason=reason, released_at=None).update(released_at=now()))


def _create(*, unit: Unit, tier: int, name: str, code: str, facts: Mapping[str, Any]) -> Camera:
    if not CAMERA_CODE.fullmatch(code):
        raise ValueError(f"Mã camera {code!r} chỉ gồm chữ in hoa không dấu, số và dấu gạch ngang, dài 3–32 ký tự.")
    camera = Camera(
        code=code, name=name.strip(), unit=unit, tier=tier, active_from=facts.get("active_from", localdate())
    )
    _set_facts(camera, facts)
    camera.search_text = searchable(camera)
    try:
        with transaction.atomic():
            camera.save(force_insert=True)
    except IntegrityError as error:
        if "code" not in str(error):
            raise
        raise CodeTaken(f"Mã camera {code} đã có. Hãy chọn mã khác.") from error
    return camera


def _set_facts(camera: Camera, facts: Mapping[str, Any]) -> list[str]:
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise ValueError(f"not a fact of a camera: {', '.join(sorted(unknown))}")
    changed = [name for name, value in facts.items() if getattr(camera, name) != value]
    for name in changed:
        setattr(camera, name, facts[name])
    return changed


def _seal_urls(camera: Camera, url: str, sub_url: str) -> None:
    camera.url_sealed = seal(check_stream_url(url).encode(), context=f"cameras.url:{camera.code}")
    camera.sub_url_sealed = (
        seal(check_stream_url(sub_url).encode(), context=f"cameras.sub_url:{camera.code}") if sub_url.strip() else b""
    )
    camera.save(update_fields=["url_sealed", "sub_url_sealed", "changed_at"])


def _next_code(unit: Unit) -> str:
    """`<unit>-001`, … The unit's row is locked, so that two people who add at once get two codes."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    prefix = f"{unit.code.upper()}-"
    with scopes_disabled():
        taken = set(Camera.objects.filter(code__startswith=prefix).values_list("code", flat=True))
    number = len(taken) + 1
    while f"{prefix}{number:03d}" in taken:
        number += 1
    return f"{prefix}{number:03d}"


def _household_code() -> str:
    return "HG-" + "".join(secrets.choice(CODE_LETTERS) for _ in range(HOUSEHOLD_CODE_LENGTH))


def _actor(by: User | None) -> User | None:
    return owner_alias(by) if by is not None else None
