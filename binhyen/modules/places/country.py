"""Bringing lists of units in. Nothing that exists is changed: what differs is said, and is a plan's business."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import Q

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.models import Succession, Unit
from binhyen.modules.places.models import UnitList
from binhyen.modules.places.reading import (
    FormerUnit,
    ListedUnit,
    UnreadableList,
    police_name,
    read_borders,
    read_former,
    read_units,
)

TWO_TIERS_SINCE = date(2025, 7, 1)
"""Two-tier local government (DOMAIN: V2): since when the 34 provinces and 3.321 communes are. Cần pháp chế kiểm tra."""
NOTES_MAX = 200


@dataclass
class Brought:
    """What a file did: how many units (borders) are new, how many were there, sentences about what differs."""

    new: int = 0
    same: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Origin:
    """Where a file comes from: its name, who publishes it, under which licence."""

    file_name: str
    source: str
    licence: str


@transaction.atomic
def bring_in(kind: str, content: bytes, origin: Origin, *, since: date = TWO_TIERS_SINCE, by: User | None) -> UnitList:
    """Read a file of `UnitList.Kind` and keep where it came from. Raises UnreadableList; then nothing has changed."""
    if not origin.licence.strip() or not origin.source.strip():
        raise UnreadableList("Thiếu nguồn hoặc giấy phép của dữ liệu. Hãy ghi rõ, ví dụ: MIT, của kho dữ liệu nào.")
    with connection.cursor() as cursor:  # two files at once would give two units one place in the tree
        cursor.execute("LOCK TABLE units_unit IN SHARE ROW EXCLUSIVE MODE")
    brought = _TAKEN[UnitList.Kind(kind)](content, since, origin)
    kept = UnitList.objects.create(
        kind=kind, file_name=origin.file_name[:200], sha256=hashlib.sha256(content).hexdigest(),
        source=origin.source[:300], licence=origin.licence[:200], by=by, new_count=brought.new,
        same_count=brought.same, notes=brought.notes[:NOTES_MAX],
    )  # fmt: skip
    record("places.list.bring_in", by=by, subject=kept.sha256[:16],
           detail={"kind": kind, "new": str(brought.new), "licence": kept.licence})  # fmt: skip
    return kept


# --- provinces and communes ------------------------------------------------------------------------------------------
def _units(content: bytes, since: date, origin: Origin) -> Brought:
    listed = read_units(content)
    brought, known = Brought(), {unit.code: unit for unit in _open_ones()}
    places = Places()
    for each in listed:
        unit = known.get(each.code)
        if unit is not None:
            brought.same += 1
            if unit.name != police_name(each.name):
                brought.notes.append(f"Mã {each.code}: hệ thống ghi “{unit.name}”, tệp ghi “{each.name}”.")
            continue
        above = known[each.above] if each.above else places.ministry
        known[each.code] = places.add(each, above, since=since)
        brought.new += 1
    places.save()
    return brought


def _open_ones() -> Iterable[Unit]:
    return Unit.objects.filter(valid_until=None).defer("boundary")


class Places:
    """New units with their places in the tree, written all at once: one by one takes minutes."""

    def __init__(self) -> None:
        top = list(Unit.objects.filter(level=Unit.Level.MINISTRY, depth=1, valid_until=None)[:2])
        self.ministry = top[0] if len(top) == 1 else None
        self._last: dict[str, str] = {}
        self._made: list[Unit] = []

    def add(
        self, listed: ListedUnit, above: Unit | None, *, since: date, until: date | None = None, code: str = ""
    ) -> Unit:
        """The next unit below `above` (none: at the top)."""
        path = self._next_path(above)
        unit = Unit(
            code=code or listed.code, name=police_name(listed.name), level=listed.level, valid_from=since,
            valid_until=until, path=path, depth=len(path) // Unit.steplen, numchild=0,
        )  # fmt: skip
        self._made.append(unit)
        return unit

    def _next_path(self, above: Unit | None) -> str:
        prefix = above.path if above is not None else ""
        last = self._last.get(prefix)
        if last is None:
            below = Unit.objects.filter(path__startswith=prefix, depth=len(prefix) // Unit.steplen + 1)
            last = below.order_by("-path").values_list("path", flat=True).first()
        step = Unit._str2int(last[-Unit.steplen :]) + 1 if last else 1
        self._last[prefix] = prefix + Unit._int2str(step).rjust(Unit.steplen, Unit.alphabet[0])
        return self._last[prefix]

    def save(self) -> None:
        """Write them, and how many units stand below each that has new ones."""
        Unit.objects.bulk_create(self._made, batch_size=1000)
        with connection.cursor() as cursor:
            cursor.execute(COUNT_BELOW, [sorted(self._last)])


COUNT_BELOW = """
UPDATE units_unit AS above SET numchild = (
  SELECT count(*) FROM units_unit AS unit WHERE unit.depth = above.depth + 1 AND unit.path > above.path
    AND unit.path < above.path || 'a')
