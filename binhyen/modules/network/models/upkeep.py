"""What has to be renewed and looked at: certificates of calibration, the security checklist."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory
from binhyen.modules.network.checklist import item_choices
from binhyen.modules.network.models.shared import NoHousehold, ends_after, refuse_household


class CameraCertificate(models.Model):
    """That a camera was calibrated or verified; good until `expires_on` (that day included). A newer one of the same
    kind stands for the older.

    Nghị định 61/2026/NĐ-CP, Điều 10 và 12 (cần pháp chế kiểm tra): a device serves as evidence only while it is good.
    """

    class Kind(models.TextChoices):
        """What was done."""

        CALIBRATION = "calibration", "Hiệu chuẩn"
        VERIFICATION = "verification", "Kiểm định"

    camera = models.ForeignKey("cameras.Camera", models.CASCADE, related_name="+", verbose_name="camera")
    kind = models.CharField("loại giấy", max_length=12, choices=Kind.choices, default=Kind.VERIFICATION)
    number = models.CharField("số giấy", max_length=60)
    issuer = models.CharField("nơi cấp", max_length=160)
    issued_on = models.DateField("cấp ngày")
    expires_on = models.DateField("dùng được đến hết ngày", db_index=True)

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = verbose_name_plural = "giấy kiểm định camera"
        constraints = [
            models.UniqueConstraint(fields=["camera", "number"], name="one_certificate_per_number"),
            models.CheckConstraint(
                name="certificate_expires_after_issue",
                condition=ends_after("issued_on", "expires_on"),
                violation_error_message="“Dùng được đến hết ngày” phải từ “Cấp ngày” trở đi. Hãy sửa lại.",
            ),
        ]
        triggers = [KeepHistory(), NoHousehold()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} số {self.number}"

    def clean(self) -> None:
        refuse_household(getattr(self, "camera", None) if self.camera_id else None)
        if self.issued_on and self.issued_on > localdate():
            raise ValidationError({"issued_on": "“Cấp ngày” không thể sau hôm nay. Hãy sửa lại."})


class SecurityCheck(models.Model):
    """How one camera stands to one item of the checklist. No row means the same as `NOT_TRIED`."""

    class Outcome(models.TextChoices):
        """What came of it."""

        PASSES = "passes", "Đạt"
        FAILS = "fails", "Không đạt"
        NOT_TRIED = "not_tried", "Chưa thử"

    class How(models.TextChoices):
        """Who says so."""

        PERSON = "person", "Người kiểm tra"
        MACHINE = "machine", "Hệ thống tự thử"

    camera = models.ForeignKey("cameras.Camera", models.CASCADE, related_name="+", verbose_name="camera")
    item = models.CharField("nội dung", max_length=30, choices=item_choices)
    outcome = models.CharField("kết quả", max_length=9, choices=Outcome.choices, default=Outcome.NOT_TRIED)
    checked_on = models.DateField("ngày thử", null=True, blank=True, db_index=True)
    how = models.CharField("cách thử", max_length=7, choices=How.choices, default=How.PERSON)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = verbose_name_plural = "kiểm tra an ninh camera"
        constraints = [models.UniqueConstraint(fields=["camera", "item"], name="one_security_check_per_item")]
        triggers = [KeepHistory(), NoHousehold()]

    def __str__(self) -> str:
        return f"{self.get_item_display()}: {self.get_outcome_display().lower()}"

    def clean(self) -> None:
        refuse_household(getattr(self, "camera", None) if self.camera_id else None)
        if self.outcome != self.Outcome.NOT_TRIED and self.checked_on is None:
            raise ValidationError({"checked_on": "Chưa nhập “Ngày thử”. Hãy nhập ngày đã thử rồi gửi lại."})
        if self.checked_on and self.checked_on > localdate():
            raise ValidationError({"checked_on": "“Ngày thử” không thể sau hôm nay. Hãy sửa lại."})
