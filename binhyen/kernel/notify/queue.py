"""Queueing in the caller's transaction, by the names of the jobs: what queues a job need not import its work."""

from datetime import datetime

from django.utils.timezone import now
from procrastinate.contrib.django import app

QUEUE = "notify"
DELIVER, GATHER, CLIMB = "notify.deliver", "notify.gather", "notify.climb"
AFTER_OTHERS = -1  # a mail server that does not answer takes 20 s a try: other work goes first
CONFIRM, TRY_DEVICE = "notify.confirm", "notify.try_device"


def deliver_later(delivery_id: int, due_at: datetime) -> None:
    """Queue one delivery; two tries of one delivery never run at once."""
    _defer(DELIVER, due_at, lock=f"notify:delivery:{delivery_id}", priority=AFTER_OTHERS, delivery_id=delivery_id)


def gather_later(recipient_key: str, channel: str, due_at: datetime) -> None:
    """Queue the making of a person's digest. Without a lock of the queue: one that is due next week would keep its
    place before one that is due tomorrow."""
    _defer(GATHER, due_at, recipient_key=recipient_key, channel=channel)


def climb_later(escalation_id: int, due_at: datetime) -> None:
    """Queue the look whether somebody has read."""
    _defer(CLIMB, due_at, escalation_id=escalation_id)


def confirm_later(address_id: int) -> None:
    """Queue the code for an address."""
    _defer(CONFIRM, None, address_id=address_id)


def try_device_later(device_id: int) -> None:
    """Queue a trial message to one device."""
    _defer(TRY_DEVICE, None, device_id=device_id)


def _defer(
    task: str, due_at: datetime | None, *, lock: str | None = None, priority: int = 0, **arguments: str | int
) -> None:
    schedule_at = due_at if due_at is not None and due_at > now() else None
    app.configure_task(task, queue=QUEUE, lock=lock, priority=priority, schedule_at=schedule_at).defer(**arguments)
