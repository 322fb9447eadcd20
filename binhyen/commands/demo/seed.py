"""Run as a process: make the demo's units, people, cameras and first case; prints the logins as one JSON line.

Reads the simulated cameras (name, url, sub_url) as JSON from standard input. A second run keeps what is there,
gives every account a new password and the cameras their new addresses. A story named as argument is loaded too.
"""

import json
import math
import os
import secrets
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from binhyen.commands.demo.places import SIMULATED

SINCE = date(2025, 7, 1)
SYLLABLES = [
    "ba",
    "be",
    "bo",
    "ca",
    "co",
    "da",
    "do",
    "ga",
    "ha",
    "ho",
    "ka",
    "la",
    "le",
    "lo",
    "ma",
    "mo",
    "na",
    "no",
    "ra",
    "sa",
    "so",
    "ta",
    "to",
    "va",
    "vo",
]
METRES_PER_DEGREE = 111_320.0
CASE_KIND = "trom-cap"


def main() -> None:
    """Fill the database of `BINHYEN_DATA` and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhyen.settings")
    import django

    django.setup()
    from django.db import transaction

    from binhyen.commands.demo.teams import make_teams
    from binhyen.kernel.units.authority import across_units

    simulated = json.load(sys.stdin)
    with transaction.atomic(), across_units():
        unit = _units()
        logins = [_login(person, unit) for person in _people()]
        _cameras(unit, simulated)
        _first_case(unit)
        make_teams(unit)
        logins += [_chief_of_the_story(name) for name in sys.argv[1:]]
    print(json.dumps(logins, ensure_ascii=False))


def _chief_of_the_story(name: str) -> dict[str, str]:
    from importlib import import_module

    from binhyen.commands.demo.world import CHIEF_OF_A_STORY

    story = import_module(f"binhyen.commands.demo.stories.{name}")
    top = story.load()
    if hasattr(story, "simulated"):
        cameras = Path(os.environ["BINHYEN_DATA"]) / "run" / SIMULATED
        cameras.write_text(json.dumps(story.simulated()))
    return _login(CHIEF_OF_A_STORY, top)


def _people() -> Any:
    from binhyen.commands.demo.world import PEOPLE

    return PEOPLE


def _units() -> Any:
    from binhyen.kernel.units.domain import open_unit
    from binhyen.kernel.units.models import Unit

    commune = Unit.objects.filter(code="X99001").first()
    if commune is None:
        province = open_unit(code="T99", name="Công an tỉnh Bình Yên", level="tinh", valid_from=SINCE)
        commune = open_unit(code="X99001", name="Công an xã Bình An", level="xa", valid_from=SINCE, below=province)
        open_unit(code="X99002", name="Công an xã Bình Minh", level="xa", valid_from=SINCE, below=province)
    commune.boundary = _boundary()
    commune.save(update_fields=["boundary"])
    return commune


def _boundary() -> dict[str, Any]:
    """A rounded commune of about 1.2 km across."""
    corners = [(math.radians(angle), 560 + 90 * math.sin(angle / 23)) for angle in range(0, 361, 15)]
    ring = [list(reversed(_place(r * math.cos(a), r * math.sin(a)))) for a, r in corners[:-1]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _place(east_m: float, north_m: float) -> tuple[float, float]:
    """`(latitude, longitude)` of a place given in metres from the commune's centre."""
    from binhyen.commands.demo.places import CENTRE

    latitude = CENTRE[0] + north_m / METRES_PER_DEGREE
    return latitude, CENTRE[1] + east_m / (METRES_PER_DEGREE * math.cos(math.radians(CENTRE[0])))


def _login(person: Any, unit: Any) -> dict[str, str]:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from binhyen.kernel.accounts.models import User
    from binhyen.kernel.units.domain import appoint
    from binhyen.kernel.units.models import Membership
    from binhyen.kernel.units.roles import STAFF

    user, made = User.objects.get_or_create(username=person.username, defaults={"full_name": person.full_name})
    password = _password()
    user.set_password(password)
    user.save()
    if made or not Membership.objects.filter(user=user, unit=unit).exists():
        appoint(user, person.role, unit, valid_from=SINCE)
    login = {"username": person.username, "password": password, "role": person.role, "role_label": person.role.label}
    if person.role in STAFF:
        Authenticator.objects.filter(user=user).delete()
        totp_secret = generate_totp_secret()
        TOTP.activate(user, totp_secret)
        login["totp_secret"] = totp_secret
    return login


def _password() -> str:
    """Random, and short enough to type from a terminal: about 45 bits, for an installation that lives for minutes."""
    words = ["".join(secrets.choice(SYLLABLES) for _ in range(3)) for _ in range(2)]
    return f"{words[0]}-{words[1]}-{secrets.randbelow(10**5):05d}"


def _cameras(unit: Any, simulated: list[dict[str, Any]]) -> None:
    from binhyen.commands.demo.places import PLACES
    from binhyen.kernel.accounts.models import User
    from binhyen.modules.cameras.domain import change_camera
    from binhyen.modules.cameras.models import Camera
    from binhyen.modules.cameras.public import add_camera, add_household_camera, cameras_of

    for place, camera in zip(PLACES, simulated, strict=False):
        addresses = {"url": camera["url"], "sub_url": camera.get("sub_url", "")}
        latitude, longitude = _place(place.east_m, place.north_m)
        if place.owner:
            owner = User.objects.get(username=place.owner)
            existing = next(iter(cameras_of(owner)), None)
        else:
            existing = Camera.objects.filter(code=place.code).first()
        if existing is not None:
            change_camera(existing, by=None, **addresses)
        elif place.owner:
            add_household_camera(
                by=None,
                owner=owner,
                unit=unit,
                name=place.name,
                address=place.address,
                latitude=latitude,
                longitude=longitude,
                **addresses,
            )
        else:
            add_camera(
                by=None,
                unit=unit,
                tier=place.tier,
                code=place.code,
                name=place.name,
                latitude=latitude,
                longitude=longitude,
                heading_degrees=place.heading,
                view_degrees=70.0,
                view_metres=60.0,
                notice_sign=True,
                **addresses,
            )


def _first_case(unit: Any) -> None:
    from django.utils.timezone import now

    from binhyen.commands.demo.world import CASE_TITLE
    from binhyen.kernel.accounts.models import User
    from binhyen.modules.cases.models import Case
    from binhyen.modules.cases.public import CaseFacts, open_case

    if Case.objects.exists():
        return
    investigator = User.objects.get(username="dieutra")
    facts = CaseFacts(
        kind=CASE_KIND, title=CASE_TITLE, place="Cổng chợ Bình An", happened_at=now() - timedelta(minutes=3)
    )
    open_case(facts, unit=unit, by=investigator)


if __name__ == "__main__":
    main()
