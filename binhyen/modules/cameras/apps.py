"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class CamerasConfig(AppConfig):
    """Camera."""

    name = "binhyen.modules.cameras"
    label = "cameras"
    verbose_name = "Camera"

    def ready(self) -> None:
        for part in ("screens", "receivers", "jobs"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
