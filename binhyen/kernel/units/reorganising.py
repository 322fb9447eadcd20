"""Changing the tree of units on a day: handing over, opening anew, closing. One transaction is the caller's.

Every change comes down to `hand_over`: what the old unit has goes on with another, the old one is closed and stays
where it stood, with its past. A unit that is renamed or put under another is a new row for the same reason: what was
reported of the old one, and of those above it, is said of a place in the tree that does not move.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat

from binhyen.kernel.units.domain import open_unit
from binhyen.kernel.units.models import Membership, Stay, Succession, Unit
from binhyen.kernel.units.moving import Bond, Fate, bonds

CODE_CHARS = 20
Picked = Mapping[str, Collection[int]]
"""By a bond's key (`Bond.key`, or `MEMBERSHIPS`) the rows that are meant."""
MEMBERSHIPS = Membership._meta.label_lower


class CannotReorganise(Exception):
    """What was asked cannot be done; the message is a sentence for the person."""


@dataclass(frozen=True)
class NewUnit:
    """A unit to open. `below` None: at the top of the tree."""

    code: str
    name: str
    level: str
    below: Unit | None


class Reorganisation:
    """The changes of one day. `touched` are the units that were closed, opened or given something."""

    def __init__(self, day: date, *, decision: str = "") -> None:
        self.day, self.decision = day, decision
        self.touched: dict[int, Unit] = {}
        self.closed: list[Unit] = []
        self.opened: list[Unit] = []
        self.renamed: list[str] = []
        """Sentences about codes and names that had to give way."""

    # --- what plans are made of --------------------------------------------------------------------------------------
    def merge(self, olds: Iterable[Unit], into: NewUnit) -> Unit:
        """Several units become a new one; units below them go along. One unit alone is thereby renamed or moved."""
        olds = list(olds)
        for old in olds:
            self._refuse_unless_open(old)
        return self._succeed(olds, into)

    def hand_to(self, old: Unit, receiver: Unit, *, units_below_to: Unit | None = None) -> None:
        """A unit ends; one that exists takes over what it has, and `units_below_to` (the same) the units below it."""
        self._refuse_unless_open(old)
        self._refuse_unless_open(receiver)
        if old.covers(receiver):
            raise CannotReorganise(f"{receiver} thuộc {old} nên không thể tiếp nhận. Hãy chọn đơn vị khác.")
        self.touch(receiver)
        below = receiver if units_below_to is None else units_below_to
        self._reopen_units_below(old, below)
        self._hand_over(old, receiver)
        self._close(old)

    def split(self, old: Unit, parts: Collection[tuple[NewUnit, Picked]]) -> list[Unit]:
        """One unit becomes several. Each gets the rows picked for it, the first all others and the units below."""
        self._refuse_unless_open(old)
        (first, _), *others = parts
        made = [self._open(first, [old])]
        for spec, picked in others:
            made.append(self._open(spec, [old]))
            self._hand_over(old, made[-1], picked)
        self._reopen_units_below(old, made[0])
        self._hand_over(old, made[0])
        self._close(old)
        return made

    def carve(self, source: Unit, spec: NewUnit, picked: Picked) -> Unit:
        """A new unit takes the rows picked for it from one that goes on."""
        self._refuse_unless_open(source)
        new = self._open(spec, ())
        self._hand_over(source, new, picked)
        return new

    # --- parts -------------------------------------------------------------------------------------------------------
    def touch(self, unit: Unit) -> None:
        """It takes part: its rows are in the balance."""
        self.touched.setdefault(unit.pk, unit)

    def _succeed(self, olds: list[Unit], into: NewUnit) -> Unit:
        if any(into.below is not None and old.covers(into.below) for old in olds):
            raise CannotReorganise(f"{into.below} thuộc đơn vị sẽ kết thúc. Hãy chọn đơn vị cấp trên khác.")
        new = self._open(into, olds)
        for old in olds:
            self._reopen_units_below(old, new)
            self._hand_over(old, new)
            self._close(old)
        return new

    def _open(self, spec: NewUnit, olds: Iterable[Unit]) -> Unit:
        takes_over = self._free_code(spec, {old.pk for old in olds})
        below = Unit.objects.get(pk=spec.below.pk) if spec.below else None
        new = open_unit(code=spec.code, name=spec.name, level=spec.level, valid_from=self.day, below=below)
        self.touch(new)
        self.opened.append(new)
        for bond in bonds(Fate.COMPUTED):
            if takes_over and bond.said.carry:
                bond.said.carry(takes_over, new)
        return new

    def _free_code(self, spec: NewUnit, leaving: Collection[int]) -> Unit | None:
        """Who had the code gives it up where it ends now or has ended. Raises CannotReorganise where it goes on."""
        holder: Unit | None = Unit.objects.filter(code=spec.code).first()
        if holder is None:
            return None
        if holder.pk not in leaving and (holder.valid_until is None or holder.valid_until > self.day):
            raise CannotReorganise(f"Mã {spec.code} là của {holder}, đơn vị vẫn hoạt động. Hãy chọn mã khác.")
        holder.code = closed_code(holder.code, holder.valid_until or self.day)
        Unit.objects.filter(pk=holder.pk).update(code=holder.code)
        return holder

    def _reopen_units_below(self, old: Unit, below: Unit) -> None:
        """Open units directly below `old` go on below another, each with all that stands below it."""
        children = Unit.objects.filter(path__startswith=old.path, depth=old.depth + 1).exclude(
            valid_until__lte=self.day
        )
        for child in children.order_by("path"):
            self._succeed([child], NewUnit(child.code, child.name, child.level, below))

    def _hand_over(self, old: Unit, new: Unit, picked: Picked | None = None) -> None:
        self.touch(old)
        Succession.objects.get_or_create(
            predecessor=old, successor=new, defaults={"since": self.day, "decision": self.decision}
        )
        for bond in bonds(Fate.MOVES):
            keys = bond.rows_of(old.pk).values_list("pk", flat=True)
            chosen = list(keys if picked is None else keys.filter(pk__in=picked.get(bond.key, ())))
            if chosen:
                self._move_rows(bond, chosen, old, new)
        self._move_people(old, new, None if picked is None else picked.get(MEMBERSHIPS, ()))

    def _move_rows(self, bond: Bond, keys: list[int], old: Unit, new: Unit) -> None:
        """In this order: rows lock what their figures depend on, then it is written where they were."""
        label, rows = bond.model._meta.label_lower, bond.model._base_manager.filter(pk__in=keys)
        self._make_way(bond, rows, old, new)
        Stay.objects.filter(model=label, row__in=keys, then=None).update(then=old)
        try:
            with transaction.atomic():
                rows.update(**{bond.field: new})
        except IntegrityError as error:
            raise CannotReorganise(f"{bond.label} của {old} không chuyển được sang {new}: trùng dòng đã có.") from error
        if bond.field == "unit":
            Stay.objects.bulk_create(Stay(model=label, row=key, unit=old, until=self.day) for key in keys)

    def _make_way(self, bond: Bond, rows: "models.QuerySet[Any, Any]", old: Unit, new: Unit) -> None:
        name = bond.said.may_clash
        if not name:
            return
        clashing = rows.filter(**{f"{name}__in": bond.rows_of(new.pk).values(name)})
        mark = old.code.partition("@")[0]
        for value in clashing.values_list(name, flat=True):
            self.renamed.append(f"{bond.label}: “{value}” của {old} thành “{mark}-{value}”, vì {new} đã có tên đó.")
        limit: int | None = getattr(bond.model._meta.get_field(name), "max_length", None)
        if limit and any(len(f"{mark}-{value}") > limit for value in clashing.values_list(name, flat=True)):
            raise CannotReorganise(f"{bond.label} của {old} và {new} trùng nhau. Hãy đổi tên một bên trước.")
        clashing.update(**{name: Concat(Value(f"{mark}-"), name)})

    def _move_people(self, old: Unit, new: Unit, picked: Collection[int] | None) -> None:
        """Roles end here and begin there on the same day; who has the role there already keeps it once."""
        serving = Membership.objects.filter(unit=old).exclude(valid_until__lte=self.day)
        if picked is not None:
            serving = serving.filter(pk__in=picked)
        for each in serving.select_for_update():
            begins = max(each.valid_from, self.day)
            same = Membership.objects.filter(
                _overlaps(begins, each.valid_until), user=each.user, unit=new, role=each.role
            )
            if not same.exists():
                Membership.objects.create(
                    user=each.user, unit=new, role=each.role, valid_from=begins, valid_until=each.valid_until
                )
            each.valid_until = max(self.day, each.valid_from)
            each.save(update_fields=["valid_until"])

    def _close(self, old: Unit) -> None:
        old.valid_until = self.day
        Unit.objects.filter(pk=old.pk).update(valid_until=self.day)
        self.closed.append(old)

    def _refuse_unless_open(self, unit: Unit) -> None:
        if unit.valid_from > self.day:
            raise CannotReorganise(f"{unit} chỉ hoạt động từ {unit.valid_from:%d/%m/%Y}. Hãy chọn ngày muộn hơn.")
        if unit.valid_until is not None and unit.valid_until <= self.day:
            raise CannotReorganise(f"{unit} đã kết thúc ngày {unit.valid_until:%d/%m/%Y}. Hãy bỏ bước này.")


def _overlaps(first: date, until: date | None) -> Q:
    """Memberships that count on some day from `first` to `until` (exclusive)."""
    ends = Q(valid_until=None) | Q(valid_until__gt=first)
    return ends if until is None else ends & Q(valid_from__lt=until)


def closed_code(code: str, day: date) -> str:
    """What a code becomes when another unit takes it over: “X99001@260701”. Raises CannotReorganise for a long one."""
    base = f"{code.partition('@')[0]}@{day:%y%m%d}"
    made, number = base, 1
    while Unit.objects.filter(code=made).exists():
        number += 1
        made = f"{base}.{number}"
    if len(made) > CODE_CHARS:
        raise CannotReorganise(f"Mã {code} quá dài để giữ lại sau ngày {day:%d/%m/%Y}. Hãy đặt mã mới cho đơn vị mới.")
    return made
