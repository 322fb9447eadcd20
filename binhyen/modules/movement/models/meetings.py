"""Meetings, and the tasks that lines of their minutes become."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory, SearchField
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit, stays_with_unit
from binhyen.kernel.workflow.models import Stateful
from binhyen.modules.movement.models.records import HISTORY, Record, indexes
from binhyen.modules.movement.workflow import TASK


@stays_with_unit(HISTORY)
class Meeting(Record):
    """A meeting. Each line of its minutes is one thing said; a line can become a task."""

    class Kind(models.TextChoices):
        """What kind of meeting."""

        MONTHLY = "monthly", "Giao ban"
        INTERIM = "interim", "Sơ kết"
        FINAL = "final", "Tổng kết"
        PEOPLE = "people", "Họp dân"

    DAY = "held_on"

    group = models.ForeignKey(
        "groups.Group", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tổ"
    )
    title = models.CharField("tên cuộc họp", max_length=200)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    held_on = models.DateField("họp ngày")
    minutes = models.TextField("biên bản", max_length=20_000, blank=True, help_text="Mỗi dòng một ý.")
    search = SearchField("title", "minutes")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "cuộc họp"
        verbose_name_plural = "cuộc họp"
        indexes = indexes("meeting", "held_on")
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.title} (số {self.pk})"

    @property
    def lines(self) -> list[str]:
        """What was said, line by line."""
        return [line.strip(" \t-•+*") for line in self.minutes.splitlines() if line.strip(" \t-•+*")]


@moves_with_unit()
class Task(Stateful):
    """What somebody is to do because a meeting said so. Done with a note of what was done; late ones are shown and
    told to the chief as every workflow's are."""

    workflow = TASK

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị", editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="tasks", verbose_name="cuộc họp")
    text = models.CharField("việc", max_length=300)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người làm"
    )
    due_on = models.DateField("hạn xong")
    search = SearchField("text")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "việc sau họp"
        verbose_name_plural = "việc sau họp"
        indexes = [
            models.Index(fields=["unit", "due_on", "id"], name="task_by_due"),
            GinIndex(fields=["search"], name="task_search"),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return self.text
