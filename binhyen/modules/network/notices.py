"""What keepers of the register are told: certificates that run out."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, now

from binhyen.kernel.notify.sending import RolesIn, send
from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.models import Unit
from binhyen.modules.network.models import CameraCertificate
from binhyen.modules.network.rules import KEEPERS

NEAR = timedelta(days=30)

CERTIFICATES_END = add_topic(
    Topic(
        "network.certificates",
        "Giấy kiểm định camera sắp hết hạn",
        "vì anh/chị giữ sổ camera của đơn vị",
        channels=("inapp", "email"),
        roles=frozenset(KEEPERS),
    )
)


def ending_certificates(at: datetime | None = None) -> "QuerySet[CameraCertificate]":
    """Certificates of cameras in use that run out within `NEAR`, or have, and that no newer one stands for."""
    today = localdate(at or now())
    newer = CameraCertificate.objects.filter(
        camera=OuterRef("camera"), kind=OuterRef("kind"), expires_on__gt=OuterRef("expires_on")
    )
    in_use = Q(camera__active_until=None) | Q(camera__active_until__gt=today)
    return CameraCertificate.objects.filter(in_use, ~Exists(newer), expires_on__lte=today + NEAR)


def tell_of_certificates(at: datetime | None = None) -> int:
    """Tell the keepers of each unit, once a week while there is something to tell; how many messages."""
    at = at or now()
    today, told = localdate(at), 0
    with across_units():
        ending = ending_certificates(at).values_list("camera__unit_id", "expires_on")
        late = Counter(unit for unit, day in ending if day < today)
        near = Counter(unit for unit, day in ending if day >= today)
        for unit in Unit.objects.filter(pk__in={*late, *near}).order_by("path"):
            counts = [f"{near[unit.pk]} giấy hết hạn trong {NEAR.days} ngày tới"] if near[unit.pk] else []
            counts += [f"{late[unit.pk]} giấy đã hết hạn"] if late[unit.pk] else []
            told += len(
                send(CERTIFICATES_END, to=RolesIn(frozenset(KEEPERS), unit), at=at, body=f"{unit.name}.",
                     subject=f"Kiểm định camera: {', '.join(counts)}", url=reverse("cameracertificate-list"),
                     dedupe_key=f"{unit.code}:{today:%G-W%V}")
            )  # fmt: skip
    return told
