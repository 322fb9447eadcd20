"""Opening the owner vault by hand: a chief asks, the auditor of the unit opens for a quarter of an hour; all is logged.

For what the request engine cannot do: somebody must be reached or protected at once. Nobody opens alone, the reason is
one of few, the case is open, and the owner is told as soon as the case's embargo allows.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localtime, now
from django_scopes import scopes_disabled

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.authority import Authority, Refusal, Refused, authority_of
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.access import case_book
from binhyen.modules.cameras.households import Household, find_owners, open_household
from binhyen.modules.cameras.models import Camera, Tier, VaultOpening

OPEN_FOR = timedelta(minutes=15)
ASK_LASTS = timedelta(hours=24)
NOT_FOUND = Refusal(
    "Không có camera hộ gia đình này trong đơn vị, hoặc anh/chị không có quyền.",
    code="not_found",
    remedy="Hãy kiểm tra lại mã camera ghi trong yêu cầu hình ảnh.",
)
ANOTHER = Refusal(
    "Người mở phải là Người giám sát nhật ký của đơn vị và không phải người đề nghị.",
    code="second_person",
    remedy="Hãy báo cho một Người giám sát nhật ký khác của đơn vị.",
)
OVER = Refusal(
    "Đề nghị này đã được trả lời hoặc đã quá hạn.",
    code="opening_over",
    remedy="Nếu vẫn cần, hãy lập đề nghị mới.",
)
NOT_OPEN = Refusal(
    "Niêm phong chưa được mở, hoặc 15 phút đã hết.",
    code="not_open",
    remedy="Hãy chờ Người giám sát nhật ký mở, hoặc lập đề nghị mới.",
)

OWNER_TOLD = add_topic(
    Topic(
        "cameras.vault-opened",
        "Niêm phong của chủ camera đã được mở",
        "vì anh/chị là chủ camera và hai người của đơn vị đã cùng mở thông tin niêm phong của anh/chị",
        channels=("inapp", "email"),
        may_switch_off=False,
        why_not="Chủ camera có quyền biết ai đã mở thông tin của mình.",
        roles=frozenset({Role.CAMERA_OWNER}),
    )
)


@transaction.atomic
def ask_to_open(code: str, *, reason: str, case: str, by: User, at: datetime | None = None) -> VaultOpening:
    """A chief asks to open the household of a camera in the own units, for an open case. Raises Refused."""
    authority = authority_of(by)
    refusal = case_book().refusal(authority, case)
    if refusal:
        raise Refused(refusal)
    with scopes_disabled():
        camera = Camera.objects.select_related("unit").filter(code=code, tier=Tier.HOUSEHOLD).first()
    if camera is None or not authority.holds({Role.CHIEF}, camera.unit):
        raise Refused(NOT_FOUND)
    opening = VaultOpening(
        camera=camera, reason=VaultOpening.Reason(reason), case=case, asked_by=by, asked_at=at or now()
    )
    opening.save()
    _write_line("vault.ask", opening, by)
    return opening


@transaction.atomic
def answer_opening(pk: UUID, *, grant: bool, by: User, at: datetime | None = None) -> VaultOpening:
    """The second person opens for `OPEN_FOR`, or declines. Raises Refused."""
    at = at or now()
    opening = _locked(pk)
    if opening.asked_by_id == by.pk or not authority_of(by).holds({Role.AUDITOR}, opening.camera.unit):
        raise Refused(ANOTHER)
    if opening.answered_at is not None or at > opening.asked_at + ASK_LASTS:
        raise Refused(OVER)
    opening.answered_by, opening.answered_at = by, at
    opening.open_until = at + OPEN_FOR if grant else None
    opening.save()
    _write_line("vault.grant" if grant else "vault.decline", opening, by)
    return opening


@transaction.atomic
def read_opened(pk: UUID, *, by: User, at: datetime | None = None) -> Household:
    """What the household told, to the chief who asked, while it is open and the case is. Each reading is a line."""
    at = at or now()
    opening = _locked(pk)
    authority = authority_of(by)
    is_theirs = opening.asked_by_id == by.pk and authority.holds({Role.CHIEF}, opening.camera.unit)
    if not is_theirs or opening.open_until is None or at > opening.open_until:
        raise Refused(NOT_OPEN)
    refusal = case_book().refusal(authority, opening.case)
    if refusal:
        raise Refused(refusal)
    _write_line("vault.read", opening, by)
    return open_household(opening.camera)


def openings_for(authority: Authority) -> "QuerySet[VaultOpening]":
    """Those of the units where `authority` is chief or auditor, newest first."""
    units = authority.unit_ids({Role.CHIEF, Role.AUDITOR})
    with scopes_disabled():
        found = VaultOpening.objects.filter(camera__unit_id__in=units)
        return found.select_related("camera__unit", "asked_by", "answered_by").order_by("-asked_at")


def waiting_openings(authority: Authority, at: datetime) -> list[VaultOpening]:
    """Those that wait for `authority` as the second person."""
    if authority.user is None or not authority.holds({Role.AUDITOR}):
        return []
    with scopes_disabled():
        units = authority.unit_ids({Role.AUDITOR})
        found = VaultOpening.objects.filter(camera__unit_id__in=units, answered_at=None, asked_at__gte=at - ASK_LASTS)
        return list(found.exclude(asked_by=authority.user).select_related("camera__unit"))


def tell_owners_of_openings(at: datetime | None = None) -> int:
    """Tell owners whose vault was opened and whose case's embargo is over; how many. Again it does nothing."""
    at, told = at or now(), 0
    with scopes_disabled():
        untold = VaultOpening.objects.filter(open_until__lt=at, told_at=None).select_related("camera__unit")
        for opening in untold:
            if not case_book().is_embargoed(opening.case):
                told += _tell(opening, at)
    return told


@transaction.atomic
def _tell(opening: VaultOpening, at: datetime) -> int:
    owners = find_owners([opening.camera.code])
    body = (
        f"{opening.camera.unit.name} đã mở thông tin niêm phong của anh/chị lúc "
        f"{localtime(opening.answered_at):%H:%M %d/%m/%Y}, bởi hai người, vì: {opening.get_reason_display().lower()}. "
        "Anh/Chị có thể hỏi lại Trưởng công an đơn vị."
    )
    sent = send(
        OWNER_TOLD,
        to=list(owners.values()),
        subject="Thông tin niêm phong của anh/chị đã được mở",
        body=body,
        url=reverse("own_cameras"),
        dedupe_key=f"opening:{opening.pk}",
        at=at,
    )
    VaultOpening.objects.filter(pk=opening.pk).update(told_at=at)
    return len(sent)


def _locked(pk: UUID) -> VaultOpening:
    with scopes_disabled():
        found = (
            VaultOpening.objects.select_for_update(of=("self",)).select_related("camera__unit").filter(pk=pk).first()
        )
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def _write_line(action: str, opening: VaultOpening, by: User) -> None:
    record(
        action,
        by=by,
        subject=opening.camera.code,
        unit=opening.camera.unit.code,
        case=opening.case,
        purpose=opening.get_reason_display(),
        detail={"opening": str(opening.pk)},
    )
