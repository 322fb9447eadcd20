"""Nominations for commendation. A nomination stands on records, picked from registers and counted by them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory, SearchField
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit
from binhyen.kernel.workflow.models import Stateful
from binhyen.modules.movement.workflow import NOMINATION


@moves_with_unit()
class Nomination(Stateful):
    """Somebody, or a group, that is to be commended."""

    class Whom(models.TextChoices):
        """Who."""

        GROUP = "group", "Tập thể"
        PERSON = "person", "Cá nhân"

    class Form(models.TextChoices):
        """With what (Law on emulation and commendation 06/2022/QH15; cần pháp chế kiểm tra)."""

        PRAISE = "praise", "Biểu dương"
        CERTIFICATE = "certificate", "Giấy khen"
        MERIT = "merit", "Bằng khen"

    workflow = NOMINATION

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    whom = models.CharField("đối tượng", max_length=10, choices=Whom.choices)
    name = models.CharField("tên tập thể, cá nhân", max_length=160)
    form = models.CharField("hình thức", max_length=12, choices=Form.choices)
    reason = models.TextField("thành tích", max_length=2000)
    first_day = models.DateField("thành tích từ ngày")
    last_day = models.DateField("đến ngày")
    search = SearchField("name", "reason")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "đề nghị khen thưởng"
        verbose_name_plural = "đề nghị khen thưởng"
        constraints = [
            models.CheckConstraint(
                name="nomination_ends_after_its_start",
                condition=models.Q(last_day__gte=models.F("first_day")),
                violation_error_message="“Đến ngày” phải từ “Thành tích từ ngày” trở đi. Hãy sửa một trong hai ngày.",
            )
        ]
        indexes = [
            models.Index(fields=["unit", "last_day", "id"], name="nomination_by_day"),
            GinIndex(fields=["search"], name="nomination_search"),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return self.name


class Citation(models.Model):
    """One record that a nomination cites: the register's name and the row's key."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="citations")
    register = models.CharField("sổ", max_length=40)
    row = models.BigIntegerField("dòng")

    objects = ScopedManager(unit="nomination__unit")

    class Meta:
        verbose_name = "hồ sơ dẫn chứng"
        verbose_name_plural = "hồ sơ dẫn chứng"
        constraints = [models.UniqueConstraint(fields=["nomination", "register", "row"], name="one_citation_per_row")]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.register} {self.row}"
