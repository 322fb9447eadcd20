"""What has a state, and the history of the steps it took."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.timezone import now

from binhyen.kernel.workflow.table import Workflow


class Stateful(models.Model):
    """A model whose rows move through `workflow`. Change `state` with `advance` only."""

    workflow: ClassVar[Workflow]

    state = models.CharField("trạng thái", max_length=30)
    due_at = models.DateTimeField("hạn", null=True, blank=True, db_index=True)

    class Meta:
        abstract = True

    @property
    def state_label(self) -> str:
        return self.workflow.states[self.state]

    @property
    def is_final(self) -> bool:
        return self.state in self.workflow.final

    def is_overdue(self, at: datetime | None = None) -> bool:
        """Whether the deadline of the current state has passed."""
        return self.due_at is not None and (at or now()) > self.due_at


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
