"""Tables of cases: the case, the people in it, its notes, and the counter that numbers it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.urls import reverse
from django_scopes import ScopedManager

from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import computed_with_unit, moves_with_unit
from binhyen.kernel.workflow.models import Stateful
from binhyen.modules.cases.kinds import Kind, kinds
from binhyen.modules.cases.workflow import CASE, OPEN_STATES


def _go_on_counting(old: Unit, new: Unit) -> None:
    """Numbers carry the unit's code: who takes it over counts on, or a number would be given twice."""
    for counter in CaseCounter.objects.filter(unit=old):
        CaseCounter.objects.create(unit=new, year=counter.year, last_number=counter.last_number)


@computed_with_unit("Đơn vị nhận lại mã thì đánh số tiếp; mã mới thì bắt đầu từ 1.", carry=_go_on_counting)
class CaseCounter(models.Model):
    """The last number given in a unit and year. Its row is locked until the case that took the number commits."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    last_number = models.PositiveIntegerField("số cuối")

    class Meta:
        verbose_name = "sổ số vụ việc"
        verbose_name_plural = "sổ số vụ việc"
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="one_counter_per_unit_and_year")]

    def __str__(self) -> str:
        return f"{self.unit.code}/{self.year}: {self.last_number}"


@moves_with_unit(named_by="number")
class Case(Stateful):
    """One case. Its number never changes; its legal basis is the text in force on the day of receipt."""

    workflow = CASE

    number = models.CharField("số vụ việc", max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    year = models.PositiveSmallIntegerField("năm")
    sequence = models.PositiveIntegerField("số thứ tự")
    kind = models.CharField("loại", max_length=40)
    legal_basis = models.CharField("căn cứ pháp lý", max_length=300)
    legal_basis_unverified = models.BooleanField("căn cứ cần pháp chế kiểm tra", default=True)
    title = models.CharField("tên vụ việc", max_length=200)
    place = models.CharField("nơi xảy ra", max_length=300, blank=True)
    happened_at = models.DateTimeField("xảy ra lúc", null=True, blank=True)
    summary = models.TextField("nội dung", blank=True)
    opened_at = models.DateTimeField("lập lúc")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người thụ lý"
    )
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    erased_at = models.DateTimeField("đã xóa dữ liệu cá nhân lúc", null=True, blank=True)
    search_text = models.TextField("để tìm không dấu", blank=True, editable=False)

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "vụ việc"
        verbose_name_plural = "vụ việc"
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="case_by_state_and_due"),
            models.Index(fields=["unit", "opened_at"], name="case_by_unit_and_opened"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.pk])

    @property
    def case_number(self) -> str:
        """What the activity log writes under `case`."""
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether the case opens footage."""
        return self.state in OPEN_STATES

    @property
    def purpose(self) -> str:
        """What looks for this case serve, as cameras code it."""
        kind = kinds().get(self.kind)
        return kind.purpose if kind else Kind.purpose

    @property
    def kind_label(self) -> str:
        kind = kinds().get(self.kind)
        return kind.name if kind else self.kind


class CasePerson(models.Model):
    """Somebody who has to do with a case. Seen by those who work on cases in the unit, and by nobody else."""

    class Part(models.TextChoices):
        """What the person is in the case."""

        INFORMANT = "informant", "Người báo tin"
        VICTIM = "victim", "Người bị hại"
        WITNESS = "witness", "Người làm chứng"
        SUSPECT = "suspect", "Người bị nghi thực hiện"
        RELATED = "related", "Người liên quan"

    case = models.ForeignKey(Case, models.CASCADE, related_name="people")
    part = models.CharField("tư cách", max_length=20, choices=Part.choices)
    name = models.CharField("họ và tên", max_length=120)
    contact = models.CharField("liên hệ", max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("ghi lúc", auto_now_add=True)

    objects = ScopedManager(unit="case__unit")

    class Meta:
        verbose_name = "người trong vụ việc"
        verbose_name_plural = "người trong vụ việc"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_part_display()} của {self.case_id}"


class CaseNote(models.Model):
    """What an officer wrote down. Never changed; erased only with the case's personal data."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    text = models.TextField("nội dung")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc", auto_now_add=True)

    objects = ScopedManager(unit="case__unit")

    class Meta:
        verbose_name = "ghi chép"
        verbose_name_plural = "ghi chép"
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Ghi chép {self.pk} của {self.case_id}"
