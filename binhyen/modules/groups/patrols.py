"""What is done with patrols: who goes, begin, end, conflicts decided, what was seen handed to a case."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, authority_of
from binhyen.kernel.workflow.advance import advance
from binhyen.kernel.workflow.deadlines import begin
from binhyen.modules.cases.public import Case, add_note
from binhyen.modules.groups import rules
from binhyen.modules.groups.models import CheckIn, Duty, Group, Member, Patrol, PatrolMember, Shift


@transaction.atomic
def plan_patrol(
    group: Group, *, route: str, planned_at: datetime, members: Collection[Member], shift: Shift | None = None, by: User
) -> Patrol:
    """A patrol of `group` with those who go."""
    _refuse(rules.may_arrange(authority_of(by), group))
    patrol = Patrol(group=group, route=route, planned_at=planned_at, shift=shift)
    begin(patrol, at=now())
    patrol.save()
    PatrolMember.objects.bulk_create(PatrolMember(patrol=patrol, member=member) for member in members)
    record("groups.patrol.create", by=by, subject=str(patrol), unit=patrol.unit.code)
    return patrol


def patrol_of_shift(shift: Shift, *, route: str, by: User) -> Patrol:
    """The patrol of a shift with whoever has duty on it."""
    members = [duty.member for duty in shift.duties.select_related("member")]
    group = shift.rota.group
    return plan_patrol(group, route=route, planned_at=shift.starts_at, members=members, shift=shift, by=by)


@transaction.atomic
def set_people(patrol: Patrol, members: Collection[Member], *, by: User, at: datetime | None = None) -> None:
    """These go from now on; who no longer does stays in the log with the time of leaving."""
    _refuse(rules.may_arrange(authority_of(by), patrol.group))
    at = at or now()
    wanted = {member.pk for member in members}
    if not wanted:
        _refuse(Refusal("Chuyến tuần tra cần ít nhất một người.", code="nobody_goes", remedy="Hãy chọn người đi."))
    known = {going.member_id: going for going in PatrolMember.objects.select_for_update().filter(patrol=patrol)}
    for pk, going in known.items():
        if (going.left_at is None) != (pk in wanted):
            going.left_at = None if pk in wanted else at
            going.save(update_fields=["left_at"])
    PatrolMember.objects.bulk_create(
        PatrolMember(patrol=patrol, member=member) for member in members if member.pk not in known
    )
    record("groups.patrol.people", by=by, subject=str(patrol), unit=patrol.unit.code)


def begin_patrol(patrol: Patrol, *, by: User, at: datetime) -> None:
    """It sets out at `at`."""
    advance(patrol, "start", by=by)
    patrol.started_at = at
    patrol.save(update_fields=["started_at"])


def end_patrol(patrol: Patrol, *, by: User, at: datetime) -> None:
    """It is back at `at`; the turns of those who went have been served."""
    advance(patrol, "end", by=by)
    patrol.ended_at, patrol.ended_on = at, localtime(at).date()
    patrol.save(update_fields=["ended_at", "ended_on"])
    if patrol.shift_id is not None:
        going = patrol.people.filter(left_at=None).values("member")
        Duty.objects.filter(shift=patrol.shift_id, member__in=going).update(served=True)


@transaction.atomic
def take_step(patrol: Patrol, step: str, *, by: User, note: str = "", at: datetime | None = None) -> Patrol:
    """A step from a page that is online; begin and end take the station's time."""
    at = at or now()
    if step in ("start", "end"):
        (begin_patrol if step == "start" else end_patrol)(patrol, by=by, at=at)
    else:
        advance(patrol, step, by=by, note=note, at=at)
    return patrol


@transaction.atomic
def decide(checkin: CheckIn, *, take: bool, note: str = "", by: User, at: datetime | None = None) -> CheckIn:
    """Take a conflicting check-in into the log or keep it beside; it is never deleted."""
    _refuse(rules.may_arrange(authority_of(by), checkin.patrol.group))
    locked = CheckIn.objects.select_for_update().get(pk=checkin.pk)
    if locked.state != CheckIn.State.CONFLICT:
        _refuse(Refusal("Điểm danh này đã có người xem.", code="decided", remedy="Hãy tải lại trang."))
    locked.state = CheckIn.State.TAKEN if take else CheckIn.State.KEPT_OUT
    locked.decided_by, locked.decided_at, locked.decision_note = by, at or now(), note.strip()
    locked.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    record("groups.checkin.decide", by=by, subject=str(locked.patrol), unit=locked.patrol.unit.code,
           detail={"state": locked.state})  # fmt: skip
    return locked


@transaction.atomic
def hand_over(checkin: CheckIn, case: Case, *, by: User) -> CheckIn:
    """Write what a patrol saw into a case, as a note; `by` must work on the case. Raises Refused."""
    locked = CheckIn.objects.select_for_update(of=("self",)).select_related("patrol__group__unit").get(pk=checkin.pk)
    if locked.case_id is not None:
        _refuse(Refusal("Phát hiện này đã được chuyển vào một vụ việc.", code="handed_over"))
    if locked.state != CheckIn.State.TAKEN or not locked.text:
        _refuse(Refusal("Chỉ chuyển được phát hiện đã vào sổ và có nội dung.", code="not_in_log"))
    place = f" tại {locked.place}" if locked.place else ""
    when = f"{localtime(locked.at):%H:%M ngày %d/%m/%Y} ({locked.get_proof_display().lower()})"
    add_note(case, f"{locked.patrol.group.name} phát hiện{place} lúc {when}: {locked.text}", by=by)
    locked.case = case
    locked.save(update_fields=["case"])
    record("groups.checkin.hand-over", by=by, subject=str(locked.patrol), unit=locked.patrol.unit.code,
           case=case.number)  # fmt: skip
    return locked


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal)


__all__ = ["begin_patrol", "decide", "end_patrol", "hand_over", "patrol_of_shift", "plan_patrol", "set_people",
           "take_step"]  # fmt: skip
