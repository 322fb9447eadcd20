"""The table of changes. Rows are written by the trigger alone."""

import pgtrigger
from django.conf import settings
from django.db import models


class RowChange(models.Model):
    """One row was inserted, updated or deleted. `before` and `after` hold columns by name as PostgreSQL writes them
    in JSON: all of them where a row came or went, those that changed otherwise."""

    class Kind(models.TextChoices):
        """What happened to the row."""

        INSERT = "insert", "Thêm"
        UPDATE = "update", "Sửa"
        DELETE = "delete", "Xóa"

    at = models.DateTimeField("lúc")
    model = models.CharField("loại", max_length=100)
    row = models.CharField("dòng", max_length=40)
    kind = models.CharField("việc", max_length=6, choices=Kind.choices)
    before = models.JSONField("trước", null=True)
    after = models.JSONField("sau", null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+", db_index=False
    )
    batch = models.CharField("đợt", max_length=60, blank=True)

    class Meta:
        verbose_name = "thay đổi"
        verbose_name_plural = "lịch sử thay đổi"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["model", "row", "id"], name="change_by_row"),
            models.Index(fields=["batch", "id"], name="change_by_batch", condition=~models.Q(batch="")),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.model} {self.row}"


def changes_of(row: models.Model) -> "models.QuerySet[RowChange]":
    """The changes of one row, newest first."""
    return RowChange.objects.filter(model=row._meta.label_lower, row=str(row.pk)).select_related("actor")
