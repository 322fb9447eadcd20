"""The table: what a register of people, vehicles or things of a commune looks like."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory, SearchField, VietnameseOrder
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit


@moves_with_unit()
class ListedRow(models.Model):
    """One row."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị", db_index=False)
    number = models.CharField("số hiệu", max_length=20)
    name = models.CharField("tên", max_length=120)
    place = models.CharField("nơi", max_length=120)
    kind = models.CharField("loại", max_length=3, choices=[(f"k{n}", f"Loại {n}") for n in range(12)])
    opened_on = models.DateField("ngày lập")
    closed_on = models.DateField("ngày đóng", null=True, blank=True)
    name_order = VietnameseOrder("name")
    search = SearchField("number", "name", "place")

    objects = ScopedManager(unit="unit")

    class Meta:
        app_label = "listed"
        verbose_name = verbose_name_plural = "dòng thử"
        constraints = [models.UniqueConstraint(fields=["number"], name="listed_number")]
        indexes = [
            models.Index(fields=["unit", "opened_on", "id"], name="listed_unit_day"),
            models.Index(fields=["unit", "name_order", "id"], name="listed_unit_name"),
            models.Index(fields=["opened_on", "id"], name="listed_day"),
            models.Index(fields=["closed_on", "id"], name="listed_closed"),
            models.Index(fields=["name_order", "id"], name="listed_name"),
            models.Index(fields=["kind", "opened_on", "id"], name="listed_kind"),
            GinIndex(fields=["search"], name="listed_search"),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return self.number
