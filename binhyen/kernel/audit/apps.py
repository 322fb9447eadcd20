"""Registers the activity log."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The activity log."""

    name = "binhyen.kernel.audit"
    label = "audit"
    verbose_name = "Nhật ký"
