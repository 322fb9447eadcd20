"""What has a state, and the history of the steps it took."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.timezone import now

from binhyen.kernel.workflow.table import Workflow


class Stateful(models.Model):
    """A model whose rows move through `workflow`: `begin` before the first save, then `advance` only.

    Rows know their unit as `unit`; `unit_lookup` is the way to it in a query.
    """

    workflow: ClassVar[Workflow]
    unit_lookup: ClassVar[str] = "unit"

    state = models.CharField("trạng thái", max_length=30)
    due_at = models.DateTimeField("hạn", null=True, blank=True, db_index=True)
    due_working = models.BooleanField("hạn tính theo giờ làm việc", default=False, editable=False)
    paused_at = models.DateTimeField("tạm dừng tính hạn từ", null=True, blank=True, editable=False)
    left_us = models.BigIntegerField("thời gian còn lại khi tạm dừng (µs)", null=True, blank=True, editable=False)
    escalate_at = models.DateTimeField("lần báo cấp trên kế tiếp", null=True, blank=True, db_index=True, editable=False)
    escalations_done = models.PositiveSmallIntegerField("số lần đã báo cấp trên", default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def state_label(self) -> str:
        return self.workflow.states[self.state]

    @property
    def is_final(self) -> bool:
        return self.state in self.workflow.final

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return self.state in self.workflow.paused

    def is_overdue(self, at: datetime | None = None) -> bool:
        """Whether the deadline of the current state has passed and somebody here is late."""
        return self.state in self.workflow.binding and self.due_at is not None and (at or now()) > self.due_at


class StepTaken(models.Model):
    """One step that one thing took. `thing` is the model's label and the row's key."""

    thing = models.CharField("đối tượng", max_length=100, db_index=True)
    step = models.CharField("bước", max_length=40)
    label = models.CharField("tên bước", max_length=120)
    source = models.CharField("từ", max_length=30)
    target = models.CharField("đến", max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField("ghi chú", blank=True)
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "bước đã làm"
        verbose_name_plural = "lịch sử các bước"
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.label} ({self.source} → {self.target})"
