"""Giving, limiting, pausing, renewing and withdrawing consent: an owner's verbs. Each leaves a signed receipt."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused
from binhyen.modules.cameras.public import Camera, Hours, is_owned_by, owner_alias
from binhyen.modules.consents.models import DAYS_MAX, OFFERED, Consent, Receipt
from binhyen.modules.consents.receipts import write_receipt
from binhyen.modules.consents.terms import terms_on

MONTHS_MAX = 12
WHOLE_DAY = Hours()

NOT_YOURS = Refusal("Không có camera này.", code="not_found", remedy="Hãy xem lại danh sách “Camera của tôi”.")
NOTHING_GIVEN = Refusal(
    "Camera này chưa có sự đồng ý nào để thay đổi.", code="wrong_state", remedy="Hãy chọn điều anh/chị đồng ý trước."
)
ENDED = Refusal(
    "Camera này đã ngừng chia sẻ.", code="camera_ended", remedy="Muốn tham gia lại, hãy thêm camera một lần nữa."
)


@dataclass(frozen=True)
class Agreed:
    """What an owner chose: codes of purposes, hours of the day, whether officers with an approved request may watch
    live, and for how many months."""

    purposes: tuple[str, ...]
    hours: Hours = WHOLE_DAY
    live: bool = False
    months: int = MONTHS_MAX


def begin(camera: Camera, *, owner: User, agreed: bool, streams: bool, at: datetime | None = None) -> Consent:
    """A consent of a new camera: nothing is agreed yet, or (`agreed`: in writing, at the machine) all offered."""
    with scopes_disabled():
        consent = Consent.objects.create(camera=camera, streams=streams)
    if agreed:
        every = Agreed(tuple(purpose.value for purpose in OFFERED))
        _take(consent, every, since=max(camera.active_from, localdate(at)), at=at or now())
    return consent


@transaction.atomic
def agree(camera: Camera, told: Agreed, *, by: User, at: datetime | None = None) -> Receipt:
    """The owner agrees, changes what was agreed, or renews. Raises Refused, ValueError for what no form offers."""
    at = at or now()
    consent = _own(camera, by, at)
    _take(consent, told, since=localdate(at), at=at)
    return _done(consent, "consents.agree", "Đồng ý chia sẻ camera", by=by, at=at)


def _take(consent: Consent, told: Agreed, *, since: date, at: datetime) -> None:
    offered = {purpose.value for purpose in OFFERED}
    if not told.purposes or not offered.issuperset(told.purposes) or not 1 <= told.months <= MONTHS_MAX:
        raise ValueError(f"no form offers {told}")
    consent.state, consent.given_on = Consent.State.GIVEN, since
    consent.expires_on = min(_months_later(since, told.months), since + timedelta(days=DAYS_MAX))
    consent.purposes, consent.live = list(told.purposes), told.live and consent.streams
    consent.hours_start, consent.hours_end = told.hours.start, told.hours.end
    consent.terms, consent.reminded_days = terms_on(localdate(at)).version, None
    consent.save()


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    return first + timedelta(days=min(day.day, _days_in(first)) - 1)


def _days_in(first: date) -> int:
    following = (first + timedelta(days=31)).replace(day=1)
    return (following - first).days


@transaction.atomic
def pause(camera: Camera, *, by: User, at: datetime | None = None) -> Receipt:
    """Nothing is recorded, asked or seen until the owner resumes; what is open ends at its next check."""
    at = at or now()
    consent = _given(camera, by, at)
    consent.state = Consent.State.PAUSED
    consent.save()
    return _done(consent, "consents.pause", "Tạm dừng chia sẻ camera", by=by, at=at)


@transaction.atomic
def resume(camera: Camera, *, by: User, at: datetime | None = None) -> Receipt:
    """As it was before the pause, until the same end."""
    at = at or now()
    consent = _given(camera, by, at)
    consent.state = Consent.State.GIVEN
    consent.save()
    return _done(consent, "consents.resume", "Tiếp tục chia sẻ camera", by=by, at=at)


@transaction.atomic
def withdraw(camera: Camera, *, by: User, at: datetime | None = None) -> Receipt | None:
    """The owner takes everything back; None where nothing was given. What no case holds goes with the camera's own
    end (`cameras.end_sharing`, which calls this)."""
    with scopes_disabled():
        consent = Consent.objects.select_for_update().filter(camera=camera).first()
    if consent is None or consent.given_on is None:
        return None
    consent.state = Consent.State.WITHDRAWN
    consent.save()
    return _done(consent, "consents.withdraw", "Rút lại sự đồng ý chia sẻ camera", by=by, at=at or now())


def consent_of(camera: Camera) -> Consent | None:
    """The consent of a household camera."""
    with scopes_disabled():
        return Consent.objects.filter(camera=camera).first()


def _own(camera: Camera, by: User, at: datetime) -> Consent:
    if not is_owned_by(camera.code, by):
        raise Refused(NOT_YOURS)
    if not camera.is_active_on(localdate(at)):
        raise Refused(ENDED)
    with scopes_disabled():
        return Consent.objects.select_for_update().get(camera=camera)


def _given(camera: Camera, by: User, at: datetime) -> Consent:
    consent = _own(camera, by, at)
    if consent.given_on is None or consent.is_over:
        raise Refused(NOTHING_GIVEN)
    return consent


def _done(consent: Consent, action: str, about: str, *, by: User, at: datetime) -> Receipt:
    receipt = write_receipt(consent, about, at=at)
    record(action, by=owner_alias(by), subject=consent.camera.code, detail={"receipt": receipt.number})
    return receipt
