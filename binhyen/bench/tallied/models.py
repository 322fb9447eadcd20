"""The table: what was done, where, when, of which kind."""

from django.db import models

from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit

KINDS = 40


@moves_with_unit()
class Deed(models.Model):
    """One row."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("loại", max_length=3, choices=[(f"k{n:02}", f"Loại {n}") for n in range(KINDS)])
    done_on = models.DateField("ngày")

    class Meta:
        app_label = "tallied"
        verbose_name = verbose_name_plural = "việc thử"
        indexes = [
            models.Index(fields=["unit", "done_on"], name="tallied_unit_day"),
            models.Index(fields=["done_on", "kind", "unit"], name="tallied_day_kind_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.done_on}"
