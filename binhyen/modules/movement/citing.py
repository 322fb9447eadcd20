"""Records that a nomination cites: which registers they come from, how they are found and counted."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.history import acting
from binhyen.kernel.screens import screens_of
from binhyen.kernel.units.authority import Authority
from binhyen.modules.movement.models import (
    Citation,
    EducationTurn,
    Exhibit,
    MovementCase,
    Nomination,
    Sanction,
    Session,
)

CITABLE: tuple[type[models.Model], ...] = (MovementCase, Session, EducationTurn, Sanction, Exhibit)
"""Registers whose rows are work done."""
SHOWN_MAX = 300


def registers() -> dict[str, Any]:
    """The screens of what can be cited, by name."""
    found = [screens_of(model) for model in CITABLE]
    return {screens.name: screens for screens in found if screens is not None}


def citable(nomination: Nomination, register: str, authority: Authority) -> list[Any]:
    """Rows of a register that fall into the nomination's time and unit and that the person may see."""
    screens = registers()[register]
    day = screens.model.DAY
    between = {f"{day}__gte": nomination.first_day, f"{day}__lte": nomination.last_day}
    rows = screens.rows(authority).filter(unit__path__startswith=nomination.unit.path, **between)
    return list(rows.order_by(f"-{day}", "-pk")[:SHOWN_MAX])


def cited(nomination: Nomination) -> list[tuple[str, list[Any]]]:
    """`(register's title, rows)` of what is cited; rows that were deleted since are not counted."""
    keys: dict[str, list[int]] = {}
    for register, row in nomination.citations.values_list("register", "row"):
        keys.setdefault(register, []).append(row)
    found = []
    for name, screens in registers().items():
        rows = list(screens.model._base_manager.filter(pk__in=keys.get(name, [])).order_by("pk"))
        if rows:
            found.append((screens, rows))
    return found


def counted(nomination: Nomination) -> str:
    """ "12 buổi tuyên truyền, 3 vụ việc từ phong trào": what the records say, not what somebody typed."""
    counts = Counter({screens.label: len(rows) for screens, rows in cited(nomination)})
    return ", ".join(f"{count} {label}" for label, count in counts.items())


@transaction.atomic
def cite(nomination: Nomination, register: str, rows: Iterable[Any], *, shown: Iterable[int], by: User) -> None:
    """Cite exactly `rows` among those of `register` that were `shown`; what was not shown stays as it is."""
    chosen, had = {row.pk for row in rows}, nomination.citations.filter(register=register)
    with acting(by):
        had.filter(row__in=set(shown) - chosen).delete()
        for key in sorted(chosen - set(had.values_list("row", flat=True))):
            Citation.objects.create(nomination=nomination, register=register, row=key)
    count = str(nomination.citations.count())
    record("movement.nomination.cite", by=by, subject=str(nomination)[:120], unit=nomination.unit.code,
           detail={"count": count})  # fmt: skip
