"""Taking in what telephones kept while they were offline: each thing once, with a proof of its time.

Nothing that somebody sent is thrown away: what does not fit the log (the patrol was closed or given to others
meanwhile) is kept beside it as a conflict, and a person decides.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.timezone import localtime, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Authority, authority_of
from binhyen.modules.groups import notices
from binhyen.modules.groups.models import CheckIn, Patrol, PatrolMember
from binhyen.modules.groups.patrols import begin_patrol, end_patrol
from binhyen.modules.groups.proof import AGREE_WITHIN, DeviceTime, Proof, device_moment, proof_of
from binhyen.modules.groups.rules import group_ids_of

_SALT = "groups.anchor"
ITEMS_MAX = 200
TEXT_MAX, PLACE_MAX = 1000, 120
WALL_MS_MAX = 4_102_444_800_000  # 2100
COUNT_MS_MAX = 1e12


class BadBatch(ValueError):
    """What was sent cannot be read; the sentence names the field."""


@dataclass(frozen=True)
class Told:
    """One thing that a telephone kept."""

    id: UUID
    patrol: int
    kind: str
    when: DeviceTime
    anchor: str
    place: str = ""
    text: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy_metres: float | None = None


@dataclass(frozen=True)
class Taken:
    """What became of it: "taken", "conflict", or "refused" (it stays on the telephone)."""

    id: str
    state: str
    said: str = ""


def anchor_for(user: User, at: datetime | None = None) -> str:
    """The time, signed for this person: what carries it happened later."""
    return signing.dumps([user.pk, round((at or now()).timestamp() * 1000)], salt=_SALT)


def _anchor_time(anchor: str, user: User) -> datetime | None:
    try:
        owner, at_ms = signing.loads(anchor, salt=_SALT)
    except signing.BadSignature:
        return None
    return datetime.fromtimestamp(at_ms / 1000, UTC) if owner == user.pk else None


def read_batch(sent: Any) -> tuple[DeviceTime, list[Told]]:
    """The moment of sending and the things. Raises BadBatch."""
    if not isinstance(sent, dict) or not isinstance(sent.get("items"), list):
        raise BadBatch("Gói gửi lên phải có “items” là danh sách.")
    if len(sent["items"]) > ITEMS_MAX:
        raise BadBatch(f"Mỗi lần gửi tối đa {ITEMS_MAX} việc; hãy gửi phần còn lại ở lần sau.")
    return _device_time(sent.get("sent")), [_told(item) for item in sent["items"]]


def _told(item: Any) -> Told:
    if not isinstance(item, dict):
        raise BadBatch("Mỗi việc trong “items” phải là một đối tượng.")
    try:
        identity = UUID(str(item["id"]))
        patrol = int(item["patrol"])
    except (KeyError, ValueError) as error:
        raise BadBatch("“id” phải là UUID và “patrol” phải là số của chuyến tuần tra.") from error
    if item.get("kind") not in CheckIn.Kind.values:
        raise BadBatch(f"“kind” phải là một trong: {', '.join(CheckIn.Kind.values)}.")
    return Told(
        identity,
        patrol,
        item["kind"],
        _device_time(item.get("when")),
        _text(item, "anchor", 400),
        _text(item, "place", PLACE_MAX),
        _text(item, "text", TEXT_MAX),
        _number(item, "latitude", 90),
        _number(item, "longitude", 180),
        _number(item, "accuracy", 1e6),
    )


def _device_time(value: Any) -> DeviceTime:
    read = value if isinstance(value, dict) else {}
    wall, count, run = read.get("wall"), read.get("count"), read.get("run")
    if not isinstance(wall, int) or isinstance(wall, bool) or not 0 < wall < WALL_MS_MAX:
        raise BadBatch("“wall” phải là giờ máy, số nguyên mili giây từ 1970.")
    if not isinstance(count, int | float) or isinstance(count, bool) or not 0 <= count < COUNT_MS_MAX:
        raise BadBatch("“count” phải là số mili giây từ khi mở trang.")
    if not isinstance(run, str) or not 0 < len(run) <= 64:
        raise BadBatch("“run” phải là mã lần mở trang, tối đa 64 ký tự.")
    return DeviceTime(wall, float(count), run)


def _text(item: Mapping[str, Any], name: str, longest: int) -> str:
    value = item.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise BadBatch(f"“{name}” phải là chữ, tối đa {longest} ký tự.")
    return value.strip()


def _number(item: Mapping[str, Any], name: str, bound: float) -> float | None:
    value = item.get(name)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value) or abs(value) > bound:
        raise BadBatch(f"“{name}” phải là số từ -{bound:g} đến {bound:g}.")
    return float(value)


def take_all(sent: DeviceTime, items: list[Told], *, by: User, received: datetime | None = None) -> list[Taken]:
    """Take each thing in the order in which it happened on the device, each in a transaction of its own."""
    received = received or now()
    authority = authority_of(by)
    ordered = sorted(items, key=lambda item: item.when.wall_ms)
    done = {item.id: _take(item, sent, authority, received) for item in ordered}
    return [done[item.id] for item in items]


@transaction.atomic
def _take(item: Told, sent: DeviceTime, authority: Authority, received: datetime) -> Taken:
    mine = Patrol.objects.select_for_update(of=("self",)).filter(group__in=group_ids_of(authority))
    patrol = mine.select_related("group__unit").filter(pk=item.patrol).first()
    known = CheckIn._base_manager.filter(pk=item.id).first()
    if patrol is None or authority.user is None or (known is not None and known.patrol_id != patrol.pk):
        return Taken(str(item.id), "refused", "Không có chuyến tuần tra này trong tổ của anh/chị.")
    if known is not None:
        return Taken(str(item.id), "conflict" if known.conflict else "taken", known.conflict)
    member = patrol.group.member_of(authority)
    if member is None:
        return Taken(str(item.id), "refused", "Anh/Chị không còn trong tổ này.")
    anchor = _anchor_time(item.anchor, authority.user)
    proof = proof_of(item.when, sent, received=received, anchor=anchor or patrol.planned_at)
    conflict = _conflict(patrol, authority, proof)
    row = CheckIn(
        id=item.id, patrol=patrol, member=member, kind=item.kind, place=item.place, text=item.text,
        latitude=item.latitude, longitude=item.longitude, accuracy_metres=item.accuracy_metres,
        at=proof.at, earliest=proof.earliest, latest=proof.latest, clock_offset_ms=proof.offset_ms,
        proof=proof.basis.value if anchor else CheckIn.Proof.DOUBTFUL, device_at=device_moment(item.when.wall_ms),
        received_at=received, conflict=conflict, state=CheckIn.State.CONFLICT if conflict else CheckIn.State.TAKEN,
    )  # fmt: skip
    row.save(force_insert=True)
    record("groups.checkin.sync", by=authority.user, subject=str(patrol), unit=patrol.unit.code,
           detail={"kind": item.kind, "state": row.state})  # fmt: skip
    if conflict:
        notices.tell_of_conflict(patrol, conflict)
    else:
        _move(patrol, row, authority.user)
    return Taken(str(item.id), "conflict" if conflict else "taken", conflict)


def _conflict(patrol: Patrol, authority: Authority, proof: Proof) -> str:
    """Why a person has to look; empty where it fits."""
    if patrol.state == "cancelled":
        return "Chuyến tuần tra đã bị hủy trước khi điện thoại gửi được."
    if patrol.state == "confirmed":
        return "Công an xã đã xác nhận sổ của chuyến này trước khi điện thoại gửi được."
    if not patrol.has(authority):
        left = PatrolMember.objects.filter(patrol=patrol, member__user=authority.user).first()
        when = f" lúc {localtime(left.left_at):%H:%M ngày %d/%m/%Y}" if left is not None and left.left_at else ""
        return f"Chuyến tuần tra đã giao cho người khác{when}."
    if patrol.ended_at is not None and proof.at > patrol.ended_at + AGREE_WITHIN:
        return f"Chuyến tuần tra đã kết thúc lúc {localtime(patrol.ended_at):%H:%M ngày %d/%m/%Y}."
    return ""


def _move(patrol: Patrol, row: CheckIn, by: User) -> None:
    """A first sign of life starts the patrol, the last one ends it."""
    if patrol.state == "planned":
        begin_patrol(patrol, by=by, at=row.at)
    if row.kind == CheckIn.Kind.END and patrol.state == "under_way":
        end_patrol(patrol, by=by, at=row.at)
