"""Registers workflows: the history of steps, the job that watches deadlines, the checks of tables and calendar."""

from importlib import import_module

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Workflows."""

    name = "binhyen.kernel.workflow"
    label = "workflow"
    verbose_name = "Quy trình"

    def ready(self) -> None:
        for part in ("jobs", "checks"):
            import_module(f"{self.name}.{part}")
