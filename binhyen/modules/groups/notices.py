"""What people of a group are told: their turns, exchanges, check-ins that a person must look at."""

from collections.abc import Mapping, Sequence

from django.utils.timezone import localtime

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.roles import GROUP_ROLES
from binhyen.modules.groups.models import Duty, Group, Member, Patrol, Rota, Swap

ROTA_PUBLISHED = add_topic(
    Topic(
        "groups.rota",
        "Lịch trực của tổ",
        "vì anh/chị có tên trong lịch trực của tổ tự quản",
        channels=("inapp", "sms", "webpush"),
        roles=GROUP_ROLES,
    )
)
SWAP_MOVED = add_topic(
    Topic(
        "groups.swap",
        "Đổi ca trực",
        "vì anh/chị có liên quan đến một đề nghị đổi ca trực của tổ",
        channels=("inapp", "webpush"),
        roles=GROUP_ROLES,
    )
)
CHECKIN_CONFLICT = add_topic(
    Topic(
        "groups.checkin-conflict",
        "Điểm danh tuần tra cần xem",
        "vì anh/chị phụ trách tổ và có điểm danh gửi muộn không khớp với sổ",
        channels=("inapp",),
        roles=GROUP_ROLES,
    )
)
SHIFTS_NAMED = 6


def tell_of_rota(rota: Rota, duties: Mapping[Member, Sequence[Duty]]) -> int:
    """Each member with an account of the own turns; how many were told."""
    told = 0
    for member, own in duties.items():
        if member.user is not None:
            subject = f"Lịch trực mới: anh/chị có {len(own)} ca"
            lines = tuple(_when(duty) for duty in own[:SHIFTS_NAMED])
            rest = f" và {len(own) - SHIFTS_NAMED} ca nữa" if len(own) > SHIFTS_NAMED else ""
            body = f"{rota}. Ca của anh/chị: {'; '.join(lines)}{rest}."
            told += len(
                send(ROTA_PUBLISHED, to=member.user, subject=subject, body=body, url=rota.get_absolute_url(),
                     dedupe_key=f"rota:{rota.pk}")
            )  # fmt: skip
    return told


def tell_of_withdrawal(rota: Rota, duties: Mapping[Member, Sequence[Duty]], note: str) -> None:
    """Everyone who had a turn."""
    people = [member.user for member in duties if member.user is not None]
    send(ROTA_PUBLISHED, to=people, subject="Lịch trực đã được thu hồi", body=f"{rota}. Lý do: {note}",
         url=rota.get_absolute_url(), dedupe_key=f"rota:{rota.pk}:withdrawn")  # fmt: skip


def tell_of_swap(swap: Swap) -> None:
    """The member who is asked; who leads, where that one has no account."""
    asked = swap.for_duty.member
    body = f"{swap.duty.member.name} xin đổi {_when(swap.duty)} lấy {_when(swap.for_duty)} của {asked.name}."
    people = [asked.user] if asked.user is not None else leaders_of(swap.group)
    send(SWAP_MOVED, to=people, subject="Có người xin đổi ca trực với anh/chị", body=body, url=swap.get_absolute_url())


def tell_of_answer(swap: Swap, *, by: User) -> None:
    """Both members of what was decided; who leads, of what waits for them."""
    people = [duty.member.user for duty in (swap.duty, swap.for_duty) if duty.member.user is not None]
    if swap.state == "agreed":
        people = leaders_of(swap.group)
    body = f"{_when(swap.duty)} ↔ {_when(swap.for_duty)}: {swap.state_label.lower()}."
    others = [person for person in people if person.pk != by.pk]
    send(SWAP_MOVED, to=others, subject=f"Đổi ca trực: {swap.state_label.lower()}", body=body,
         url=swap.get_absolute_url())  # fmt: skip


def tell_of_conflict(patrol: Patrol, sentence: str) -> None:
    """Who leads the group: a check-in that came late does not fit the log."""
    send(CHECKIN_CONFLICT, to=leaders_of(patrol.group), subject="Có điểm danh gửi muộn cần anh/chị xem",
         body=f"{patrol}. {sentence}", url=patrol.get_absolute_url(),
         dedupe_key=f"patrol:{patrol.pk}:conflict")  # fmt: skip


def leaders_of(group: Group) -> list[User]:
    """Accounts of the group's leader and deputies."""
    leading = Member.serving_on().filter(group=group, part__in=Member.LEADING, user__isnull=False)
    return [member.user for member in leading.select_related("user") if member.user is not None]


def _when(duty: Duty) -> str:
    return f"{duty.shift.name.lower()} {localtime(duty.shift.starts_at):%H:%M ngày %d/%m}"
