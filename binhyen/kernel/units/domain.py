"""Opening units and giving people roles in them."""

from datetime import date

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import Role


def open_unit(*, code: str, name: str, level: str, valid_from: date, below: Unit | None = None) -> Unit:
    """A new unit, at the top of the tree or below another."""
    fields = {"code": code, "name": name, "level": level, "valid_from": valid_from}
    opened: Unit = Unit.objects.add_root(fields) if below is None else Unit.objects.add_child(below, fields)
    return opened


def appoint(user: User, role: Role, unit: Unit, *, valid_from: date, valid_until: date | None = None) -> Membership:
    """Make `user` serve `unit` as `role`."""
    return Membership.objects.create(user=user, unit=unit, role=role, valid_from=valid_from, valid_until=valid_until)
