"""A published rota in which the person with the leader's role and the one with the member's role exchange turns."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils.timezone import localdate, now

from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.testing.world import SINCE
from binhyen.kernel.units.roles import Role
from binhyen.modules.groups.models import CheckIn, Duty, Group, Member, Rota, Shift, Swap
from binhyen.modules.groups.public import add_member


def _make(setting: Setting) -> dict[str, Any]:
    group, people = setting.things.rows["group"], setting.people
    Member.objects.filter(group=group).update(part=Member.Part.MEMBER)
    pair = [
        add_member(group, code=f"9{n}", name=f"Người {n}", joined_on=SINCE, part=part, user=people[role], by=None)
        for n, (role, part) in enumerate([(Role.GROUP_LEADER, "leader"), (Role.GROUP_MEMBER, "member")])
    ]
    rota = _rota(group)
    duties = [_duty(rota, member, days) for days, member in enumerate(pair, 1)]
    swap = Swap.objects.create(
        group=group, duty=duties[1], for_duty=duties[0], state="agreed", asked_at=now(),
        asked_by=people[Role.GROUP_MEMBER],
    )  # fmt: skip
    at = now()
    checkin = CheckIn.objects.create(
        id=uuid4(), patrol=setting.things.rows["patrol"], member=pair[1], kind="seen", text="Đèn hỏng", at=at,
        earliest=at, latest=at, proof="measured", device_at=at, clock_offset_ms=0, received_at=at, state="conflict",
        conflict="Gửi muộn.",
    )  # fmt: skip
    return {"duty": duties[1], "swap": swap, "checkin": checkin}


def _rota(group: Group) -> Rota:
    rules = {"rest_hours": 10, "nights_per_week": 3, "left_out": []}
    first = localdate() + timedelta(days=1)
    last = first + timedelta(days=6)
    return Rota.objects.create(group=group, first_day=first, last_day=last, state="published", rules=rules)


def _duty(rota: Rota, member: Member, days: int) -> Duty:
    starts_at = now() + timedelta(days=days)
    shift = Shift.objects.create(
        rota=rota, name="Ca tối", starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), needs=1
    )
    return Duty.objects.create(shift=shift, member=member, day=localdate(starts_at))


EXAMPLES = Examples(
    make=_make,
    by_route={
        ("rota-draft", "pk"): lambda things: things.rows["group"].pk,
        ("rota", "pk"): lambda things: things.duty.shift.rota_id,
        ("rota-step", "pk"): lambda things: things.duty.shift.rota_id,
        ("swap-ask", "pk"): lambda things: things.duty.pk,
        ("swap-step", "pk"): lambda things: things.swap.pk,
        ("shift-patrol", "pk"): lambda things: things.duty.shift_id,
        ("checkin-decide", "pk"): lambda things: things.checkin.pk,
        ("checkin-hand-over", "pk"): lambda things: things.checkin.pk,
    },
    forms={
        "rota-step": {"withdraw": lambda things: {"buoc": "withdraw", "ghi_chu": "Lập lại"}},
        "swap-step": {"approve": lambda things: {"buoc": "approve"}},
        "patrol-step": {"start": lambda things: {"buoc": "start"}},
        "checkin-decide": {"take": lambda things: {"vao_so": "1"}},
    },
)
