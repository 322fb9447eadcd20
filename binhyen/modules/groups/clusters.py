"""A household's choice of the group that counts its camera: by the owner alone, kept as a pseudonym."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from binhyen.modules.groups.domain import add_to_cluster, household_key
from binhyen.modules.groups.forms import ClusterForm
from binhyen.modules.groups.models import ClusterCamera, Group


def groups_for(camera: Any) -> Any:
    """The groups that exist in the unit of the camera. Runs across units."""
    today = localdate()
    exists = Q(closed_on=None) | Q(closed_on__gt=today)
    return Group.objects.filter(exists, unit=camera.unit, founded_on__lte=today).order_by("name_order")


def group_of(code: str) -> Group | None:
    """The group that counts the household's camera with `code`."""
    row = ClusterCamera.objects.filter(camera_key=household_key(code), removed_on=None).select_related("group").first()
    return row.group if row else None


def form_for(camera: Any, given: Any = None) -> ClusterForm:
    """What the owner may choose."""
    return ClusterForm(given, groups=groups_for(camera), initial={"group": group_of(camera.code)})


@transaction.atomic
def choose(camera: Any, group: Group | None) -> None:
    """Count it for `group` from today on, and for no other. The log does not say whose camera it is."""
    row = ClusterCamera.objects.filter(camera_key=household_key(camera.code), removed_on=None).first()
    if row is not None and row.group == group:
        return
    if row is not None:
        row.removed_on = localdate()
        row.save(update_fields=["removed_on"])
    if group is not None:
        add_to_cluster(group, source=ClusterCamera.Source.HOUSEHOLD, camera=camera.code, by=None)
