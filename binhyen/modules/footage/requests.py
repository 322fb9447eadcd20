"""Asking for footage: the officer names an area and a window, the server finds the cameras."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, across_units, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.upkeep.erasing import add_forgetter
from binhyen.kernel.workflow.advance import advance
from binhyen.kernel.workflow.deadlines import begin
from binhyen.modules.cameras.public import (
    agreeing,
    find_households_in,
    find_public_cameras_in,
    place_hold,
    place_holds,
    release_holds,
)
from binhyen.modules.cases.public import Case, may_work_on, must_be_open, refuse
from binhyen.modules.footage.geometry import checked_area
from binhyen.modules.footage.models import Clip, FootageRequest, OwnerAsk
from binhyen.modules.footage.moments import datetime_of, instant_of
from binhyen.modules.footage.narrowing import Narrowing
from binhyen.modules.footage.notices import tell_owners
from binhyen.modules.footage.workflow import COSIGNED_WINDOW_MAX, OWNERS_ANSWER_WITHIN, WINDOW_MAX

VIEW_MARGIN_M = 40.0
"""How far outside the area a camera may stand and still have it in view."""

PURPOSE_MIN_LETTERS = 10
ANSWERS_KEPT = timedelta(days=90)
"""How long an answer that opened nothing is kept."""


class RequestRefused(ValueError):
    """A request that cannot be made as written. `field` names what is wrong; the message says what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Asked:
    """What an officer asks for. `area` is a GeoJSON polygon."""

    area: Any
    start: datetime
    end: datetime
    purpose: str
    legal_basis: str
    place: str = ""
    narrowing: Narrowing | None = None


Ask = Callable[[int], object]


@transaction.atomic
def ask_for_footage(case: Case, asked: Asked, *, by: User, later: Ask, at: datetime | None = None) -> FootageRequest:
    """A footage request of `case`. Raises Refused (who may, closed case), RequestRefused, AreaRefused.

    `later` queues `ask_owners` for the request's id. It is called for every request that opens, and nothing here
    depends on whether a household lies in the area: bytes and time must not tell.
    """
    at = at or now()
    refuse(may_work_on(authority_of(by), case))
    _check_words(asked)
    needs_cosign = _check_window(asked, at)
    area, size_m2 = checked_area(asked.area)
    request = FootageRequest(
        number=_next_number(case),
        case=case,
        area=area,
        area_m2=size_m2,
        place=asked.place.strip(),
        start=instant_of(asked.start),
        end=instant_of(asked.end),
        purpose=asked.purpose.strip(),
        legal_basis=asked.legal_basis.strip(),
        narrowing=asked.narrowing.kept_facts() if asked.narrowing else {},
        created_at=at,
        created_by=by,
    )
    begin(request, at=at, state="cosign" if needs_cosign else "")
    request.save()
    if not needs_cosign:
        _open(request, at=at, later=later)
    _write_line("footage.request.ask", request, by=by)
    return request


def _next_number(case: Case) -> str:
    """`<case>/YC<n>`; the case's row is locked, so two officers who ask at once get two numbers."""
    Case._base_manager.select_for_update().get(pk=case.pk)
    count = FootageRequest._base_manager.filter(case=case).count()
    return f"{case.number}/YC{count + 1}"


def _check_words(asked: Asked) -> None:
    if len(asked.purpose.strip()) < PURPOSE_MIN_LETTERS:
        said = asked.purpose.strip()
        raise RequestRefused(
            "purpose",
            f"Mục đích “{said}” quá ngắn. Hãy ghi rõ cần tìm gì trong hình, ít nhất {PURPOSE_MIN_LETTERS} chữ cái.",
        )
    if not asked.legal_basis.strip():
        raise RequestRefused("legal_basis", "Chưa có căn cứ pháp lý. Hãy ghi điều luật cho phép yêu cầu hình ảnh.")


def _check_window(asked: Asked, at: datetime) -> bool:
    """Whether a chief must co-sign. Raises RequestRefused."""
    length = asked.end - asked.start
    if length <= timedelta(0):
        raise RequestRefused("end", "Thời điểm kết thúc phải sau thời điểm bắt đầu. Hãy chọn lại.")
    if asked.end > at:
        raise RequestRefused("end", "Chỉ yêu cầu được hình đã ghi: thời điểm kết thúc ở tương lai. Hãy chọn lại.")
    if length > COSIGNED_WINDOW_MAX:
        hours, limit = _hours(length), _hours(COSIGNED_WINDOW_MAX)
        raise RequestRefused(
            "end", f"Khoảng {hours} giờ vượt mức tối đa {limit} giờ. Hãy thu hẹp hoặc chia thành nhiều yêu cầu."
        )
    return length > WINDOW_MAX


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.1f}".removesuffix(".0").replace(".", ",")


@transaction.atomic
def take_step(
    request: FootageRequest, step: str, *, by: User, note: str = "", later: Ask, at: datetime | None = None
) -> FootageRequest:
    """Co-sign, decline or end. Ending closes what the request opened."""
    at = at or now()
    if step == "cosign":
        refuse(must_be_open(request.case))
    moved = advance(request, step, by=by, note=note, at=at)
    if moved.state == "open":
        moved.cosigned_by = by
        moved.save(update_fields=["cosigned_by"])
        _open(moved, at=at, later=later)
    else:
        close_clips(moved, at=at)
    return moved


