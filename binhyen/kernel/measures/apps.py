"""Registers the measures, and finds what each app declares in its `measures.py`."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules


class MeasuresConfig(AppConfig):
    """Chỉ số."""

    name = "binhyen.kernel.measures"
    label = "measures"
    verbose_name = "Chỉ số"

    def ready(self) -> None:
        autodiscover_modules("measures")
        filters, rows = import_module("binhyen.kernel.screens.filters"), import_module("binhyen.kernel.measures.rows")
        filters.add_filter_source(rows.filter_for)
        import_module("binhyen.kernel.measures.jobs")
        folding = import_module("binhyen.kernel.measures.folding")
        pre_migrate.connect(folding.before_migrating, sender=self, dispatch_uid="measures")
        post_migrate.connect(folding.after_migrating, sender=self, dispatch_uid="measures")
