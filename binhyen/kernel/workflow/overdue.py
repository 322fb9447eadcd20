"""How many things stand where, and which are late: one query over every workflow, scoped by authority."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.timezone import now

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.workflow.models import Stateful
from binhyen.kernel.workflow.registry import Registered, workflows

LATE_SHOWN = 50

Key = tuple[str, str, datetime]


@dataclass(frozen=True)
class Late:
    """One thing whose deadline has passed."""

    registered: Registered
    thing: Stateful

    @property
    def url(self) -> str:
        """Where it is shown; empty for a thing without a page."""
        address = getattr(self.thing, "get_absolute_url", None)
        return str(address()) if address else ""


@dataclass(frozen=True)
class Standing:
    """How many things are in each state of one workflow, and how many of those are late."""

    registered: Registered
    counts: dict[str, int]
    late: dict[str, int]

    @property
    def in_progress(self) -> int:
        """Things that are not done."""
        done = self.registered.workflow.done
        return sum(count for state, count in self.counts.items() if state not in done)

    @property
    def late_total(self) -> int:
        return sum(self.late.values())


def is_late(registered: Registered, at: datetime) -> Q:
    """The condition under which a row is late."""
    return Q(state__in=registered.workflow.binding, due_at__lt=at)


def overdue(
    authority: Authority, *, at: datetime | None = None, of: Iterable[Registered] | None = None, limit: int = LATE_SHOWN
) -> list[Late]:
    """What is late in the units where `authority` may read it, longest overdue first, at most `limit`.

    One query finds the rows of all workflows, one more for each workflow reads those that are shown.
    """
    at = at or now()
    known = {each.model._meta.label_lower: each for each in (workflows() if of is None else of)}
    parts = [part for each in known.values() if (part := _keys(each, authority, at)) is not None]
    if not parts:
        return []
    found = list(parts[0].union(*parts[1:], all=True).order_by("due_at", "late_kind", "late_key")[:limit])
    rows = dict(_rows(found, known))
    return [Late(known[kind], rows[kind, key]) for kind, key, _ in found if (kind, key) in rows]


def _keys(registered: Registered, authority: Authority, at: datetime) -> "QuerySet[Any, Any] | None":
    units = authority.unit_ids(frozenset(registered.workflow.readers))
    if not units:
        return None
    within = Q(**{f"{registered.model.unit_lookup}__in": units})
    found = registered.model._base_manager.filter(is_late(registered, at), within).order_by()
    kind = Value(registered.model._meta.label_lower, output_field=CharField())
    return found.annotate(late_kind=kind, late_key=Cast("pk", CharField())).values_list(
        "late_kind", "late_key", "due_at"
    )


def _rows(found: list[Key], known: dict[str, Registered]) -> Iterator[tuple[tuple[str, str], Stateful]]:
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key, _ in found:
        keys[kind].append(key)
    for kind, wanted in keys.items():
        model = known[kind].model
        for thing in model._base_manager.filter(pk__in=wanted).select_related(model.unit_lookup):
            yield (kind, str(thing.pk)), thing


def standing(registered: Registered, authority: Authority, *, at: datetime | None = None) -> Standing:
    """How many things of the units that `authority` serves are in each state, and how many are late."""
    within = Q(**{f"{registered.model.unit_lookup}__in": authority.unit_ids()})
    late = Count("pk", filter=is_late(registered, at or now()))
    rows = registered.model._base_manager.filter(within).order_by().values_list("state")
    found = Standing(
        registered, dict.fromkeys(registered.workflow.states, 0), dict.fromkeys(registered.workflow.states, 0)
    )
    for state, total, late_total in rows.annotate(total=Count("pk"), late_total=late):
        found.counts[state], found.late[state] = total, late_total
    return found
