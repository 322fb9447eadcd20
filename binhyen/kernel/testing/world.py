"""One province with two communes and one person of every role in the first, made of nothing real."""

from dataclasses import dataclass
from datetime import date

from django.core.management import call_command
from django.db import connection

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.domain import open_unit
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import Role

SINCE = date(2025, 7, 1)


@dataclass(frozen=True)
class World:
    """`people` by role serve `commune_a`; `outsiders` by role serve `commune_b`."""

    province: Unit
    commune_a: Unit
    commune_b: Unit
    people: dict[Role, User]
    outsiders: dict[Role, User]


def make_unit(code: str, name: str, level: str, *, below: Unit | None = None, since: date = SINCE) -> Unit:
    """A unit, at the top or below another."""
    return open_unit(code=code, name=name, level=level, below=below, valid_from=since)


def make_person(username: str, full_name: str, role: Role | None = None, unit: Unit | None = None) -> User:
    """A user without a usable password, member of `unit` as `role` where given."""
    user = User.objects.create_user(username, full_name=full_name)
    if role and unit:
        Membership.objects.create(user=user, unit=unit, role=role, valid_from=SINCE)
    return user


def make_world() -> World:
    """Build the world, in an empty database: a process that a test started may have committed a last row after it."""
    if Unit.objects.exists() and str(connection.settings_dict["NAME"]).startswith("test_"):
        call_command("flush", verbosity=0, interactive=False)
    province = make_unit("T99", "Công an tỉnh Bình Yên", Unit.Level.PROVINCE)
    commune_a = make_unit("X99001", "Công an xã An Hòa", Unit.Level.COMMUNE, below=province)
    commune_b = make_unit("X99002", "Công an xã Bình Minh", Unit.Level.COMMUNE, below=province)
    people = {role: make_person(f"a.{role}", f"Nguyễn {role.label} A", role, commune_a) for role in Role}
    outsiders = {role: make_person(f"b.{role}", f"Trần {role.label} B", role, commune_b) for role in Role}
    return World(province, commune_a, commune_b, people, outsiders)
