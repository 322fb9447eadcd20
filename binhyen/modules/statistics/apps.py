"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Thống kê."""

    name = "binhyen.modules.statistics"
    label = "statistics"
    verbose_name = "Thống kê"

    def ready(self) -> None:
        for part in ("screens", "notices", "jobs"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
