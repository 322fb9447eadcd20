"""Tables of the activity log. Rows are written by `record` alone; a trigger refuses every change."""

from datetime import UTC
from typing import Any

import pgtrigger
from django.db import models

from binhyen.kernel.audit.chain import LineFacts


class Line(models.Model):
    """One thing that somebody did or looked at. Names and codes are copied in, not joined: a line
    goes on saying what it said when a user or a unit is renamed."""

    number = models.BigIntegerField("số dòng", primary_key=True)
    at = models.DateTimeField("lúc", db_index=True)
    actor = models.CharField("tài khoản", max_length=150, db_index=True)
    actor_name = models.CharField("người thực hiện", max_length=150)
    action = models.CharField("việc", max_length=60, db_index=True)
    subject = models.CharField("đối tượng", max_length=120, db_index=True)
    unit = models.CharField("đơn vị", max_length=20, db_index=True)
    case = models.CharField("vụ việc", max_length=40, db_index=True)
    purpose = models.CharField("mục đích", max_length=200)
    detail = models.JSONField("chi tiết", default=dict)
    previous = models.CharField("mã băm dòng trước", max_length=64)
    hash = models.CharField("mã băm", max_length=64)

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-number"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"

    @property
    def facts(self) -> LineFacts:
        """The line as the chain hashes it."""
        return LineFacts(
            number=self.number,
            at=self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            actor=self.actor,
            actor_name=self.actor_name,
            action=self.action,
            subject=self.subject,
            unit=self.unit,
            case=self.case,
            purpose=self.purpose,
            detail=self.detail,
        )


class DayRoot(models.Model):
    """The published root of one day (Vietnamese date): how many lines stood, and the hash of the last."""

    day = models.DateField("ngày", primary_key=True)
    last_number = models.BigIntegerField("dòng cuối")
    root = models.CharField("mã gốc", max_length=64)
    published_at = models.DateTimeField("công bố lúc", auto_now_add=True)

    class Meta:
        verbose_name = "mã gốc của ngày"
        verbose_name_plural = "mã gốc theo ngày"
        ordering = ["-day"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.day}: {self.root}"


def chained(lines: "models.QuerySet[Line]") -> Any:
    """`(facts, previous, hash)` of `lines` in order, streamed: a year's log is not held in memory."""
    return ((line.facts, line.previous, line.hash) for line in lines.order_by("number").iterator(chunk_size=2000))
