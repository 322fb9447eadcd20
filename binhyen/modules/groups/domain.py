"""What is done with groups, their members and their cameras."""

from datetime import date

from django.db import transaction
from django.utils.timezone import localdate

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.history import acting
from binhyen.kernel.units.models import Unit
from binhyen.kernel.upkeep.erasing import erase_rows
from binhyen.kernel.vault import open_sealed, pseudonym, seal
from binhyen.modules.groups.models import ClusterCamera, Group, Member, MemberPhone


@transaction.atomic
def found_group(
    unit: Unit, *, code: str, name: str, hamlet: str, founded_on: date, kind: str = Group.Kind.SELF_MANAGED,
    by: User | None,
) -> Group:  # fmt: skip
    """A new group of `unit`."""
    group = Group(unit=unit, code=code, name=name, hamlet=hamlet, founded_on=founded_on, kind=kind)
    with acting(by):
        group.save()
    record("groups.group.create", by=by, subject=str(group), unit=unit.code)
    return group


@transaction.atomic
def add_member(
    group: Group, *, code: str, name: str, joined_on: date, part: str = Member.Part.MEMBER,
    user: User | None = None, phone: str = "", by: User | None,
) -> Member:  # fmt: skip
    """Somebody joins `group`; a telephone number is sealed."""
    member = Member(group=group, code=code, name=name, joined_on=joined_on, part=part, user=user)
    with acting(by):
        member.save()
        if phone:
            write_phone(member, phone, by=by)
    record("groups.member.create", by=by, subject=str(member), unit=group.unit.code)
    return member


def write_phone(member: Member, phone: str, *, by: User | None) -> None:
    """Seal the number; the log says that it was written, never what."""
    MemberPhone.objects.filter(member=member).delete()
    if phone.strip():
        sealed = seal(phone.strip().encode(), context=_phone_context(member))
        MemberPhone.objects.create(member=member, sealed=sealed)
    record("groups.phone.write", by=by, subject=str(member), unit=member.unit.code)


def read_phone(member: Member, *, by: User) -> str:
    """The number, with a line in the log that `by` looked; empty where there is none."""
    record("groups.phone.look", by=by, subject=str(member), unit=member.unit.code)
    kept = MemberPhone.objects.filter(member=member).first()
    return open_sealed(bytes(kept.sealed), context=_phone_context(member)).decode() if kept else ""


def _phone_context(member: Member) -> str:
    return f"groups.member.phone:{member.pk}"


@transaction.atomic
def add_to_cluster(
    group: Group, *, source: str, code: str = "", camera: str = "", added_on: date | None = None, by: User | None
) -> ClusterCamera:
    """Count a camera for `group`. `camera` is the code of a station's or a household's camera; the household's is kept
    as a pseudonym. `by` None for a household's: the log must not say whose it is."""
    row = ClusterCamera(group=group, source=source, code=code or _next_code(group), added_on=added_on or localdate())
    if source == ClusterCamera.Source.STATION:
        related = ClusterCamera._meta.get_field("camera").related_model
        row.camera = related._default_manager.get(code=camera, unit=group.unit)  # type: ignore[union-attr]  # a model
    elif source == ClusterCamera.Source.HOUSEHOLD:
        row.camera_key = household_key(camera)
    with acting(by):
        row.save()
    record("groups.clustercamera.create", by=by, subject=f"{row} · {group}", unit=group.unit.code)
    return row


def household_key(code: str) -> str:
    """What stands for a household's camera in a cluster."""
    return pseudonym(code, purpose="groups.cluster")


def _next_code(group: Group) -> str:
    group = Group._base_manager.select_for_update().get(pk=group.pk)
    taken = set(ClusterCamera._base_manager.filter(group=group).values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := f"C{n:02d}") not in taken)


erase_rows(MemberPhone)
