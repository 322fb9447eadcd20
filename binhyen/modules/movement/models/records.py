"""What is recorded day by day. No register here names the people it is about: a file number leads to the paper."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.timezone import localdate
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory, SearchField
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import stays_with_unit

HISTORY = "Việc đã làm đứng tên đơn vị đã làm."
"""Why the records of a unit that was merged or split do not go on with it."""
POSITIVE = [MinValueValidator(1, "Phải từ 1 trở lên.")]


def indexes(name: str, day: str) -> list[models.Index]:
    """What every register here is sorted and searched by."""
    return [
        models.Index(fields=["unit", day, "id"], name=f"{name}_by_day"),
        GinIndex(fields=["search"], name=f"{name}_search"),
    ]


class Record(models.Model):
    """A row of a unit with the day on which it happened (`DAY` names the field)."""

    DAY = ""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    note = models.TextField("ghi chú", blank=True, max_length=2000)

    class Meta:
        abstract = True

    def clean(self) -> None:
        day: Any = getattr(self, self.DAY)
        if day and day > localdate():
            raise ValidationError({self.DAY: "Ngày này chưa đến. Hãy ghi khi việc đã xong."})
        group: Any = getattr(self, "group", None)
        # What a closed unit did stays its own; its groups have gone on to another.
        if group and self.unit_id and group.unit_id != self.unit_id and self.unit.is_open_on():
            raise ValidationError({"group": "Tổ này thuộc đơn vị khác. Hãy chọn lại tổ hoặc đơn vị."})


@stays_with_unit(HISTORY)
class Session(Record):
    """A session in which people are told the law, tricks of thieves, how to keep each other safe."""

    class Topic(models.TextChoices):
        """What it was about."""

        LAW = "law", "Pháp luật"
        CRIME = "crime", "Phòng, chống tội phạm"
        DRUGS = "drugs", "Phòng, chống ma túy"
        COVID = "covid", "Phòng, chống dịch COVID-19"
        FIRE = "fire", "Phòng cháy, chữa cháy"
        TRAFFIC = "traffic", "An toàn giao thông"

    DAY = "held_on"

    group = models.ForeignKey(
        "groups.Group", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tổ"
    )
    title = models.CharField("tên buổi", max_length=200)
    topic = models.CharField("nội dung", max_length=10, choices=Topic.choices)
    held_on = models.DateField("tổ chức ngày")
    place = models.CharField("nơi tổ chức", max_length=200, blank=True)
    listeners = models.PositiveIntegerField("số người dự", default=0)
    search = SearchField("title", "place")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "buổi tuyên truyền"
        verbose_name_plural = "buổi tuyên truyền"
        indexes = indexes("session", "held_on")
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return self.title


@stays_with_unit(HISTORY)
class EducationTurn(Record):
    """Once that somebody was talked to and helped back. Who it was stands in the paper file `number`."""

    class Form(models.TextChoices):
        """How."""

        TALK = "talk", "Gặp gỡ, răn đe"
        COMMITMENT = "commitment", "Viết cam kết"
        REVIEW = "review", "Kiểm điểm trước dân"
        WORK = "work", "Giúp học nghề, việc làm"

    DAY = "done_on"

    number = models.CharField("số hồ sơ", max_length=40)
    form = models.CharField("hình thức", max_length=10, choices=Form.choices)
    done_on = models.DateField("ngày thực hiện")
    search = SearchField("number", "note")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "lượt giáo dục, cảm hóa"
        verbose_name_plural = "lượt giáo dục, cảm hóa"
        indexes = indexes("education", "done_on")
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.number}, {self.get_form_display().lower()}"


@stays_with_unit(HISTORY)
class Dossier(Record):
    """A file that proposes a measure of the law about somebody, as compulsory treatment of drug addiction
    (Law on drug control 73/2021/QH14 art. 32; cần pháp chế kiểm tra)."""

    class Kind(models.TextChoices):
        """Which measure."""

        TREATMENT = "treatment", "Cai nghiện bắt buộc"
        COMMUNE = "commune", "Giáo dục tại xã, phường"
        REFORM = "reform", "Cơ sở giáo dục bắt buộc"

    DAY = "opened_on"

    number = models.CharField("số hồ sơ", max_length=40)
    kind = models.CharField("biện pháp", max_length=10, choices=Kind.choices)
    opened_on = models.DateField("lập ngày")
    decision = models.CharField("quyết định", max_length=120, blank=True)
    search = SearchField("number", "decision")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "hồ sơ đề nghị"
        verbose_name_plural = "hồ sơ đề nghị"
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="one_dossier_per_number")]
        indexes = indexes("dossier", "opened_on")
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return self.number


@stays_with_unit(HISTORY)
class Sanction(Record):
    """An administrative sanction that a group's work led to, or that it advised."""

    class Part(models.TextChoices):
        """What the unit did about it."""

        DECIDED = "decided", "Trực tiếp xử lý"
        ADVISED = "advised", "Tham mưu xử phạt"

    class Field(models.TextChoices):
        """What was broken."""

        TRAFFIC = "traffic", "Trật tự an toàn giao thông"
        URBAN = "urban", "Trật tự đô thị"
        ORDER = "order", "An ninh trật tự"

    DAY = "decided_on"

    number = models.CharField("số quyết định, biên bản", max_length=40)
    part = models.CharField("phần việc", max_length=10, choices=Part.choices)
    field = models.CharField("lĩnh vực", max_length=10, choices=Field.choices)
    decided_on = models.DateField("ngày")
    search = SearchField("number", "note")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "xử phạt hành chính"
        verbose_name_plural = "xử phạt hành chính"
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="one_sanction_per_number")]
        indexes = indexes("sanction", "decided_on")
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return self.number


