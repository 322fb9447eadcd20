"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Đơn vị, địa bàn."""

    name = "binhyen.modules.places"
    label = "places"
    verbose_name = "Đơn vị, địa bàn"

    def ready(self) -> None:
        for part in ("screens", "notices", "jobs"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
