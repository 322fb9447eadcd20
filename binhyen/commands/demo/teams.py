"""The demo's self-managed groups: members, a rota that is in force, patrols of the last days and one for tonight.

Imported by `seed` once Django has been set up.
"""

import uuid
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localdate, now

from binhyen.commands.demo.world import ACCOUNTS, TEAM_CAMERAS, TEAM_HOUSEHOLD, TEAMS, Team
from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.models import Unit
from binhyen.modules.cameras.models import Camera
from binhyen.modules.cameras.public import cameras_of
from binhyen.modules.groups import clusters, patrols, rotas
from binhyen.modules.groups.models import CheckIn, Group, Leave, Member, Patrol, Rota, Shift
from binhyen.modules.groups.public import add_member, add_to_cluster, found_group, members_on
from binhyen.modules.groups.rota import Limits

FOUNDED = date(2025, 9, 15)
TRAINED = date(2026, 3, 20)
WEEKS = 4
PATROLS_BEFORE = 3
ROUTE = "Chợ – cổng trường – bờ sông"
MIDDLE = (21.6340, 105.6420)


def make_teams(unit: Unit) -> None:
    """All of it, once."""
    if Group.objects.exists():
        return
    groups = [_group(unit, team) for team in TEAMS]
    for number, camera in enumerate(Camera.objects.filter(code__in=TEAM_CAMERAS).order_by("code"), 1):
        add_to_cluster(
            groups[0], source="station", camera=camera.code, code=f"T{number:02d}", added_on=FOUNDED, by=None
        )
    household = User.objects.filter(username=TEAM_HOUSEHOLD).first()
    for owned in cameras_of(household) if household else ():
        clusters.choose(owned, groups[0])
    leader = User.objects.get(username="totruong")
    rota = _rota(groups[0], leader)
    _patrols(rota, leader)


def _group(unit: Unit, team: Team) -> Group:
    group = found_group(unit, code=team.code, name=team.name, hamlet=team.hamlet, founded_on=FOUNDED, by=None)
    for number, name in enumerate(team.members, 1):
        part = {1: Member.Part.LEADER, 2: Member.Part.DEPUTY if len(team.members) > 5 else Member.Part.MEMBER}
        user = User.objects.filter(username=ACCOUNTS.get(name, "")).first()
        # tovien shows what a member sees: a deputy would lead.
        role = Member.Part.MEMBER if user and number > 1 else part.get(number, Member.Part.MEMBER)
        member = add_member(
            group, code=f"{number:02d}", name=name, joined_on=FOUNDED, part=role, user=user,
            phone=f"09000{team.code}{number:03d}", by=None,
        )  # fmt: skip
        Member.objects.filter(pk=member.pk).update(trained_on=TRAINED, training="Kỹ năng tuần tra, sơ cứu")
    for _ in range(team.cameras):
        add_to_cluster(group, source="own", added_on=FOUNDED, by=None)
    return group


def _rota(group: Group, leader: User) -> Rota:
    """Four weeks from this Monday on; somebody is away for some days of the second."""
    first = localdate() - timedelta(days=localdate().weekday())
    away = members_on(group)[3]
    Leave.objects.create(member=away, first_day=first + timedelta(8), last_day=first + timedelta(11), reason="Việc nhà")
    kinds = [
        rotas.ShiftKind("Ca tối", time(19), time(22), 2),
        rotas.ShiftKind("Ca đêm", time(22), time(1), 2, frozenset({4, 5, 6})),
    ]
    last = first + timedelta(days=7 * WEEKS - 1)
    rota = rotas.draft_rota(group, kinds, first=first, last=last, limits=Limits(10, 3), by=leader)
    return rotas.publish(rota, by=leader)


def _patrols(rota: Rota, leader: User) -> None:
    today, zone = localdate(), get_current_timezone()
    begun = [shift for shift in rota.shifts.order_by("starts_at") if shift.ends_at < now()][-PATROLS_BEFORE:]
    for shift in begun:
        _past_patrol(shift, leader)
    tonight = patrols.plan_patrol(
        rota.group, route=ROUTE, planned_at=datetime.combine(today, time(19), zone),
        members=Member.objects.filter(group=rota.group, user__isnull=False), by=leader,
    )  # fmt: skip
    Patrol.objects.filter(pk=tonight.pk).update(equipment="Đèn pin, còi")


def _past_patrol(shift: Shift, leader: User) -> None:
    patrol = patrols.patrol_of_shift(shift, route=ROUTE, by=leader)
    patrols.begin_patrol(patrol, by=leader, at=shift.starts_at)
    told = [("start", "", "", 0), ("point", "Cổng trường tiểu học", "", 45), ("point", "Bờ sông", "", 95),
            ("seen", "Cổng chợ", "Đèn đường hỏng, ngõ tối.", 120), ("end", "", "", 175)]  # fmt: skip
    member = shift.duties.select_related("member").first().member
    for step, (kind, place, text, minutes) in enumerate(told):
        at = shift.starts_at + timedelta(minutes=minutes)
        CheckIn.objects.create(
            id=uuid.uuid4(), patrol=patrol, member=member, kind=kind, place=place, text=text, at=at, earliest=at,
            latest=at, proof="measured", device_at=at, clock_offset_ms=0, received_at=shift.ends_at,
            latitude=MIDDLE[0] + step / 1000, longitude=MIDDLE[1] - step / 1000, accuracy_metres=12,
        )  # fmt: skip
    patrols.end_patrol(patrol, by=leader, at=shift.starts_at + timedelta(minutes=175))
