"""A person's own messages: how many are unread, the list, marking as read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.content import Content, open_content, recipient_key
from binhyen.kernel.notify.models import Message
from binhyen.kernel.notify.topics import Topic, find_topic, topics

COUNTED_MAX = 100
"""Nobody reads a number above “99+”, and counting further would cost every page."""


@dataclass(frozen=True)
class Shown:
    """A message as its person sees it; `topic` is None where the module that sent it is gone."""

    message: Message
    content: Content
    topic: Topic | None


def messages_of(user: User, *, topic: str = "", at: datetime | None = None) -> "QuerySet[Message]":
    """Messages on the page of `user`, unread first, newest first."""
    found = Message.objects.filter(recipient_key=recipient_key(user), shown_from__lte=at or now())
    if topic:
        found = found.filter(topic=topic)
    return found.order_by(F("read_at").desc(nulls_first=True), "-shown_from", "-pk")


def shown(messages: "QuerySet[Message] | list[Message]") -> Iterator[Shown]:
    """`messages` with what they say."""
    for message in messages:
        yield Shown(message, open_content(message), find_topic(message.topic))


def topics_of(user: User) -> list[Topic]:
    """Topics of which `user` has messages."""
    codes = set(messages_of(user).order_by().values_list("topic", flat=True).distinct())
    return [topic for topic in topics() if topic.code in codes]


def unread_count(user: User) -> int:
    """How many wait to be read; never more than COUNTED_MAX."""
    return messages_of(user).filter(read_at=None).order_by()[:COUNTED_MAX].count()


def find_message(user: User, message_id: UUID) -> Message | None:
    """The message where it is one of `user`, also one that is not on the page (a digest)."""
    return Message.objects.filter(recipient_key=recipient_key(user), pk=message_id).first()


def mark_read(message: Message, *, at: datetime | None = None) -> None:
    """The first reading counts."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=at or now())


def mark_all_read(*, by: User, topic: str = "", at: datetime | None = None) -> int:
    """Everything that is on the person's page (of one topic); how many."""
    return messages_of(by, topic=topic).filter(read_at=None).order_by().update(read_at=at or now())
