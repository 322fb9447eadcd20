"""Addresses that people give for e-mail and SMS: sealed, and used only once confirmed with a code.

An address with a slip in it would tell a stranger that somebody is asked for footage.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify import queue
from binhyen.kernel.notify.models import Address
from binhyen.kernel.units.authority import Refusal, Refused
from binhyen.kernel.vault import open_sealed, seal

CODE_VALID = timedelta(minutes=15)
CODE_TRIES_MAX = 5
CODES_A_DAY_MAX = 5
CODE_DIGITS = 6


def address_of(user: User, channel: str) -> Address | None:
    """What the person gave for `channel`, confirmed or not."""
    return Address.objects.filter(user=user, channel=channel).first()


def open_address(address: Address) -> str:
    """The address itself: for the person's own page and for the channel."""
    return open_sealed(bytes(address.sealed), context=_context(address)).decode()


def has_confirmed(user: User, channel: str) -> bool:
    """Whether the person can be reached on `channel`."""
    return Address.objects.filter(user=user, channel=channel, confirmed_at__isnull=False).exists()


def confirmed_address(user: User, channel: str) -> str | None:
    """Where messages go; None before it is confirmed."""
    found = address_of(user, channel)
    return open_address(found) if found is not None and found.confirmed_at is not None else None


@transaction.atomic
def give_address(
    channel: str,
    cleaned: str,
    *,
    by: User,
    at: datetime | None = None,
    random_below: Callable[[int], int] = secrets.randbelow,
) -> Address:
    """Take `cleaned` (by the channel) as the address of `by` and send a code there. Raises Refused after too many."""
    at = at or now()
    address = Address.objects.select_for_update().filter(user=by, channel=channel).first()
    address = address or Address(user=by, channel=channel)
    _count_code(address, at)
    address.sealed = seal(cleaned.encode(), context=_context(address))
    code = f"{random_below(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    address.code_sealed = seal(code.encode(), context=_context(address, "code"))
    address.confirmed_at, address.code_until, address.code_tries = None, at + CODE_VALID, 0
    address.save()
    queue.confirm_later(address.pk)
    return address


def open_code(address: Address) -> str | None:
    """The code that is waited for; None where there is none."""
    if address.code_sealed is None:
        return None
    return open_sealed(bytes(address.code_sealed), context=_context(address, "code")).decode()


def confirm_address(channel: str, code: str, *, by: User, at: datetime | None = None) -> Address:
    """Use the address from now on. Raises Refused for a wrong code, an old one, or too many tries.

    A wrong try is counted in a transaction of its own: the refusal that follows must not undo it.
    """
    at = at or now()
    with transaction.atomic():
        address = Address.objects.select_for_update().filter(user=by, channel=channel).first()
        known = open_code(address) if address is not None else None
        if address is None or known is None or address.code_until is None or address.code_until < at:
            raise Refused(Refusal("Mã xác nhận đã hết hạn.", code="code_old", remedy="Hãy nhập lại địa chỉ."))
        if address.code_tries >= CODE_TRIES_MAX:
            raise Refused(Refusal("Đã nhập sai mã quá nhiều lần.", code="code_tries", remedy="Hãy nhập lại địa chỉ."))
        is_right = hmac.compare_digest(known.encode(), code.strip().encode())
        if is_right:
            address.confirmed_at, address.code_sealed, address.code_until = at, None, None
        else:
            address.code_tries += 1
        address.save()
    if not is_right:
        raise Refused(
            Refusal(
                "Mã xác nhận chưa đúng.", code="code_wrong", remedy="Hãy xem lại tin vừa nhận rồi nhập đủ 6 chữ số."
            )
        )
    return address


def remove_address(channel: str, *, by: User) -> None:
    """Send nothing there any more, and forget it."""
    Address.objects.filter(user=by, channel=channel).delete()


def _count_code(address: Address, at: datetime) -> None:
    if address.codes_since is None or at - address.codes_since > timedelta(days=1):
        address.codes_since, address.codes_sent = at, 0
    if address.codes_sent >= CODES_A_DAY_MAX:
        sentence = f"Đã gửi {CODES_A_DAY_MAX} mã xác nhận trong 24 giờ qua."
        raise Refused(Refusal(sentence, code="code_limit", remedy="Anh/Chị hãy thử lại vào ngày mai."))
    address.codes_sent += 1


def _context(address: Address, part: str = "address") -> str:
    return f"notify.{part}:{address.user_id}:{address.channel}"
