"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    """Sự đồng ý."""

    name = "binhyen.modules.consents"
    label = "consents"
    verbose_name = "Sự đồng ý"

    def ready(self) -> None:
        for part in ("book", "screens", "notices", "panels", "retention", "jobs"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
