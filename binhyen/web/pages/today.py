"""“Hôm nay”: what waits for me, by when, and what changed since yesterday."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_default_timezone, localdate, now

from binhyen.kernel.audit.models import Line
from binhyen.kernel.screens import WorkItem, work_for
from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.web.pages.actions import action_words

CHANGES_SHOWN = 12
CHANGES_SHARED = "cases.case."
"""Of others, only what happened to the unit's cases is told here; who looked at what is the log's matter."""


@dataclass(frozen=True)
class WorkGroup:
    """Work that is due in the same stretch of time; `state` is that of its badge."""

    title: str
    state: str
    items: list[WorkItem]


@open_to()
def today(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    authority: Authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    groups = grouped(work_for(authority), now())
    changes = [{"line": line, "action": action_words(line.action)} for line in changes_for(authority)]
    has_roles = bool(authority.roles)
    return render(request, "web/today.html", {"groups": groups, "changes": changes, "has_roles": has_roles})


def grouped(work: list[WorkItem], at: datetime) -> list[WorkGroup]:
    """`work` as late, due today, due later, without a deadline; empty groups left out."""
    midnight = datetime.combine(localdate(at) + timedelta(days=1), time.min, tzinfo=get_default_timezone())
    late = [item for item in work if item.due_at and item.due_at < at]
    due_today = [item for item in work if item.due_at and at <= item.due_at < midnight]
    later = [item for item in work if item.due_at and item.due_at >= midnight]
    undated = [item for item in work if item.due_at is None]
    groups = (
        WorkGroup("Trễ hạn", "late", late),
        WorkGroup("Hạn hôm nay", "waiting", due_today),
        WorkGroup("Sắp tới", "ontime", later),
        WorkGroup("Không có hạn", "waiting", undated),
    )
    return [group for group in groups if group.items]


def changes_for(authority: Authority) -> list[Line]:
    """Since yesterday's midnight: what the person did, and for officers what happened to cases of the own units."""
    if authority.user is None:
        return []
    since = datetime.combine(localdate() - timedelta(days=1), time.min, tzinfo=get_default_timezone())
    recent = Line.objects.filter(at__gte=since)
    own = recent.filter(actor=authority.user.username)
    codes = Unit.objects.filter(pk__in=authority.unit_ids(OFFICERS)).values("code")
    shared = recent.filter(action__startswith=CHANGES_SHARED, unit__in=codes)
    return list((own | shared).order_by("-number")[:CHANGES_SHOWN])
