"""Tables of consents, receipts and invitations. No owner, name or place stands here: a camera's code alone."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.timezone import localdate
from django_scopes import ScopedManager

from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit
from binhyen.modules.cameras.public import DAY_MINUTES, Hours, Purpose

DAYS_MAX = 366
"""A consent ends by itself within twelve months; who still agrees renews it."""

OFFERED = (Purpose.CASE, Purpose.TRAFFIC, Purpose.RESCUE)
"""Purposes that a household may agree to, each by itself."""


class Consent(models.Model):
    """What the household of `camera` agreed to. Hours are minutes after midnight; both 0: the whole day."""

    class State(models.TextChoices):
        """Where it stands; whether its time is over is told by `expires_on`."""

        DRAFT = "draft", "chưa đồng ý"
        GIVEN = "given", "đang đồng ý"
        PAUSED = "paused", "tạm dừng"
        WITHDRAWN = "withdrawn", "đã rút lại"

    camera = models.OneToOneField("cameras.Camera", models.CASCADE, related_name="consent", primary_key=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT)
    purposes = models.JSONField("mục đích", default=list)
    hours_start = models.PositiveSmallIntegerField("từ giờ", default=0)
    hours_end = models.PositiveSmallIntegerField("đến giờ", default=0)
    live = models.BooleanField("xem trực tiếp", default=False)
    streams = models.BooleanField("có luồng hình", default=True)
    terms = models.CharField("bản điều khoản", max_length=20, blank=True)
    given_on = models.DateField("đồng ý từ", null=True)
    expires_on = models.DateField("hết hạn", null=True)
    reminded_days = models.PositiveSmallIntegerField("đã nhắc trước", null=True)
    changed_at = models.DateTimeField("thay đổi lúc", auto_now=True)

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "sự đồng ý"
        verbose_name_plural = "sự đồng ý"
        constraints = [
            models.CheckConstraint(
                name="consent_ends_within_twelve_months",
                condition=models.Q(state="draft")
                | models.Q(
                    given_on__isnull=False,
                    expires_on__gt=models.F("given_on"),
                    expires_on__lte=models.F("given_on") + DAYS_MAX,
                ),
            ),
            models.CheckConstraint(
                name="consent_hours_of_a_day",
                condition=models.Q(hours_start__lt=DAY_MINUTES, hours_end__lt=DAY_MINUTES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.camera_id} {self.state}"

    @property
    def hours(self) -> Hours:
        return Hours(self.hours_start, self.hours_end)

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return self.state in (self.State.GIVEN, self.State.PAUSED) and bool(
            self.expires_on and self.expires_on <= localdate()
        )

    @property
    def words(self) -> str:
        """How it stands, for its owner."""
        return "đã hết hạn" if self.is_over else self.get_state_display()

    @property
    def purpose_labels(self) -> list[str]:
        return [Purpose(code).label for code in self.purposes]


class Receipt(models.Model):
    """What the owner said, as signed then: the text, and a minisign signature of it. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    camera = models.ForeignKey("cameras.Camera", models.CASCADE, related_name="consent_receipts")
    number = models.CharField("số biên nhận", max_length=30, unique=True)
    about = models.CharField("việc", max_length=60)
    at = models.DateTimeField("lúc")
    text = models.TextField("nội dung")
    signature = models.TextField("chữ ký")

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "biên nhận"
        verbose_name_plural = "biên nhận"
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.number


@moves_with_unit(told=models.Q(pk=None))
class Invitation(models.Model):
    """A sheet with a QR that an officer hands out: whoever holds it may open an owner's account in `unit`, once, until
    `expires_at`. Only a hash of the token is kept, and nothing of who used it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("lập lúc")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField("hết hạn lúc")
    used = models.BooleanField("đã dùng", default=False)

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "lời mời"
        verbose_name_plural = "lời mời"
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"Lời mời {self.pk}"
