"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class FootageConfig(AppConfig):
    """Hình ảnh."""

    name = "binhyen.modules.footage"
    label = "footage"
    verbose_name = "Hình ảnh"

    def ready(self) -> None:
        for part in ("screens", "receivers", "notices", "jobs"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
