"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Vụ việc."""

    name = "binhyen.modules.cases"
    label = "cases"
    verbose_name = "Vụ việc"

    def ready(self) -> None:
        for part in ("screens", "receivers", "notices", "jobs"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
