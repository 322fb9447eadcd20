"""Somebody who left gets nothing more: devices and addresses go with the account."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.models import Address, Device


@receiver(post_save, sender=User)
def forget_ways_to(sender: type[User], instance: User, **_: Any) -> None:
    """When an account is switched off; `retention.forget` finds those that a bulk update switched off."""
    if not instance.is_active:
        Device.objects.filter(user=instance).delete()
        Address.objects.filter(user=instance).delete()
