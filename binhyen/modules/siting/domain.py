"""Bringing roads, zones and terrain in, and taking them away again."""

from enum import StrEnum
from typing import Any

from django.db import transaction

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.modules.cameras.public import REGISTRARS
from binhyen.modules.siting.models import PrivateZone, Relief, Road
from binhyen.modules.siting.reading import read_roads, read_zones
from binhyen.modules.siting.terrain import read_terrain


class Kind(StrEnum):
    """What a file holds."""

    ROADS = "duong"
    ZONES = "vung"
    TERRAIN = "dia-hinh"

    @property
    def label(self) -> str:
        return {"duong": "Đường cần nhìn thấy (GeoJSON)", "vung": "Vùng riêng tư (GeoJSON)",
                "dia-hinh": "Mô hình địa hình (lưới ASCII .asc)"}[self]  # fmt: skip


MODELS: dict[Kind, Any] = {Kind.ROADS: Road, Kind.ZONES: PrivateZone, Kind.TERRAIN: Relief}
NOT_A_REGISTRAR = Refusal(
    "Việc này của người giữ danh sách camera.",
    code="wrong_role",
    remedy="Hãy đề nghị cán bộ công an xã, Trưởng công an hoặc Quản trị kỹ thuật của đơn vị.",
)


@transaction.atomic
def bring_in(kind: Kind, content: bytes, *, unit: Unit, file_name: str, source: str, by: User) -> int:
    """Keep what a file holds; how many. Raises Refused, UnreadableMap, UnreadableTerrain: then nothing has changed."""
    if not authority_of(by).holds(REGISTRARS, unit):
        raise Refused(NOT_A_REGISTRAR)
    facts = {"unit": unit, "file_name": file_name[:200], "source": source[:300], "by": by}
    if kind is Kind.ROADS:
        made = [Road(name=name, lines=lines, **facts) for name, lines in read_roads(content)]
        Road.objects.bulk_create(made)
    elif kind is Kind.ZONES:
        made = [PrivateZone(unit=unit, ring=ring) for ring in read_zones(content)]  # type: ignore[misc]  # other rows
        PrivateZone.objects.bulk_create(made)
    else:
        Relief.objects.filter(unit=unit).delete()
        Relief.of(read_terrain(content), **facts).save()
        made = [None]  # type: ignore[list-item]  # one
    record("siting.bring_in", by=by, subject=kind.value, unit=unit.code, detail={"count": str(len(made))})
    return len(made)


@transaction.atomic
def take_away(kind: Kind, pk: int, *, by: User) -> None:
    """Take one away. Raises Refused, DoesNotExist."""
    row = MODELS[kind].objects.select_related("unit").get(pk=pk)
    if not authority_of(by).holds(REGISTRARS, row.unit):
        raise Refused(NOT_A_REGISTRAR)
    row.delete()
    record("siting.take_away", by=by, subject=kind.value, unit=row.unit.code)
