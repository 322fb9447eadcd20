"""Several messages as one: what a person takes daily or weekly."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify import queue
from binhyen.kernel.notify.choices import after_quiet_hours, channels_for, preferences_of
from binhyen.kernel.notify.content import Content, open_content, seal_content
from binhyen.kernel.notify.links import PAGE
from binhyen.kernel.notify.models import Delivery, Message
from binhyen.kernel.notify.topics import DIGEST

LINES_MAX = 20


@transaction.atomic
def gather(recipient_key: str, channel: str, *, at: datetime | None = None) -> Message | None:
    """Put everything that waits for the person's digest on `channel` into one message; None where nothing does.

    What was read in the meantime is left out. One transaction, so that run twice it does the same as once.
    """
    at = at or now()
    waiting = Delivery.objects.select_for_update(of=("self",)).filter(
        state=Delivery.State.GATHERED, channel=channel, message__recipient_key=recipient_key, due_at__lte=at
    )
    found = list(waiting.select_related("message").order_by("message__created_at", "pk"))
    unread = [delivery for delivery in found if delivery.message.read_at is None]
    for delivery in found:
        delivery.state = Delivery.State.SENT if delivery in unread else Delivery.State.DROPPED
        delivery.ended_at = at
        delivery.save(update_fields=["state", "ended_at"])
    if not unread:
        return None
    contents = [open_content(delivery.message) for delivery in unread]
    user = User.objects.filter(pk=contents[0].recipient, is_active=True).first()
    if user is None or channel not in [each.code for each in channels_for(user, DIGEST)]:
        return None
    return _write(user, recipient_key, channel, contents, at)


def _write(user: User, recipient_key: str, channel: str, contents: list[Content], at: datetime) -> Message:
    lines = [content.subject for content in contents[:LINES_MAX]]
    if len(contents) > LINES_MAX:
        lines.append(f"và {len(contents) - LINES_MAX} tin khác")
    content = Content(user.pk, f"Có {len(contents)} tin mới đang chờ anh/chị", "", PAGE, tuple(lines))
    message = Message(group=uuid4(), recipient_key=recipient_key, topic=DIGEST.code, created_at=at)
    message.sealed = seal_content(content, message.pk)
    message.save(force_insert=True)
    due_at = after_quiet_hours(preferences_of(user), at)
    delivery = Delivery.objects.create(message=message, channel=channel, state=Delivery.State.WAITING, due_at=due_at)
    queue.deliver_later(delivery.pk, due_at)
    return message