def _open(request: FootageRequest, *, at: datetime, later: Ask) -> None:
    """Cameras of tiers 1 and 2 at once. Nothing of a household is read before the job that `later` queues."""
    for camera in find_public_cameras_in(request.area, unit_ids=_units(request), margin_metres=VIEW_MARGIN_M):
        open_clip(request, camera.code, Clip.Source.POLICY, request.start, request.end, at=at)
    later(request.pk)


def _units(request: FootageRequest) -> list[int]:
    """Where the server looks: the case's unit and those below."""
    return list(Unit.objects.filter(path__startswith=request.unit.path).values_list("pk", flat=True))


def open_clip(request: FootageRequest, camera: str, source: str, start: int, end: int, *, at: datetime) -> Clip:
    """Open [start, end) of `camera` to those who work on the case, and keep the footage."""
    clip = Clip(request=request, camera=camera, source=source, start=start, end=end, opened_at=at)
    clip.save()
    place_hold(camera, clip.window.start, clip.window.end, reason=clip.hold_reason)
    return clip


def close_clips(request: FootageRequest, *, at: datetime) -> None:
    """Close everything that `request` opened, stop keeping it, and stop waiting for owners."""
    for clip in Clip._base_manager.filter(request=request, ended_at=None):
        close_clip(clip, at=at)
    for ask in OwnerAsk._base_manager.filter(request=request, state=OwnerAsk.State.WAITING):
        expire_ask(ask)


def close_clip(clip: Clip, *, at: datetime) -> None:
    """No look through this clip starts or goes on after this commits."""
    clip.ended_at = at
    clip.save(update_fields=["ended_at"])
    release_holds(clip.hold_reason)


def expire_ask(ask: OwnerAsk) -> None:
    """Nobody answered in time, or the request ended first."""
    ask.state = OwnerAsk.State.EXPIRED
    ask.save(update_fields=["state"])
    release_holds(ask.hold_reason)


@transaction.atomic
def ask_owners(request_id: int, *, at: datetime | None = None) -> int:
    """Ask every household whose camera may have seen the area; how many. Run in the background, once or again.

    The footage is kept while the owner thinks, or the answer could come too late for it.
    """
    at = at or now()
    with across_units():
        request = FootageRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
        if request.state != "open" or not request.case.is_open:
            return 0
        homes = find_households_in(request.area, unit_ids=_units(request), margin_metres=VIEW_MARGIN_M)
        due_at = request.due_at or at + OWNERS_ANSWER_WITHIN
        willing = agreeing([camera.code for camera in homes], request.case.purpose, request.window)
        asked = _ask(sorted(willing), request, at=at, due_at=due_at)
        tell_owners(asked, request_id=request.pk, due_at=due_at, at=at)
        return len(asked)


def _ask(codes: list[str], request: FootageRequest, *, at: datetime, due_at: datetime) -> list[str]:
    """The cameras of `codes` that were not asked for this request before: asked now, their footage kept."""
    before = set(OwnerAsk.objects.filter(request=request).values_list("camera", flat=True))
    asks = [OwnerAsk(request=request, camera=code, asked_at=at, due_at=due_at) for code in codes if code not in before]
    OwnerAsk.objects.bulk_create(asks)
    place_holds({ask.camera: ask.hold_reason for ask in asks}, request.window.start, request.window.end)
    return [ask.camera for ask in asks]


@add_forgetter
def end_due_asks(at: datetime | None = None) -> int:
    """Stop waiting for owners whose time has passed, and forget answers that opened nothing long ago."""
    at = at or now()
    with across_units(), transaction.atomic():
        late = list(OwnerAsk.objects.filter(state=OwnerAsk.State.WAITING, due_at__lt=at).select_for_update())
        for ask in late:
            expire_ask(ask)
        OwnerAsk.objects.filter(clip=None, due_at__lt=at - ANSWERS_KEPT).delete()
    return len(late)


@add_forgetter
def close_clips_of_ended_cases(at: datetime | None = None, *, grace: timedelta = timedelta(days=30)) -> int:
    """Stop keeping footage of cases that ended `grace` ago: one closed by mistake and reopened sooner loses nothing.

    Access ended with the case at once; this is about keeping alone.
    """
    at = at or now()
    with across_units(), transaction.atomic():
        ended = FootageRequest.objects.filter(case__ended_at__lt=at - grace, clips__ended_at=None, clips__isnull=False)
        requests = list(ended.distinct())
        for request in requests:
            close_clips(request, at=at)
    return len(requests)


def must_open_now(request: FootageRequest) -> Refusal | None:
    """None while both the case and the request are open."""
    refusal = must_be_open(request.case)
    if refusal or request.state == "open":
        return refusal
    return Refusal(
        f"Yêu cầu {request.number} {request.state_label.lower()}, nên không mở hình được.",
        code="request_not_open",
        remedy="Hãy lập yêu cầu mới trong một vụ việc đang mở.",
    )


def _write_line(action: str, request: FootageRequest, *, by: User | None) -> None:
    record(
        action,
        by=by,
        subject=request.number,
        unit=request.unit.code,
        case=request.case_number,
        purpose=request.purpose[:200],
        detail={
            "from": datetime_of(request.start).isoformat(),
            "to": datetime_of(request.end).isoformat(),
            "area_m2": str(request.area_m2),
        },
    )


__all__ = ["Refused", "ask_for_footage", "ask_owners"]
