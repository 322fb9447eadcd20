"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    """Đóng góp."""

    name = "binhyen.modules.contributions"
    label = "contributions"
    verbose_name = "Đóng góp"

    def ready(self) -> None:
        for part in ("screens", "measures"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
