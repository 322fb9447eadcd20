"""Registers the messages."""

from importlib import import_module

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Messages to people."""

    name = "binhyen.kernel.notify"
    label = "notify"
    verbose_name = "Thông báo"

    def ready(self) -> None:
        for part in ("jobs", "receivers"):
            import_module(f"{self.name}.{part}")
