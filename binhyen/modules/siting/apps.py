"""Registers the module."""

from importlib import import_module

from django.apps import AppConfig


class SitingConfig(AppConfig):
    """Vị trí camera."""

    name = "binhyen.modules.siting"
    label = "siting"
    verbose_name = "Vị trí camera"

    def ready(self) -> None:
        import_module(f"{self.name}.screens")
