"""What is done with rotas: worked out, published, exchanged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import get_current_timezone, localtime, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, authority_of
from binhyen.kernel.workflow.advance import advance
from binhyen.kernel.workflow.deadlines import begin
from binhyen.modules.groups import notices, rules
from binhyen.modules.groups.models import Duty, Group, Leave, Member, Rota, Shift, Swap
from binhyen.modules.groups.queries import members_on
from binhyen.modules.groups.rota import Limits, Person, Plan, Turn, arrange, is_night
from binhyen.modules.groups.rota.board import Board

DAYS_MAX = 62
"""A rota reaches two months at most: leave is not known for longer."""


@dataclass(frozen=True)
class ShiftKind:
    """A shift that comes again: on `weekdays` (0 is Monday) from `start` to `end`, over midnight where `end` is not
    after `start`."""

    name: str
    start: time
    end: time
    needs: int
    weekdays: frozenset[int] = frozenset(range(7))

    def on(self, day: date) -> tuple[datetime, datetime]:
        """When it is on `day`, local and without a zone."""
        start = datetime.combine(day, self.start)
        end = datetime.combine(day if self.end > self.start else day + timedelta(days=1), self.end)
        return start, end


def turns_of(kinds: Sequence[ShiftKind], first: date, last: date) -> list[Turn]:
    """The turns of a period."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    planned = [(kind, *kind.on(day)) for day in days for kind in kinds if day.weekday() in kind.weekdays]
    return [
        Turn(key, kind.name, start, end, kind.needs, is_night(start, end))
        for key, (kind, start, end) in enumerate(planned)
    ]


def people_for(members: Sequence[Member], first: date, last: date) -> list[Person]:
    """The members with the days on which they do not come: leave, and days before joining or after leaving."""
    leaves: dict[int, list[tuple[date, date]]] = {}
    # A night shift of the last day ends on the next one.
    for leave in Leave.objects.filter(member__in=members, first_day__lte=last + timedelta(1), last_day__gte=first):
        leaves.setdefault(leave.member_id, []).append((leave.first_day, leave.last_day))
    return [Person(member.pk, member.name, (*leaves.get(member.pk, []), *_outside(member))) for member in members]


def _outside(member: Member) -> list[tuple[date, date]]:
    before = [(date.min, member.joined_on - timedelta(1))] if member.joined_on > date.min else []
    return before + ([(member.left_on, date.max)] if member.left_on else [])


@transaction.atomic
def draft_rota(
    group: Group, kinds: Sequence[ShiftKind], *, first: date, last: date, limits: Limits, without: Collection[int] = (),
    by: User,
) -> Rota:  # fmt: skip
    """Work a rota out for the members who are not in `without` (their keys). Raises Refused, or NoRota with why."""
    _refuse(rules.may_arrange(authority_of(by), group))
    members = [member for member in members_on(group, first) if member.pk not in without]
    turns = turns_of(kinds, first, last)
    plan = arrange(turns, people_for(members, first, last), limits)
    names = [member.name for member in members_on(group, first) if member.pk in without]
    left_out = [person.name for person in plan.left_out] + names
    said = {"rest_hours": limits.rest_hours, "nights_per_week": limits.nights_per_week, "left_out": left_out}
    rota = Rota(group=group, first_day=first, last_day=last, rules=said, made_by=by)
    begin(rota, at=now())
    rota.save()
    _write(rota, turns, plan)
    record("groups.rota.draft", by=by, subject=str(rota), unit=rota.unit.code)
    return rota


def _write(rota: Rota, turns: Sequence[Turn], plan: Plan) -> None:
    zone = get_current_timezone()
    shifts = {
        turn.key: Shift(
            rota=rota, name=turn.name, starts_at=turn.start.replace(tzinfo=zone), ends_at=turn.end.replace(tzinfo=zone),
            is_night=turn.is_night, needs=turn.needs,
        )
        for turn in turns
    }  # fmt: skip
    Shift.objects.bulk_create(shifts.values())
    days = {turn.key: turn.start.date() for turn in turns}
    Duty.objects.bulk_create(
        Duty(shift=shifts[turn], member_id=person, day=days[turn]) for turn, person in sorted(plan.duties)
    )


