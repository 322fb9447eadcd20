"""Finding rows of groups."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from binhyen.modules.groups.models import ClusterCamera, Group, Member


def members_on(group: Group, day: date | None = None) -> "QuerySet[Member]":
    """Who belongs to the group on `day` (today): the leader first, then by name."""
    day = day or localdate()
    serving = Q(left_on=None) | Q(left_on__gt=day)
    order = ["part_rank", "name_order", "pk"]
    return _ranked(group.members.filter(serving, joined_on__lte=day)).order_by(*order)


def _ranked(members: "QuerySet[Member]") -> "QuerySet[Member]":
    from django.db.models import Case, Value, When

    ranks = [When(part=part, then=Value(rank)) for rank, part in enumerate(Member.Part.values)]
    return members.annotate(part_rank=Case(*ranks))


def cameras_on(group: Group, day: date | None = None) -> "QuerySet[ClusterCamera]":
    """The cameras that count for the group on `day` (today)."""
    day = day or localdate()
    return group.cameras.filter(Q(removed_on=None) | Q(removed_on__gt=day), added_on__lte=day).order_by("code")
