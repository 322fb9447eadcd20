"""Registers the screens."""

from importlib import import_module

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """Danh sách, biểu mẫu, nhập và xuất."""

    name = "binhyen.kernel.screens"
    label = "screens"
    verbose_name = "Danh sách"

    def ready(self) -> None:
        import_module("binhyen.kernel.screens.jobs")