@transaction.atomic
def publish(rota: Rota, *, by: User) -> Rota:
    """Make it the group's rota and tell everyone of their turns. Refused where another published one overlaps."""
    Group._base_manager.select_for_update().get(pk=rota.group_id)
    other = (
        Rota.objects.filter(group=rota.group, state="published")
        .filter(first_day__lte=rota.last_day, last_day__gte=rota.first_day)
        .first()
    )
    if other is not None and rota.state == "draft":
        raise Refused(
            Refusal(
                f"Kỳ này trùng với lịch đã công bố từ {other.first_day:%d/%m/%Y} đến {other.last_day:%d/%m/%Y}.",
                code="rota_overlaps",
                remedy="Hãy thu hồi lịch cũ trước, hoặc lập lịch cho kỳ khác.",
            )
        )
    moved = advance(rota, "publish", by=by)
    notices.tell_of_rota(moved, duties_by_member(moved))
    return moved


@transaction.atomic
def withdraw(rota: Rota, *, by: User, note: str) -> Rota:
    """Take it back; who had turns is told."""
    was_published = rota.state == "published"
    moved = advance(rota, "withdraw", by=by, note=note)
    if was_published:
        notices.tell_of_withdrawal(moved, duties_by_member(moved), note)
    return moved


def duties_by_member(rota: Rota) -> dict[Member, list[Duty]]:
    """The turns of each member who has some, in order."""
    found: dict[Member, list[Duty]] = {}
    duties = Duty.objects.filter(shift__rota=rota).select_related("member__user", "shift")
    for duty in duties.order_by("shift__starts_at", "pk"):
        found.setdefault(duty.member, []).append(duty)
    return found


# --- exchanging ------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_swap(duty: Duty, for_duty: Duty, *, by: User, reason: str = "", at: datetime | None = None) -> Swap:
    """Ask to exchange two turns of one published rota; the other member answers. Raises Refused."""
    at = at or now()
    rota = duty.shift.rota
    authority = authority_of(by)
    if duty.member.user_id != by.pk and rules.may_arrange(authority, rota.group) is not None:
        _refuse(Refusal("Chỉ người có lượt trực, hoặc tổ trưởng, đề nghị đổi được.", code="not_own_duty"))
    _refuse(_cannot_swap(duty, for_duty, at))
    if Swap.objects.filter(duty=duty, state__in=["asked", "agreed"]).exists():
        _refuse(Refusal("Lượt trực này đang có một đề nghị đổi.", code="swap_open", remedy="Hãy rút lại đề nghị cũ."))
    swap = Swap(group=rota.group, duty=duty, for_duty=for_duty, reason=reason.strip(), asked_at=at, asked_by=by)
    begin(swap, at=at)
    swap.save()
    record("groups.swap.ask", by=by, subject=str(swap), unit=swap.unit.code)
    notices.tell_of_swap(swap)
    return swap


def _cannot_swap(duty: Duty, for_duty: Duty, at: datetime) -> Refusal | None:
    rota = duty.shift.rota
    if rota.state != "published" or for_duty.shift.rota_id != rota.pk or duty.member_id == for_duty.member_id:
        return Refusal("Chỉ đổi được hai lượt trực của hai người trong cùng một lịch đã công bố.", code="swap_apart")
    if duty.shift_id == for_duty.shift_id:
        return Refusal("Hai người đang trực cùng một ca nên không có gì để đổi.", code="swap_same")
    for each in (duty, for_duty):
        if each.shift.starts_at <= at:
            return Refusal(f"Ca {each.shift} đã bắt đầu nên không đổi được.", code="swap_late")
    seats = _Seats(rota, [duty.member, for_duty.member])
    for receiver, taken, given in ((for_duty.member, duty, for_duty), (duty.member, for_duty, duty)):
        if not seats.may_take(receiver, taken, given):
            words = f"{receiver.name} không nhận được ca {taken.shift}: trùng ngày nghỉ, thiếu giờ nghỉ giữa hai ca "
            words += "hoặc quá số đêm trong tuần."
            return Refusal(words, code="swap_breaks_rules", remedy="Hãy chọn lượt trực khác để đổi.")
    return None