@stays_with_unit(HISTORY)
class Exhibit(Record):
    """Things taken in: signs, boards, goods on pavements."""

    class State(models.TextChoices):
        """Where they are."""

        HELD = "held", "Đang tạm giữ"
        RETURNED = "returned", "Đã trả lại"
        DESTROYED = "destroyed", "Đã tiêu hủy"
        SOLD = "sold", "Đã bán, nộp ngân sách"

    DAY = "taken_on"

    what = models.CharField("tang vật", max_length=160)
    quantity = models.PositiveIntegerField("số lượng", default=1, validators=POSITIVE)
    taken_on = models.DateField("tạm giữ ngày")
    record_number = models.CharField("số biên bản", max_length=40)
    kept_at = models.CharField("nơi giữ", max_length=120, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.HELD)
    search = SearchField("what", "record_number", "kept_at")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "tang vật"
        verbose_name_plural = "tang vật tạm giữ"
        indexes = indexes("exhibit", "taken_on")
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.what} ({self.record_number})"


@stays_with_unit(HISTORY)
class MovementCase(Record):
    """A case that people's tip-offs and cameras cleared up. `people` counts, and names nobody."""

    class Kind(models.TextChoices):
        """What it was."""

        THEFT = "theft", "Trộm cắp tài sản"
        DRUGS = "drugs", "Ma túy"
        GAMBLING = "gambling", "Đánh bạc"
        VIOLENCE = "violence", "Gây rối, cố ý gây thương tích"
        OTHER = "other", "Vụ việc khác"

    class Source(models.TextChoices):
        """Where it came from."""

        TIP = "tip", "Tin báo của tổ, của người dân"
        CAMERA = "camera", "Hình ảnh camera"
        CHECK = "check", "Kiểm tra của công an"

    DAY = "cleared_on"

    number = models.CharField("số vụ", max_length=40)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    source = models.CharField("nguồn", max_length=10, choices=Source.choices)
    cleared_on = models.DateField("làm rõ ngày")
    people = models.PositiveIntegerField("số đối tượng", default=0)
    search = SearchField("number", "note")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "vụ việc từ phong trào"
        verbose_name_plural = "vụ việc từ phong trào"
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="one_movement_case_per_number")]
        indexes = indexes("movement_case", "cleared_on")
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return self.number
