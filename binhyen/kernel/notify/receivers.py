"""What messages do when something happens below: a deadline that passed is told, and who left gets nothing more."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.escalation import escalate
from binhyen.kernel.notify.models import Address, Device
from binhyen.kernel.workflow.advance import thing_key
from binhyen.kernel.workflow.escalation import Escalated, on_escalation
from binhyen.kernel.workflow.registry import registered_of


@on_escalation
def tell_superiors(told: Escalated) -> None:
    """Queue a message to those whom the workflow names, once for each level of each deadline."""
    escalate(
        f"{registered_of(told.thing).label} {told.thing}",
        told.thing.get_absolute_url(),  # type: ignore[attr-defined]  # every thing with a workflow has a page
        told.recipients,
        told.sentence,
        dedupe_key=f"{thing_key(told.thing)}:{told.due_at.isoformat()}:{told.level}",
    )


@receiver(post_save, sender=User)
def forget_ways_to(sender: type[User], instance: User, **_: Any) -> None:
    """When an account is switched off; `retention.forget` finds those that a bulk update switched off."""
    if not instance.is_active:
        Device.objects.filter(user=instance).delete()
        Address.objects.filter(user=instance).delete()
