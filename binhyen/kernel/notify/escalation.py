"""Telling the next person: where nobody has read in time, and where a workflow says that something is overdue."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from binhyen.kernel.notify.content import open_content
from binhyen.kernel.notify.ladder import keep_climbing, rung_of
from binhyen.kernel.notify.models import Escalation, Message
from binhyen.kernel.notify.recipients import Recipients
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.topics import ESCALATED


def escalate(thing_label: str, url: str, to: Recipients, reason: str, *, dedupe_key: str = "") -> list[Message]:
    """Tell `to` that `thing_label` (a number, no name) waits too long; `reason` is a sentence, shown inside only.

    The shape that a workflow calls when a deadline passes.
    """
    subject = f"Cần xử lý: {thing_label}"
    return send(ESCALATED, to=to, subject=subject[:140], body=reason, url=url, dedupe_key=dedupe_key)


@transaction.atomic
def climb(escalation_id: int, *, at: datetime | None = None) -> int:
    """Tell the next rung where nobody has read; how many were told. Run twice it does the same as once."""
    at = at or now()
    waiting = Escalation.objects.select_for_update().filter(pk=escalation_id, due_at__lte=at).first()
    if waiting is None:
        return 0
    waiting.delete()
    told = list(Message.objects.filter(group=waiting.group))
    if not told or any(message.read_at for message in told):
        return 0
    rung, rest = rung_of(waiting.rungs[0]), waiting.rungs[1:]
    content = open_content(told[0])
    made = send(
        ESCALATED,
        to=rung.to,
        subject=f"Chưa ai xem: {content.subject}"[:140],
        body=content.body,
        url=content.url,
        dedupe_key=f"{waiting.group}:{len(rest)}",
        at=at,
    )
    for message in made:  # one reading by anybody told so far ends the climb
        message.group = waiting.group
        message.save(update_fields=["group"])
    if rest:
        keep_climbing(waiting.group, rest, at=at)
    return len(made)
