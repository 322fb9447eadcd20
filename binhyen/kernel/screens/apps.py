"""Registers the screens, and finds what each app declares in its `screens.py`."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ScreensConfig(AppConfig):
    """Danh sách, biểu mẫu, nhập và xuất."""

    name = "binhyen.kernel.screens"
    label = "screens"
    verbose_name = "Danh sách"

    def ready(self) -> None:
        import_module("binhyen.kernel.screens.jobs")
        autodiscover_modules("screens")
