"""Tables: plans and their steps, and where lists of units came from."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django_scopes import ScopedManager

from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import stays_with_unit
from binhyen.kernel.workflow.models import Stateful
from binhyen.modules.places.workflow import PLAN

CODE_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}"
"""Codes of units that plans open: short enough for the mark that a closed one gets."""


@stays_with_unit("Phương án là của đơn vị đã lập.")
class Plan(Stateful):
    """“Sắp xếp đơn vị”: steps that are taken together on `day`. `unit` stands above all that they name; its people
    write and approve it. `balance` is what the last rehearsal counted, or what applying it did."""

    workflow = PLAN

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    name = models.CharField("tên phương án", max_length=160)
    decision = models.CharField("căn cứ (nghị quyết, quyết định)", max_length=300, blank=True)
    day = models.DateField("áp dụng từ ngày")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập")
    made_at = models.DateTimeField("lập lúc", auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người duyệt"
    )
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người thứ hai"
    )
    balance = models.JSONField("bảng cân đối", null=True)
    rehearsed_at = models.DateTimeField("chạy thử lúc", null=True)
    applied_at = models.DateTimeField("áp dụng lúc", null=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="inverses", verbose_name="đảo lại")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "phương án sắp xếp"
        verbose_name_plural = "phương án sắp xếp"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])

    @property
    def is_balanced(self) -> bool:
        """Whether the last rehearsal came to zero."""
        return bool(self.balance and self.balance["is_balanced"])


class StepKind(models.TextChoices):
    """What a step of a plan does."""

    MERGE = "merge", "Sáp nhập"
    SPLIT = "split", "Chia tách"
    RENAME = "rename", "Đổi tên, đổi mã"
    MOVE = "move", "Chuyển về đơn vị khác"
    DISSOLVE = "dissolve", "Giải thể, đơn vị dưới báo cáo thẳng cấp trên"
    CLOSE = "close", "Kết thúc, bàn giao cho đơn vị khác"
    OPEN = "open", "Thành lập từ một phần của đơn vị khác"


class PlanStep(models.Model):
    """One step. Units are named by their codes, since a step may name what one before it opens.

    `units`: those that end. `into`: the code of the unit that takes over, or stands above. `opens`: the units that are
    opened, `{"code", "name", "level", "picked", "as_of"}`; `picked` are codes of rows and accounts that go to it,
    `as_of` is a closed unit in whose place it comes: what went on from that one goes to it.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField("thứ tự")
    kind = models.CharField("việc", max_length=10, choices=StepKind.choices)
    units = models.JSONField("đơn vị kết thúc", default=list)
    into = models.CharField("đơn vị nhận", max_length=20, blank=True)
    opens = models.JSONField("đơn vị mở", default=list)

    objects = ScopedManager(unit="plan__unit")

    class Meta:
        verbose_name = "bước của phương án"
        verbose_name_plural = "bước của phương án"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_step_per_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.get_kind_display()}"


class UnitList(models.Model):
    """A file of units or borders that was brought in: whose it is and under which licence it may be used."""

    class Kind(models.TextChoices):
        """What the file held."""

        UNITS = "units", "Danh mục tỉnh, xã (JSON)"
        BORDERS = "borders", "Địa giới (GeoJSON)"
        FORMER = "former", "Đơn vị cũ và nơi kế tục (CSV)"

    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    file_name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    source = models.CharField("nguồn", max_length=300)
    licence = models.CharField("giấy phép", max_length=200)
    at = models.DateTimeField("nhập lúc", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người nhập"
    )
    new_count = models.PositiveIntegerField("thêm mới", default=0)
    same_count = models.PositiveIntegerField("đã có", default=0)
    notes = models.JSONField("cần xem lại", default=list)

    class Meta:
        verbose_name = "danh mục đơn vị đã nhập"
        verbose_name_plural = "danh mục đơn vị đã nhập"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name
