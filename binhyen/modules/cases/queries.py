"""Reads of the register of cases."""

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate, now

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.kernel.vietnamese.folding import without_diacritics
from binhyen.modules.cases.models import Case
from binhyen.modules.cases.workflow import OPEN_STATES


def visible_cases(authority: Authority) -> "QuerySet[Case]":
    """Cases of the units where the person is an officer."""
    return Case.objects.filter(unit_id__in=authority.unit_ids(OFFICERS)).select_related("unit", "assigned_to")


def find_cases(authority: Authority, *, words: str = "", state: str = "", kind: str = "") -> "QuerySet[Case]":
    """What is waiting first, by when; every word must occur, with or without diacritics.

    `state` is a state's name, "waiting" for the open ones, "late" for the overdue, or empty for all.
    """
    found = visible_cases(authority)
    for word in without_diacritics(words).split():
        found = found.filter(search_text__contains=word)
    if kind:
        found = found.filter(kind=kind)
    if state == "late":
        found = overdue(found)
    elif state == "waiting":
        found = found.filter(state__in=OPEN_STATES)
    elif state:
        found = found.filter(state=state)
    return found.order_by(F("due_at").asc(nulls_last=True), "-opened_at", "-pk")


def overdue(cases: "QuerySet[Case]", at: datetime | None = None) -> "QuerySet[Case]":
    """Those whose deadline has passed."""
    return cases.filter(due_at__lt=at or now())


def units_to_open_in(authority: Authority) -> "QuerySet[Unit]":
    """Units for which the person may open a case today."""
    today = localdate()
    exists = Q(valid_until__isnull=True) | Q(valid_until__gt=today)
    units = Unit.objects.filter(exists, valid_from__lte=today, pk__in=authority.unit_ids(OFFICERS))
    return units.order_by("path")  # type: ignore[no-any-return]  # treebeard is untyped
