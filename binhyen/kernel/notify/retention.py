"""What is personal goes when its time has passed (T07)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now

from binhyen.kernel.notify.models import Address, Device, Escalation, Message
from binhyen.kernel.upkeep.erasing import add_forgetter, erase_rows

READ_KEPT = timedelta(days=30)
UNREAD_KEPT = timedelta(days=180)
UNCONFIRMED_KEPT = timedelta(days=2)
"""Terms that a legal officer must confirm (cần pháp chế kiểm tra)."""


@add_forgetter
@transaction.atomic
def forget(at: datetime | None = None) -> int:
    """Delete messages past their term, addresses that nobody confirmed, and devices of people who left; how many
    messages. Run twice it does the same as once."""
    at = at or now()
    _, read = Message.objects.filter(read_at__lt=at - READ_KEPT).delete()
    _, unread = Message.objects.filter(read_at=None, created_at__lt=at - UNREAD_KEPT).delete()
    Escalation.objects.filter(due_at__lt=at - UNREAD_KEPT).delete()
    Address.objects.filter(confirmed_at=None, code_until__lt=at - UNCONFIRMED_KEPT).delete()
    Address.objects.filter(user__is_active=False).delete()
    Device.objects.filter(user__is_active=False).delete()
    return read.get("notify.Message", 0) + unread.get("notify.Message", 0)


# What a person took away or replaced must not come back with a backup.
erase_rows(Address)
erase_rows(Device)
