"""Lesson cards: what worked, with the figure before and after, and who has taken it over."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory, SearchField
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import stays_with_unit


@stays_with_unit("Bài học đứng tên đơn vị đã rút ra.")
class LessonCard(models.Model):
    """A way of working that another unit can copy. `before` and `after` are what `figure` counted."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    title = models.CharField("tên bài học", max_length=160)
    doing = models.TextField("cách làm", max_length=4000)
    conditions = models.TextField("cần có gì để làm được", max_length=2000, blank=True)
    figure = models.CharField("đo bằng số nào", max_length=160)
    before = models.DecimalField("trước khi làm", max_digits=14, decimal_places=2)
    after = models.DecimalField("sau khi làm", max_digits=14, decimal_places=2)
    written_on = models.DateField("viết ngày")
    shared = models.BooleanField("chia sẻ cho mọi đơn vị", default=False)
    search = SearchField("title", "doing", "figure")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "bài học"
        verbose_name_plural = "bài học kinh nghiệm"
        constraints = [models.UniqueConstraint(fields=["unit", "title"], name="one_lesson_per_title")]
        indexes = [
            models.Index(fields=["unit", "written_on", "id"], name="lesson_by_day"),
            GinIndex(fields=["search"], name="lesson_search"),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.before is not None and self.before == self.after:
            raise ValidationError({"after": "Trước và sau bằng nhau: chưa có gì để người khác học theo."})


@stays_with_unit("Việc áp dụng đứng tên đơn vị đã áp dụng.")
class Adoption(models.Model):
    """Another unit does as a lesson card says; written once, ended rather than deleted."""

    card = models.ForeignKey(LessonCard, models.CASCADE, related_name="adoptions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    adopted_on = models.DateField("làm theo từ ngày")
    note = models.CharField("điều chỉnh cho hợp nơi mình", max_length=300, blank=True)

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "đơn vị làm theo"
        verbose_name_plural = "các đơn vị làm theo"
        constraints = [models.UniqueConstraint(fields=["card", "unit"], name="one_adoption_per_unit")]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.unit} làm theo từ {self.adopted_on:%d/%m/%Y}"
