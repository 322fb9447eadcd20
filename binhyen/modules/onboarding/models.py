"""What is kept while cameras are taken in, and of the device behind a camera. How to get in is sealed everywhere.

No table here names a unit by its row: a file is its sender's until its cameras stand in the register.
"""

import uuid

from django.conf import settings
from django.db import models
from django_scopes import ScopedManager

from binhyen.contracts.devices import Tried

TRIED_LABELS = {
    Tried.REFUSED: "bị từ chối", Tried.ACCEPTED: "vào được", Tried.UNKNOWN: "chưa rõ",
}  # fmt: skip
_TRIED = [(tried.value, label) for tried, label in TRIED_LABELS.items()]


class Draft(models.Model):
    """A device that somebody has asked and not yet added; goes after an hour. `report` holds no secret."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField("lúc", auto_now_add=True)
    login_sealed = models.BinaryField()
    report = models.JSONField()

    class Meta:
        verbose_name = "thiết bị vừa hỏi"
        verbose_name_plural = "thiết bị vừa hỏi"

    def __str__(self) -> str:
        return str(self.pk)


class CameraDevice(models.Model):
    """The device behind a camera of tier 1 or 2, as it said of itself, and what came of trying to get in."""

    camera = models.OneToOneField("cameras.Camera", models.CASCADE, related_name="device", primary_key=True)
    login_sealed = models.BinaryField()
    maker = models.CharField("hãng", max_length=100, blank=True)
    model = models.CharField("kiểu", max_length=100, blank=True)
    firmware = models.CharField("phần mềm", max_length=100, blank=True)
    serial = models.CharField("số máy", max_length=100, blank=True)
    clock_offset_us = models.BigIntegerField("lệch đồng hồ (µs)", null=True)
    clock_source = models.CharField("nguồn giờ", max_length=20, blank=True)
    nobody = models.CharField("không mật khẩu", max_length=10, choices=_TRIED, default=Tried.UNKNOWN)
    default = models.CharField("mật khẩu mặc định", max_length=10, choices=_TRIED, default=Tried.UNKNOWN)
    stream = models.CharField("luồng không mật khẩu", max_length=10, choices=_TRIED, default=Tried.UNKNOWN)
    tried_at = models.DateTimeField("thử lúc", null=True)
    asked_at = models.DateTimeField("hỏi lúc", auto_now=True)

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "thiết bị của camera"
        verbose_name_plural = "thiết bị của camera"

    def __str__(self) -> str:
        return f"{self.maker} {self.model}".strip() or "thiết bị"


class Batch(models.Model):
    """A file of cameras. The file itself is not kept; its passwords are sealed row by row until they are added."""

    class State(models.TextChoices):
        """Where the file is."""

        CHECKING = "checking", "Đang kiểm tra"
        READY = "ready", "Chờ thêm"
        ADDED = "added", "Đã thêm"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gửi")
    at = models.DateTimeField("gửi lúc", auto_now_add=True)
    file_name = models.CharField("tên tệp", max_length=200)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.CHECKING)

    class Meta:
        verbose_name = "tệp camera"
        verbose_name_plural = "tệp camera"
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.file_name


class BatchRow(models.Model):
    """One camera of a file. `sealed` is JSON of `rows.Secret`, emptied once the camera is added."""

    class State(models.TextChoices):
        """How far the camera is."""

        WAITING = "waiting", "Chờ kiểm tra"
        GOOD = "good", "Đạt"
        BAD = "bad", "Không đạt"
        ADDED = "added", "Đã thêm"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("dòng")
    unit_code = models.CharField("đơn vị", max_length=40, blank=True)
    tier = models.PositiveSmallIntegerField("tầng", default=2)
    name = models.CharField("tên camera", max_length=120, blank=True)
    shown = models.CharField("địa chỉ", max_length=300, blank=True)
    sealed = models.BinaryField(default=bytes)
    state = models.CharField("kết quả", max_length=10, choices=State.choices, default=State.WAITING)
    problem = models.CharField("vì sao", max_length=400, blank=True)
    found = models.CharField("luồng", max_length=120, blank=True)
    code = models.CharField("mã camera", max_length=32, blank=True)

    class Meta:
        verbose_name = "dòng camera"
        verbose_name_plural = "dòng camera"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_row_per_line")]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
