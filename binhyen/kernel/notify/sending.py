"""Sending a message: one row a recipient, one delivery a channel, jobs in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify import queue
from binhyen.kernel.notify.channel import Channel
from binhyen.kernel.notify.choices import after_quiet_hours, channels_for, choice_of, next_digest, preferences_of
from binhyen.kernel.notify.content import Content, dedupe_pseudonym, recipient_key, seal_content
from binhyen.kernel.notify.ladder import Rung, start_ladder
from binhyen.kernel.notify.models import Delivery, Message, Preferences, TopicChoice
from binhyen.kernel.notify.recipients import Recipients, RolesIn, find_people
from binhyen.kernel.notify.topics import Topic


@transaction.atomic
def send(
    topic: Topic,
    *,
    to: Recipients,
    subject: str,
    url: str,
    body: str = "",
    dedupe_key: str = "",
    at: datetime | None = None,
    ladder: Sequence[Rung] = (),
    lines: tuple[str, ...] = (),
) -> list[Message]:
    """Tell the people of `to`; the messages that are new.

    `subject` and `lines` may leave the station, so they name nobody; `body` is shown after signing in only. `url` is
    a path of ours. The same `dedupe_key` tells a person once. `at` may lie ahead. `ladder` says who is told next where
    nobody has read in time. Everything happens in the caller's transaction: what is rolled back tells nobody. Raises
    ValueError for a subject or a url that cannot be sent.
    """
    at = at or now()
    group = uuid4()
    people = [(user, Content(user.pk, subject, body, url, lines)) for user in find_people(to)]
    made = [
        message
        for user, content in people
        if (message := _write(topic, user, content, group=group, dedupe_key=dedupe_key, at=at)) is not None
    ]
    if made and ladder:
        start_ladder(group, ladder, at=at)
    return made


def _write(topic: Topic, user: User, content: Content, *, group: UUID, dedupe_key: str, at: datetime) -> Message | None:
    choice = choice_of(user, topic)
    chosen = channels_for(user, topic, choice)
    if not chosen:
        return None
    fields = {"recipient_key": recipient_key(user), "topic": topic.code}
    stored_key, identity = dedupe_pseudonym(topic.code, dedupe_key), uuid4()
    rest = {
        "id": identity,
        "group": group,
        "sealed": seal_content(content, identity),
        "created_at": min(at, now()),
        "shown_from": at if any(channel.is_inside for channel in chosen) else None,
    }
    if stored_key:
        message, is_new = Message.objects.get_or_create(**fields, dedupe_key=stored_key, defaults=rest)
        if not is_new:
            return None
    else:
        message = Message.objects.create(**fields, **rest)
    preferences = preferences_of(user)
    for channel in chosen:
        _begin_delivery(message, channel, topic, choice, preferences, at)
    return message


def _begin_delivery(
    message: Message, channel: Channel, topic: Topic, choice: TopicChoice, preferences: Preferences, at: datetime
) -> None:
    state, due_at, ended_at = Delivery.State.WAITING, at, None
    if channel.is_inside:
        state, ended_at = Delivery.State.SENT, at
    elif choice.pace != TopicChoice.Pace.INSTANT and not topic.is_urgent:
        state, due_at = Delivery.State.GATHERED, next_digest(preferences, choice.pace, at)
    elif not topic.is_urgent:
        due_at = after_quiet_hours(preferences, at)
    delivery = Delivery.objects.create(
        message=message, channel=channel.code, state=state, due_at=due_at, ended_at=ended_at
    )
    if state == Delivery.State.WAITING:
        queue.deliver_later(delivery.pk, due_at)
    elif state == Delivery.State.GATHERED:
        queue.gather_later(message.recipient_key, channel.code, due_at)


__all__ = ["RolesIn", "Rung", "send"]
