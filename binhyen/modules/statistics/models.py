"""Tables of reports: what is reported regularly, each report, and what the figure checker asks about it."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_scopes import ScopedManager

from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit, stays_with_unit
from binhyen.kernel.workflow.deadlines import CLOCK_FIELDS
from binhyen.kernel.workflow.models import Stateful
from binhyen.modules.statistics.workflow import NEVER_CHANGES, REPORT

WORKDAY_MAX = 15


class Layout(models.TextChoices):
    """What the columns of a report are."""

    COMPARE = "compare", "Kỳ này, kỳ trước, tăng giảm"
    UNITS = "units", "Từng đơn vị trực thuộc"
    PERIODS = "periods", "Sáu kỳ liên tiếp"


class Every(models.TextChoices):
    """How long the periods are of what is reported regularly."""

    MONTH = "month", "Tháng"
    QUARTER = "quarter", "Quý"
    YEAR = "year", "Năm"


class Content(models.Model):
    """What a report is about."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    title = models.CharField("tên báo cáo", max_length=200)
    measures = models.JSONField("chỉ số", default=list)
    layout = models.CharField("các cột", max_length=10, choices=Layout.choices, default=Layout.COMPARE)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập")
    made_at = models.DateTimeField("lập lúc", auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


@moves_with_unit()
class ReportPlan(Content):
    """A report that makes itself: a draft for each period that has ended, on the `workday`-th working day after."""

    every = models.CharField("kỳ", max_length=10, choices=Every.choices, default=Every.MONTH)
    workday = models.PositiveSmallIntegerField(
        "lập vào ngày làm việc thứ", default=3, validators=[MinValueValidator(1), MaxValueValidator(WORKDAY_MAX)]
    )
    ended_at = models.DateTimeField("ngừng lúc", null=True, blank=True)

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "báo cáo định kỳ"
        verbose_name_plural = "báo cáo định kỳ"
        ordering = ["title", "pk"]


_MAY_CHANGE = ", ".join(f"'{name}'" for name in ("state", *CLOCK_FIELDS))


@stays_with_unit("Báo cáo là của đơn vị đã lập; bản đã ký không bao giờ đổi.")
class Report(Stateful, Content):
    """One version of one report. `figures` stand still from the check on; `content` is, to the byte, what is signed."""

    workflow = REPORT

    public_id = models.CharField("mã báo cáo", max_length=22, unique=True)
    plan = models.ForeignKey(ReportPlan, models.SET_NULL, null=True, blank=True, related_name="reports")
    period = models.CharField("kỳ báo cáo", max_length=30)
    text = models.TextField("lời văn", blank=True)
    version = models.PositiveSmallIntegerField("phiên bản", default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction", verbose_name="thay cho"
    )
    figures = models.JSONField("số liệu", null=True, blank=True)
    content = models.TextField("nội dung đã ký", blank=True)
    signature = models.TextField("chữ ký", blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người ký"
    )
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "period"], condition=Q(version=1), name="one_first_report_per_plan_and_period"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=NEVER_CHANGES) | (~Q(signature="") & ~Q(content="")),
                name="signed_report_has_its_signature",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="signed_never_changes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=NEVER_CHANGES),
                func=f"""
                    IF TG_OP = 'UPDATE' AND OLD.state = 'signed' AND NEW.state = 'superseded'
                        AND to_jsonb(NEW) - ARRAY[{_MAY_CHANGE}] = to_jsonb(OLD) - ARRAY[{_MAY_CHANGE}]
                    THEN RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'report % is signed and never changes', OLD.public_id;
                """,
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.pk])

    @property
    def is_signed(self) -> bool:
        """Whether it stands as it was signed, replaced or not."""
        return self.state in NEVER_CHANGES


@stays_with_unit("Câu hỏi là của báo cáo cũ.", field="asked_unit")
class ReportQuestion(models.Model):
    """A finding of the figure checker in a report's text, and what somebody has said to it. It blocks the report
    until answered. `asked_unit` is a unit at or below the report's that was asked."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="questions")
    kind = models.CharField("loại", max_length=40)
    start = models.PositiveIntegerField("từ ký tự")
    end = models.PositiveIntegerField("đến ký tự")
    quoted = models.TextField("trong văn bản")
    found = models.TextField("đang ghi")
    expected = models.TextField("suy ra", blank=True)
    sentence = models.TextField("nhận xét")
    asked_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField("hỏi lúc", null=True, blank=True)
    answer = models.TextField("trả lời", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = "chỗ cần làm rõ"
        verbose_name_plural = "chỗ cần làm rõ"
        ordering = ["start", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} trong {self.report_id}"

    def get_absolute_url(self) -> str:
        return reverse("report-question", args=[self.pk])
