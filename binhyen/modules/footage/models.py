"""Tables of footage: what was asked, what was opened, whom the server asked, and the packages made."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django_scopes import ScopedManager

from binhyen.contracts import Instant
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import told_along
from binhyen.kernel.workflow.models import Stateful
from binhyen.modules.cameras.public import Window
from binhyen.modules.footage.uploads.models import Upload, UploadLink
from binhyen.modules.footage.workflow import REQUEST


@told_along
class FootageRequest(Stateful):
    """Footage of `area` (GeoJSON polygon) in [start, end) (microseconds UTC), asked for in an open case. `narrowing` is
    what the server proposed instead and what became of it (`Narrowing.kept_facts`)."""

    workflow = REQUEST
    unit_lookup = "case__unit"

    number = models.CharField("số yêu cầu", max_length=60, unique=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="footage_requests")
    area = models.JSONField("khu vực")
    area_m2 = models.PositiveIntegerField("diện tích (m²)")
    place = models.CharField("nơi, bằng lời", max_length=200, blank=True)
    start = models.BigIntegerField("từ")
    end = models.BigIntegerField("đến")
    purpose = models.TextField("mục đích")
    legal_basis = models.CharField("căn cứ pháp lý", max_length=300)
    narrowing = models.JSONField("đề xuất thu hẹp", default=dict)
    created_at = models.DateTimeField("lập lúc")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cosigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(unit="case__unit")

    class Meta:
        verbose_name = "yêu cầu hình ảnh"
        verbose_name_plural = "yêu cầu hình ảnh"
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(name="request_has_length", condition=models.Q(end__gt=models.F("start")))]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("footage-request", args=[self.pk])

    @property
    def unit(self) -> Unit:
        """The unit whose case it is."""
        return self.case.unit

    @property
    def case_number(self) -> str:
        """What the activity log writes under `case`."""
        return self.case.number

    @property
    def window(self) -> Window:
        return Window(Instant(self.start), Instant(self.end))


class Clip(models.Model):
    """[start, end) of a camera that a request opened, until `ended_at`. This is all that an officer is told."""

    class Source(models.TextChoices):
        """Who opened it."""

        POLICY = "policy", "Theo quy định đối với camera công"
        OWNER = "owner", "Chủ camera đồng ý"
        UPLOAD = "upload", "Chủ camera nộp từ đầu ghi"

    request = models.ForeignKey(FootageRequest, models.CASCADE, related_name="clips")
    camera = models.CharField("mã camera", max_length=32, db_index=True)
    source = models.CharField("căn cứ", max_length=10, choices=Source.choices)
    start = models.BigIntegerField("từ")
    end = models.BigIntegerField("đến")
    opened_at = models.DateTimeField("mở lúc")
    ended_at = models.DateTimeField("hết quyền lúc", null=True)

    objects = ScopedManager(unit="request__case__unit")

    class Meta:
        verbose_name = "đoạn hình"
        verbose_name_plural = "đoạn hình"
        ordering = ["source", "camera", "pk"]
        constraints = [
            models.CheckConstraint(name="clip_has_length", condition=models.Q(end__gt=models.F("start"))),
            models.UniqueConstraint(
                fields=["request", "camera"], condition=models.Q(ended_at=None), name="one_open_clip_per_camera"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.camera} · {self.request_id}"

    @property
    def window(self) -> Window:
        return Window(Instant(self.start), Instant(self.end))

    @property
    def hold_reason(self) -> str:
        """Under which name the footage is kept."""
        return f"footage.clip:{self.pk}"


class OwnerAsk(models.Model):
    """A household asked for the footage of its camera. No officer ever reads this table.

    Its steps stand in no history and its refusals in no log line: both would tell whoever reads those.
    """

    class State(models.TextChoices):
        """Where the answer stands."""

        WAITING = "waiting", "Chờ anh/chị trả lời"
        APPROVED = "approved", "Anh/Chị đã đồng ý"
        REFUSED = "refused", "Anh/Chị đã từ chối"
        WITHDRAWN = "withdrawn", "Anh/Chị đã rút lại sự đồng ý"
        EXPIRED = "expired", "Đã hết hạn trả lời"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(FootageRequest, models.CASCADE, related_name="asks")
    camera = models.CharField("mã camera", max_length=32, db_index=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField("hỏi lúc")
    due_at = models.DateTimeField("hạn trả lời", db_index=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True)
    withdrawn_at = models.DateTimeField("rút lại lúc", null=True)
    clip = models.OneToOneField(Clip, models.SET_NULL, null=True, related_name="ask")
    receipt = models.CharField("mã biên nhận", max_length=40, blank=True)
    packages_before_withdrawal = models.PositiveSmallIntegerField("gói đã lập trước khi rút", default=0)

    objects = ScopedManager(unit="request__case__unit")

    class Meta:
        verbose_name = "lời hỏi chủ camera"
        verbose_name_plural = "lời hỏi chủ camera"
        ordering = ["-asked_at"]
        constraints = [models.UniqueConstraint(fields=["request", "camera"], name="one_ask_per_request_and_camera")]

    def __str__(self) -> str:
        return f"Lời hỏi {self.pk}"

    @property
    def hold_reason(self) -> str:
        """Under which name the footage is kept while the owner thinks."""
        return f"footage.ask:{self.pk}"


@told_along
class EvidencePackage(models.Model):
    """A package of clips being made or made. `selection` is a list of {clip, mark_in, mark_out} (µs UTC)."""

    class State(models.TextChoices):
        """How far it has come."""

        QUEUED = "queued", "Đang chờ đến lượt"
        WORKING = "working", "Đang lập"
        DONE = "done", "Đã lập xong"
        FAILED = "failed", "Không lập được"

    package_id = models.CharField("mã gói", max_length=19, unique=True)
    request = models.ForeignKey(FootageRequest, models.PROTECT, related_name="packages")
    selection = models.JSONField("đoạn đã chọn")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.QUEUED)
    clips_done = models.PositiveIntegerField("đoạn đã xong", default=0)
    clips_total = models.PositiveIntegerField("số đoạn", default=0)
    bytes_done = models.BigIntegerField("byte đã ghi", default=0)
    size_bytes = models.BigIntegerField("dung lượng", default=0)
    manifest_sha256 = models.CharField("mã băm gốc", max_length=64, blank=True)
    key_fingerprint = models.CharField("dấu vân tay khóa", max_length=64, blank=True)
    error = models.CharField("lỗi", max_length=400, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    queued_at = models.DateTimeField("yêu cầu lúc")
    finished_at = models.DateTimeField("xong lúc", null=True)
    erased_at = models.DateTimeField("đã xóa tệp lúc", null=True)

    objects = ScopedManager(unit="request__case__unit")

    class Meta:
        verbose_name = "gói chứng cứ"
        verbose_name_plural = "gói chứng cứ"
        ordering = ["-queued_at"]

    def __str__(self) -> str:
        return self.package_id

    def get_absolute_url(self) -> str:
        return reverse("footage-package", args=[self.package_id])

    @property
    def is_moving(self) -> bool:
        """Whether it still changes by itself."""
        return self.state in (self.State.QUEUED, self.State.WORKING)


__all__ = ["Clip", "EvidencePackage", "FootageRequest", "OwnerAsk", "Upload", "UploadLink"]
