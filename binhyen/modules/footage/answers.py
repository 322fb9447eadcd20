"""What an owner does with a request: approve a part, refuse, withdraw. Told to nobody but by clips that open."""

import secrets
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, across_units
from binhyen.kernel.upkeep.erasing import Erasable, add_erasable, note_erasure
from binhyen.modules.cameras.public import Window, answers_by_upload, owned_codes, owner_alias, release_holds
from binhyen.modules.footage.models import Clip, EvidencePackage, OwnerAsk
from binhyen.modules.footage.requests import RequestRefused, close_clip, must_open_now, open_clip
from binhyen.modules.footage.uploads.keeping import erase, forget_answer, is_named_by_a_package

WITHDRAWAL = "footage.withdrawal"
"""The kind under which the journal of erasures has an approval that was taken back."""

NOT_YOURS = Refusal("Không có yêu cầu này.", code="not_found", remedy="Hãy xem lại danh sách yêu cầu của anh/chị.")

NOTHING_RECORDED = Refusal(
    "Hệ thống không ghi hình camera này, nên chưa có gì để chia sẻ.",
    code="nothing_recorded",
    remedy="Hãy nộp tệp từ đầu ghi của anh/chị, chọn đoạn rồi đồng ý.",
)


def asks_of(owner: User) -> "QuerySet[OwnerAsk]":
    """Every request that concerns a camera of `owner`, newest first. Read within `across_units`."""
    return OwnerAsk.objects.filter(camera__in=owned_codes(owner)).select_related("request__case__unit", "clip")


@transaction.atomic
def approve(
    ask_id: UUID, window: Window, *, by: User, at: datetime | None = None, source: str = Clip.Source.OWNER
) -> OwnerAsk:
    """Open `window` (inside the one asked for) to the officers of the case. Raises Refused, RequestRefused."""
    at = at or now()
    with across_units():
        ask = _own(ask_id, by)
        _must_be(ask, OwnerAsk.State.WAITING, at)
        refusal = must_open_now(ask.request)
        if refusal:
            raise Refused(no_longer_needed())
        if source == Clip.Source.OWNER and answers_by_upload(ask.camera):
            raise Refused(NOTHING_RECORDED)
        if window.is_empty:
            raise RequestRefused("end", "Điểm cuối phải sau điểm đầu. Hãy chọn lại đoạn muốn chia sẻ.")
        if window.within(ask.request.window) != window:
            raise RequestRefused("start", "Đoạn chia sẻ phải nằm trong khoảng được yêu cầu. Hãy chọn lại.")
        ask.clip = open_clip(ask.request, ask.camera, source, window.start, window.end, at=at)
        ask.receipt = _receipt()
        _answer(ask, OwnerAsk.State.APPROVED, at)
        _write_line("footage.owner.approve", ask, by)
    return ask


@transaction.atomic
def refuse_ask(ask_id: UUID, *, by: User, at: datetime | None = None) -> OwnerAsk:
    """Open nothing. No line is written: its number alone would tell an officer that somebody had been asked."""
    at = at or now()
    with across_units():
        ask = _own(ask_id, by)
        _must_be(ask, OwnerAsk.State.WAITING, at)
        _answer(ask, OwnerAsk.State.REFUSED, at)
        forget_answer(ask.pk)
    return ask


@transaction.atomic
def withdraw(ask_id: UUID, *, by: User, at: datetime | None = None) -> OwnerAsk:
    """Take the approval back: players stop at their next check, nothing more is kept. The receipt stays with the owner.

    Packages made before belong to the case by then; the receipt says how many there are.
    """
    at = at or now()
    with across_units():
        ask = _own(ask_id, by)
        if ask.state != OwnerAsk.State.APPROVED or ask.clip is None:
            raise Refused(_wrong_state(ask))
        _take_back(ask, at)
        note_erasure(WITHDRAWAL, str(ask.pk))
        _write_line("footage.owner.withdraw", ask, by)
    return ask


def _take_back(ask: OwnerAsk, at: datetime) -> None:
    if ask.clip.ended_at is None:
        close_clip(ask.clip, at=at)
    ask.packages_before_withdrawal = packages_with(ask.clip)
    for upload in ask.uploads.filter(clip=ask.clip):
        erase(upload, at=at, keep_original=is_named_by_a_package(upload))
    ask.state, ask.withdrawn_at, ask.receipt = OwnerAsk.State.WITHDRAWN, at, _receipt()
    ask.save()


def _take_back_again(key: str, day: date) -> None:
    """The approval was taken back after the backup was taken from which it came back. The receipt is a new one."""
    with transaction.atomic(), across_units():
        ask = OwnerAsk.objects.select_for_update(of=("self",)).select_related("clip").get(pk=key)
        _take_back(ask, datetime.combine(day, time.min, tzinfo=get_default_timezone()))


def _approved() -> list[str]:
    with across_units():
        approved = OwnerAsk.objects.filter(state=OwnerAsk.State.APPROVED, clip__isnull=False)
        return [str(pk) for pk in approved.values_list("pk", flat=True)]


add_erasable(Erasable(WITHDRAWAL, _approved, _take_back_again))


def packages_with(clip: Clip) -> int:
    """How many finished packages hold a part of `clip`."""
    done = EvidencePackage._base_manager.filter(request_id=clip.request_id, state=EvidencePackage.State.DONE)
    return sum(any(part["clip"] == clip.pk for part in package.selection) for package in done)


def _own(ask_id: UUID, owner: User) -> OwnerAsk:
    ask = asks_of(owner).select_for_update(of=("self",)).filter(pk=ask_id).first()
    if ask is None:
        raise Refused(NOT_YOURS)
    return ask


def _must_be(ask: OwnerAsk, state: str, at: datetime) -> None:
    if ask.state != state:
        raise Refused(_wrong_state(ask))
    if at > ask.due_at:
        raise Refused(no_longer_needed())


def _answer(ask: OwnerAsk, state: str, at: datetime) -> None:
    ask.state, ask.answered_at = state, at
    ask.save()
    release_holds(ask.hold_reason)


def _wrong_state(ask: OwnerAsk) -> Refusal:
    sentence = f"Không thực hiện được: {ask.get_state_display().lower()}."
    return Refusal(sentence, code="wrong_state", remedy="Hãy tải lại trang để xem trạng thái mới nhất.")


def no_longer_needed() -> Refusal:
    """What an owner is told whose time has passed."""
    return Refusal(
        "Yêu cầu này đã kết thúc hoặc hết hạn trả lời.",
        code="ask_over",
        remedy="Anh/Chị không cần làm gì thêm; không có hình nào được chia sẻ.",
    )


def _receipt() -> str:
    return f"BN-{secrets.token_hex(4)}-{secrets.token_hex(4)}".upper()


def _write_line(action: str, ask: OwnerAsk, owner: User) -> None:
    record(action, by=owner_alias(owner), subject=ask.camera, detail={"receipt": ask.receipt})
