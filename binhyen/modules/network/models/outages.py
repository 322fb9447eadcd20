"""When cameras gave no pictures, as nodes told it."""

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from binhyen.contracts.node import CameraState
from binhyen.modules.network.models.shared import NoHousehold, ends_after

STATES = [
    (CameraState.SILENT.value, "im lặng"),
    (CameraState.FAILING.value, "mất kết nối"),
    (CameraState.NO_SPACE.value, "hết chỗ ghi"),
]


class Outage(models.Model):
    """A camera of tier 1 or 2 gave no pictures from `began_at` on, first for the reason `state`; null `ended_at`:
    still. `minutes` are begun ones, 0 while it lasts. `is_repaired`: pictures came back; it was not switched off."""

    camera = models.ForeignKey("cameras.Camera", models.CASCADE, related_name="+", verbose_name="camera")
    state = models.CharField("tình trạng", max_length=20, choices=STATES)
    began_at = models.DateTimeField("từ lúc")
    ended_at = models.DateTimeField("đến lúc", null=True)
    is_repaired = models.BooleanField("đã có hình trở lại", default=False)
    day = models.DateField("ngày", db_index=True)
    minutes = models.PositiveIntegerField("số phút", default=0)

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "lần mất hình"
        verbose_name_plural = "các lần mất hình"
        constraints = [
            models.UniqueConstraint(fields=["camera", "began_at"], name="one_outage_per_beginning"),
            models.UniqueConstraint(fields=["camera"], condition=Q(ended_at=None), name="one_open_outage_per_camera"),
            models.CheckConstraint(name="outage_ends_after_beginning", condition=ends_after("began_at", "ended_at")),
        ]
        indexes = [models.Index(fields=["ended_at"], name="outage_by_end")]
        triggers = [NoHousehold()]

    def __str__(self) -> str:
        return f"{self.camera_id}: {self.began_at:%d/%m/%Y %H:%M}"


class FoldedTo(models.Model):
    """Up to which moment of receipt the news of nodes has been folded into outages; one row."""

    received_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "đã tính lần mất hình đến"

    def __str__(self) -> str:
        return f"{self.received_at:%d/%m/%Y %H:%M}"
