"""Registers the history of steps."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Workflows."""

    name = "binhyen.kernel.workflow"
    label = "workflow"
    verbose_name = "Quy trình"
