"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class MovementConfig(AppConfig):
    """Phong trào."""

    name = "binhyen.modules.movement"
    label = "movement"
    verbose_name = "Phong trào"

    def ready(self) -> None:
        for part in ("screens", "notices", "panels", "measures"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