WHERE above.path = ANY(%s)
"""


# --- borders ---------------------------------------------------------------------------------------------------------
def _borders(content: bytes, since: date, origin: Origin) -> Brought:
    brought = Brought()
    borders = read_borders(content)
    units = {unit.code: unit for unit in _open_ones() if unit.code in borders}
    for code, geometry in borders.items():
        if code not in units:
            brought.notes.append(f"Mã {code}: chưa có đơn vị này. Hãy nhập danh mục trước.")
            continue
        Unit.objects.filter(pk=units[code].pk).update(boundary=geometry)
        brought.new += 1
    return brought


# --- former units ----------------------------------------------------------------------------------------------------
def _former(content: bytes, since: date, origin: Origin) -> Brought:
    brought, former, now = Brought(), read_former(content), {unit.code: unit for unit in _open_ones()}
    codes = set(Unit.objects.values_list("code", flat=True))
    ended = {
        (unit.code.partition("@")[0], unit.valid_until): unit for unit in Unit.objects.filter(~Q(valid_until=None))
    }
    places, made, by_path = Places(), [], {unit.path: unit for unit in now.values()}
    # A district before its communes, so that these find it.
    for each in sorted(former, key=lambda each: each.listed.level != Unit.Level.DISTRICT):
        if (each.listed.code, each.until) in ended:
            brought.same += 1
            continue
        heirs = [now[code] for code in each.heirs if code in now]
        brought.notes += [
            f"{each.listed.name} ({each.listed.code}): không có đơn vị kế tục mã {code}."
            for code in each.heirs
            if code not in now
        ]
        above = ended.get((each.listed.above, each.until)) or _above(heirs, by_path) or places.ministry
        unit = places.add(each.listed, above, since=each.since, until=each.until, code=_free(each, codes))
        ended[each.listed.code, each.until] = unit
        made.append((unit, heirs, each.until))
        brought.new += 1
    places.save()
    Succession.objects.bulk_create(
        Succession(predecessor=unit, successor=heir, since=day, decision=origin.source[:300], hands_over=False)
        for unit, heirs, day in made
        for heir in heirs
    )
    return brought


def _above(heirs: list[Unit], by_path: dict[str, Unit]) -> Unit | None:
    """Beside the first that went on: its people look after the old one's history."""
    return by_path.get(heirs[0].path[: -Unit.steplen]) if heirs else None


def _free(former: FormerUnit, codes: set[str]) -> str:
    """A code that no other has: the plain one may be a unit's of today."""
    base = f"{former.listed.code}@{former.until:%y%m%d}"
    code = next(each for each in (base, *(f"{base}.{n}" for n in range(2, 1000))) if each not in codes)
    codes.add(code)
    return code


_TAKEN: dict[UnitList.Kind, Callable[[bytes, date, Origin], Brought]] = {
    UnitList.Kind.UNITS: _units,
    UnitList.Kind.BORDERS: _borders,
    UnitList.Kind.FORMER: _former,
}
