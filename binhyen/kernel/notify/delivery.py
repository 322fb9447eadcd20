"""Carrying one delivery over its channel, once.

The row says “sending” before anything leaves. A worker that dies meanwhile leaves it so, and the next try knows that
the other side may have taken the message: channels that hide repetitions try again freely, others exactly once more,
with the same reference, so that a person gets at most one duplicate.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.channel import Channel, Parcel, TryLater, Undeliverable
from binhyen.kernel.notify.channels import channels
from binhyen.kernel.notify.choices import channels_for
from binhyen.kernel.notify.content import Content, open_content
from binhyen.kernel.notify.links import SETTINGS_PAGE, absolute, message_path, switch_off_path
from binhyen.kernel.notify.models import Delivery
from binhyen.kernel.notify.topics import Topic, find_topic

log = logging.getLogger(__name__)

REPEATS_MAX = 1
REPEATS_HIDDEN_MAX = 5


@transaction.atomic
def _claim(delivery_id: int, at: datetime) -> Delivery | None:
    """The delivery, marked as being sent; None where nothing is to be done (any more)."""
    found = Delivery.objects.select_for_update(of=("self",)).select_related("message").filter(pk=delivery_id).first()
    if found is None or found.state not in (Delivery.State.WAITING, Delivery.State.SENDING):
        return None
    channel = channels().get(found.channel)
    if channel is None:
        _end(found, Delivery.State.DROPPED, at, "channel-gone")
    elif found.state == Delivery.State.SENDING:
        _count_interruption(found, channel, at)
    elif found.message.read_at is not None:
        _end(found, Delivery.State.DROPPED, at, "already-read")
    else:
        found.state = Delivery.State.SENDING
        found.save(update_fields=["state"])
    return found if found.state == Delivery.State.SENDING else None


def _count_interruption(delivery: Delivery, channel: Channel, at: datetime) -> None:
    """The try before this one was cut off: whether the message arrived is not known."""
    delivery.interrupted += 1
    delivery.save(update_fields=["interrupted"])
    if delivery.interrupted > (REPEATS_HIDDEN_MAX if channel.hides_repeats else REPEATS_MAX):
        _fail(delivery, "interrupted", at)


def deliver(delivery_id: int, *, is_last_try: bool, at: datetime | None = None) -> str:
    """Carry the delivery and say how it stands. Raises TryLater where another try makes sense."""
    at = at or now()
    delivery = _claim(delivery_id, at)
    if delivery is None:
        return "nothing-to-do"
    content, topic, channel = open_content(delivery.message), find_topic(delivery.message.topic), None
    user = User.objects.filter(pk=content.recipient, is_active=True).first()
    if user is not None and topic is not None:
        channel = next((each for each in channels_for(user, topic) if each.code == delivery.channel), None)
    if user is None or topic is None or channel is None:
        _end(delivery, Delivery.State.DROPPED, at, "not-wanted")  # switched off, address or account gone meanwhile
        return delivery.state
    _carry(delivery, channel, user, parcel_for(delivery, content, topic, user), is_last_try=is_last_try, at=at)
    return delivery.state


def _carry(
    delivery: Delivery, channel: Channel, user: User, parcel: Parcel, *, is_last_try: bool, at: datetime
) -> None:
    try:
        channel.deliver(parcel, user)
    except Undeliverable as error:
        _fail(delivery, str(error), at)
    except TryLater as error:
        if is_last_try:
            _fail(delivery, str(error), at)
            return
        delivery.state = Delivery.State.WAITING  # the other side said no: nothing left the station
        delivery.save(update_fields=["state"])
        raise
    else:
        _end(delivery, Delivery.State.SENT, at)


def parcel_for(delivery: Delivery, content: Content, topic: Topic, user: User) -> Parcel:
    """What leaves the station of a message: never its body."""
    switch_off = absolute(switch_off_path(user, topic, delivery.channel)) if topic.may_switch_off else ""
    return Parcel(
        reference=f"{delivery.message_id.hex}",
        subject=content.subject,
        lines=content.lines,
        link=absolute(message_path(delivery.message_id)),
        reason=topic.reason_sentence,
        settings_link=absolute(SETTINGS_PAGE),
        switch_off=switch_off,
        why_not=topic.why_not,
        is_urgent=topic.is_urgent,
    )


def _fail(delivery: Delivery, problem: str, at: datetime) -> None:
    _end(delivery, Delivery.State.FAILED, at, problem)
    log.warning("Không gửi được tin %s qua %s: %s.", delivery.pk, delivery.channel, problem)


def _end(delivery: Delivery, state: Delivery.State, at: datetime, problem: str = "") -> None:
    delivery.state, delivery.ended_at, delivery.problem = state, at, problem[:80]
    delivery.save(update_fields=["state", "ended_at", "problem"])
