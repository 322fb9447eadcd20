"""How far the papers of the cameras are: what the checklist has found, which certificates are good."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max
from django.utils.timezone import localdate

from binhyen.modules.network.checklist import Item, items_on
from binhyen.modules.network.models import CameraCertificate, SecurityCheck
from binhyen.modules.network.notices import NEAR


@dataclass(frozen=True)
class ItemState:
    """One item of the checklist over all cameras: `not_tried` is what no row says otherwise of."""

    item: Item
    passes: int
    fails: int
    not_tried: int


@dataclass(frozen=True)
class CertificateState:
    """The newest certificate of each camera: good for a while, for a month at most, no longer, none at all."""

    good: int
    near: int
    ended: int
    none: int


def item_states(camera_ids: Collection[int], *, day: date | None = None) -> list[ItemState]:
    """What is asked of cameras on `day` (today), in one question."""
    rows = SecurityCheck.objects.filter(camera__in=camera_ids).values_list("item", "outcome")
    found = {(item, outcome): count for item, outcome, count in rows.annotate(count=Count("pk"))}
    return [_item_state(item, found, len(camera_ids)) for item in items_on(day or localdate())]


def _item_state(item: Item, found: dict[tuple[str, str], int], total: int) -> ItemState:
    passes, fails = found.get((item.code, "passes"), 0), found.get((item.code, "fails"), 0)
    return ItemState(item, passes, fails, total - passes - fails)


def certificate_state(camera_ids: Collection[int], *, day: date | None = None) -> CertificateState:
    """Cameras by how long their newest certificate is good on `day` (today)."""
    day = day or localdate()
    newest = CameraCertificate.objects.filter(camera__in=camera_ids).values_list("camera")
    until = [expires_on for _, expires_on in newest.annotate(until=Max("expires_on"))]
    found = Counter("ended" if each < day else "near" if each <= day + NEAR else "good" for each in until)
    return CertificateState(found["good"], found["near"], found["ended"], len(camera_ids) - len(until))
