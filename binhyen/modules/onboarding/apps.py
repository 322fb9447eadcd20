"""Registers the module."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """Tiếp nhận camera."""

    name = "binhyen.modules.onboarding"
    label = "onboarding"
    verbose_name = "Tiếp nhận camera"

    def ready(self) -> None:
        for part in ("screens", "jobs"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
