"""Who went on with what: closed units that somebody's units took over from, and what an old name or code is now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.timezone import localdate

from binhyen.kernel.units.models import Succession, Unit
from binhyen.kernel.vietnamese.folding import without_diacritics

# Paths are of digits and capitals, compared as bytes: what is below one lies between it and it with a small letter.
LEFT = """
WITH RECURSIVE reached(root, path) AS (
  SELECT root, root FROM unnest(%s::text[]) AS root
  UNION
  SELECT reached.root, old.path FROM reached
  JOIN units_unit AS heir ON heir.path >= reached.path AND heir.path < reached.path || 'a'
  JOIN units_succession AS line ON line.successor_id = heir.id AND line.hands_over
  JOIN units_unit AS old ON old.id = line.predecessor_id
  WHERE old.valid_until <= %s AND NOT starts_with(old.path, reached.root)
)
SELECT root, path FROM reached WHERE path <> root ORDER BY root, path
"""
FOUND_MAX = 50
STEPS_MAX = 20


def paths_left_to(paths: Collection[str], day: date | None = None) -> dict[str, list[str]]:
    """For each path the paths of closed units elsewhere in the tree whose heirs stand at or below it: their history is
    read, and what was left undone there is done, by the heirs' people. Empty where nothing was ever taken over."""
    if not paths:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [sorted(paths), day or localdate()])
        found: dict[str, list[str]] = {}
        for root, path in cursor.fetchall():
            kept = found.setdefault(root, [])
            if not kept or not path.startswith(kept[-1]):  # sorted: what covers comes first
                kept.append(path)
    return found


@dataclass(frozen=True)
class Known:
    """A unit that was looked up, and what it is now: itself, or those that go on with it."""

    unit: Unit
    now: tuple[Unit, ...]

    @property
    def is_open(self) -> bool:
        return self.now == (self.unit,)


def heirs_of(unit: Unit, day: date | None = None) -> tuple[Unit, ...]:
    """The open units that go on with what `unit` did; itself while it is open."""
    day = day or localdate()
    ahead, seen, found = [unit], {unit.pk}, []
    for _ in range(STEPS_MAX):
        found += [each for each in ahead if each.is_open_on(day)]
        closed = [each.pk for each in ahead if not each.is_open_on(day)]
        lines = Succession.objects.filter(predecessor__in=closed, since__lte=day).select_related("successor")
        ahead = [line.successor for line in lines.order_by("successor__path") if line.successor_id not in seen]
        seen.update(each.pk for each in ahead)
        if not ahead:
            break
    return tuple(dict.fromkeys(found))


def find_units(words: str, *, day: date | None = None) -> list[Known]:
    """Units by code or name, of today and of the past, with and without diacritics; the best first, at most
    `FOUND_MAX`. A code that another unit took over finds both."""
    asked = without_diacritics(words).split()
    if not asked:
        return []
    ranked = []
    for pk, code, name in Unit.objects.values_list("pk", "code", "name"):
        folded, plain = without_diacritics(name), code.partition("@")[0].casefold()
        if plain == words.strip().casefold():
            ranked.append((0, len(name), pk))
        elif all(f" {word}" in f" {folded}" for word in asked):
            ranked.append((1 if folded.endswith(" ".join(asked)) else 2, len(name), pk))
    chosen = [pk for _, _, pk in sorted(ranked)[:FOUND_MAX]]
    units = Unit.objects.in_bulk(chosen)
    return [Known(units[pk], heirs_of(units[pk], day)) for pk in chosen]


def predecessors_of(unit: Unit) -> list[Succession]:
    """The lines that led to this unit."""
    lines = Succession.objects.filter(successor=unit).select_related("predecessor")
    return list(lines.order_by("-since", "predecessor__name"))
