"""Registers the history."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from binhyen.kernel.history.acting import listen


class HistoryConfig(AppConfig):
    """Lịch sử thay đổi."""

    name = "binhyen.kernel.history"
    label = "history"
    verbose_name = "Lịch sử thay đổi"

    def ready(self) -> None:
        connection_created.connect(listen, dispatch_uid="history")
