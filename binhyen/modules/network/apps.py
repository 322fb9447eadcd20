"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Mạng camera."""

    name = "binhyen.modules.network"
    label = "network"
    verbose_name = "Mạng camera"

    def ready(self) -> None:
        for part in ("screens", "notices", "jobs"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
