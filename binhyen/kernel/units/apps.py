"""Registers the units."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Units and memberships."""

    name = "binhyen.kernel.units"
    label = "units"
    verbose_name = "Đơn vị"
