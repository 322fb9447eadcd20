"""The journal of erasures."""

import uuid

import pgtrigger
from django.db import models


class Erasure(models.Model):
    """Something was erased on `day`. `token` is a keyed hash of what: without the vault's key it says nothing, and
    with the key it only answers whether a row that one already holds was erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField("ngày xóa")
    token = models.CharField("dấu", max_length=64)

    class Meta:
        verbose_name = "dòng sổ xóa"
        verbose_name_plural = "sổ xóa"
        ordering = ["day", "id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.day}"
