"""Registers the journal of erasures."""

from importlib import import_module

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """Sao lưu và sổ xóa."""

    name = "binhyen.kernel.upkeep"
    label = "upkeep"
    verbose_name = "Sao lưu"

    def ready(self) -> None:
        import_module(f"{self.name}.jobs")
