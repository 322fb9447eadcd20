"""Tables of uploads: a file on its way from an owner's recorder, and the link that lets it in."""

import uuid

from django.db import models
from django_scopes import ScopedManager


class Upload(models.Model):
    """A file of one ask. No officer reads this table: what an owner approves becomes a `Clip`.

    Instants and lengths are microseconds (UTC). `name_sealed`, `still_sealed` and `key_sealed` open with the vault
    alone;
    `key_sealed` is the key of the two sealed files, `<id>.sealed` (as received) and `<id>-doan.sealed` (the part
    shared).
    """

    class State(models.TextChoices):
        """How far it has come."""

        RECEIVING = "receiving", "Đang nhận tệp"
        CHECKING = "checking", "Đang kiểm tra tệp"
        READY = "ready", "Chờ anh/chị chọn đoạn và đồng ý"
        CUTTING = "cutting", "Đang chuẩn bị đoạn anh/chị chọn"
        SHARED = "shared", "Đã chia sẻ"
        REJECTED = "rejected", "Không dùng được tệp này"
        CANCELLED = "cancelled", "Anh/Chị đã bỏ tệp này"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ask = models.ForeignKey("footage.OwnerAsk", models.CASCADE, related_name="uploads")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.RECEIVING)
    problem = models.CharField("lý do", max_length=400, blank=True)
    key_sealed = models.BinaryField(editable=False)
    name_sealed = models.BinaryField(editable=False)
    still_sealed = models.BinaryField(editable=False, default=bytes)
    size_bytes = models.BigIntegerField("dung lượng")
    received_bytes = models.BigIntegerField("đã nhận", default=0)
    fingerprint = models.CharField("dấu đầu tệp", max_length=64, blank=True)
    device_sha256 = models.CharField("mã băm tại máy gửi", max_length=64, blank=True)
    sha256 = models.CharField("mã băm khi nhận", max_length=64, blank=True)
    begun_at = models.DateTimeField("bắt đầu lúc")
    touched_at = models.DateTimeField("nhận lần cuối lúc", db_index=True)
    received_at = models.DateTimeField("nhận đủ lúc", null=True)
    container = models.CharField("dạng tệp", max_length=40, blank=True)
    codec = models.CharField("mã hóa hình", max_length=40, blank=True)
    width = models.PositiveIntegerField("rộng", default=0)
    height = models.PositiveIntegerField("cao", default=0)
    length_us = models.BigIntegerField("thời lượng", default=0)
    recorded_from = models.BigIntegerField("khung hình đầu, giờ thật", null=True)
    clock_offset_us = models.BigIntegerField("đồng hồ đầu ghi lệch", null=True)
    part_start = models.BigIntegerField("chia sẻ từ", null=True)
    part_end = models.BigIntegerField("chia sẻ đến", null=True)
    with_original = models.BooleanField("kèm tệp gốc", default=False)
    decided_at = models.DateTimeField("chủ camera đồng ý lúc", null=True)
    part_bytes = models.BigIntegerField("dung lượng đoạn chia sẻ", default=0)
    part_mime = models.CharField("kiểu đoạn chia sẻ", max_length=80, blank=True)
    part_frames = models.PositiveIntegerField("số khung hình", default=0)
    clip = models.OneToOneField("footage.Clip", models.SET_NULL, null=True, related_name="upload")
    erased_at = models.DateTimeField("đã xóa tệp lúc", null=True)

    objects = ScopedManager(unit="ask__request__case__unit")

    class Meta:
        verbose_name = "tệp chủ camera nộp"
        verbose_name_plural = "tệp chủ camera nộp"
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["ask"],
                condition=models.Q(state__in=["receiving", "checking", "ready", "cutting", "shared"]),
                name="one_living_upload_per_ask",
            ),
            models.CheckConstraint(
                name="upload_within_its_size", condition=models.Q(received_bytes__lte=models.F("size_bytes"))
            ),
        ]

    def __str__(self) -> str:
        return f"Tệp nộp {self.pk}"

    @property
    def is_whole(self) -> bool:
        """Whether every byte has come."""
        return self.received_bytes == self.size_bytes

    @property
    def percent(self) -> int:
        """How much has come, rounded down: 100 means all of it."""
        return self.received_bytes * 100 // self.size_bytes


LIVING = frozenset(
    {
        Upload.State.RECEIVING,
        Upload.State.CHECKING,
        Upload.State.READY,
        Upload.State.CUTTING,
        Upload.State.SHARED,
    }
)
"""States in which an ask has a file; there is one at a time."""


class UploadLink(models.Model):
    """The one link of an ask. The code opens once and becomes a grant for one device; both are kept as hashes."""

    ask = models.OneToOneField("footage.OwnerAsk", models.CASCADE, related_name="upload_link")
    code_hash = models.CharField(max_length=64, unique=True)
    grant_hash = models.CharField(max_length=64, unique=True, null=True)
    made_at = models.DateTimeField("lập lúc")
    opened_at = models.DateTimeField("mở lúc", null=True)
    expires_at = models.DateTimeField("hết hạn lúc", db_index=True)

    objects = ScopedManager(unit="ask__request__case__unit")

    class Meta:
        verbose_name = "liên kết nộp tệp"
        verbose_name_plural = "liên kết nộp tệp"

    def __str__(self) -> str:
        return "liên kết nộp tệp"