class _Seats:
    """A published rota on the engine's board, for asking who may take what."""

    def __init__(self, rota: Rota, members: Sequence[Member]) -> None:
        shifts = list(rota.shifts.all())
        turns = [
            Turn(each.pk, each.name, _naive(each.starts_at), _naive(each.ends_at), each.needs, each.is_night)
            for each in shifts
        ]
        limits = Limits(float(rota.rules["rest_hours"]), int(rota.rules["nights_per_week"]))
        self.turn = {each.pk: place for place, each in enumerate(shifts)}
        self.seat = {member.pk: place for place, member in enumerate(members)}
        self.board = Board(turns, people_for(members, rota.first_day, rota.last_day), limits)
        held = Duty.objects.filter(shift__rota=rota, member__in=self.seat)
        for member, shift in held.values_list("member_id", "shift_id"):
            self.board.give(self.seat[member], self.turn[shift])

    def may_take(self, member: Member, taken: Duty, given: Duty) -> bool:
        """Whether the member may take a turn once another is given away."""
        return self.board.fits(self.seat[member.pk], self.turn[taken.shift_id], self.turn[given.shift_id])


def exchangeable(duty: Duty, at: datetime) -> list[Duty]:
    """The turns of others for which this one could be exchanged now, with leave, rest and nights kept on both sides."""
    rota = duty.shift.rota
    others = Duty.objects.filter(shift__rota=rota, shift__starts_at__gt=at).exclude(shift=duty.shift_id)
    others = list(others.exclude(member=duty.member_id).select_related("member", "shift").order_by("shift__starts_at"))
    members = list({each.member_id: each.member for each in others}.values())
    seats = _Seats(rota, [duty.member, *members])
    return [
        each for each in others if seats.may_take(each.member, duty, each) and seats.may_take(duty.member, each, duty)
    ]


def _naive(at: datetime) -> datetime:
    return localtime(at).replace(tzinfo=None)


@transaction.atomic
def answer_swap(swap: Swap, step: str, *, by: User, note: str = "", at: datetime | None = None) -> Swap:
    """Take a step; approving exchanges the two members, where the rules still allow it."""
    at = at or now()
    moved = advance(swap, step, by=by, note=note, at=at)
    if moved.state == "approved":
        _exchange(moved, at)
    notices.tell_of_answer(moved, by=by)
    return moved


def _exchange(swap: Swap, at: datetime) -> None:
    locked = Duty.objects.select_for_update(of=("self",)).select_related("shift__rota", "member")
    duty, for_duty = locked.get(pk=swap.duty_id), locked.get(pk=swap.for_duty_id)
    _refuse(_cannot_swap(duty, for_duty, at))
    first, second = duty.member, for_duty.member
    Duty.objects.filter(pk=duty.pk).update(member=second)
    Duty.objects.filter(pk=for_duty.pk).update(member=first)


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal)


def fairness(rota: Rota) -> dict[str, Any]:
    """What the page says of a rota: for each member turns and nights, and how far they lie apart."""
    rows = [
        {"member": member, "turns": len(duties), "nights": sum(duty.shift.is_night for duty in duties),
         "served": sum(duty.served for duty in duties)}
        for member, duties in duties_by_member(rota).items()
    ]  # fmt: skip
    rows.sort(key=lambda row: row["member"].name_order)
    turns, nights = [row["turns"] for row in rows] or [0], [row["nights"] for row in rows] or [0]
    return {"rows": rows, "turns_apart": max(turns) - min(turns), "nights_apart": max(nights) - min(nights)}
