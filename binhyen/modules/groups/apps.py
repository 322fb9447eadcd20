"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Tổ tự quản."""

    name = "binhyen.modules.groups"
    label = "groups"
    verbose_name = "Tổ tự quản"

    def ready(self) -> None:
        for part in ("screens", "notices", "jobs"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
