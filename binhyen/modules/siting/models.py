"""Tables: roads to be seen, zones not to be, and a model of the terrain."""

import zlib
from typing import Any

import numpy as np
from django.conf import settings
from django.db import models
from django_scopes import ScopedManager

from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit
from binhyen.modules.siting.terrain import Terrain
from binhyen.modules.siting.zones import Zone


class Brought(models.Model):
    """Something from a file: whose it is and under which licence."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    file_name = models.CharField("tên tệp", max_length=200)
    source = models.CharField("nguồn, giấy phép", max_length=300)
    at = models.DateTimeField("nhập lúc", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nhập")

    class Meta:
        abstract = True


@moves_with_unit()
class Road(Brought):
    """A road as lines of (longitude, latitude)."""

    name = models.CharField("tên đường", max_length=120)
    lines = models.JSONField("các đường")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = verbose_name_plural = "đường cần nhìn thấy"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["unit", "name", "id"], name="road_by_name")]

    def __str__(self) -> str:
        return self.name


@moves_with_unit(told=models.Q(pk=None))
class PrivateZone(models.Model):
    """A ring of (longitude, latitude) into which no camera of the station may look. Whose it is stands nowhere."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    ring = models.JSONField("ranh giới")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = verbose_name_plural = "vùng riêng tư"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Vùng riêng tư số {self.pk}"

    @property
    def zone(self) -> Zone:
        return Zone(self.pk, tuple((longitude, latitude) for longitude, latitude in self.ring))


@moves_with_unit()
class Relief(Brought):
    """A terrain model of a unit: heights as packed numbers of 32 bits, the north first."""

    west = models.FloatField("tây")
    south = models.FloatField("nam")
    step = models.FloatField("cạnh ô (độ)")
    rows = models.PositiveIntegerField("số hàng")
    columns = models.PositiveIntegerField("số cột")
    packed = models.BinaryField("độ cao")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = verbose_name_plural = "mô hình địa hình"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @classmethod
    def of(cls, terrain: Terrain, **facts: Any) -> "Relief":
        """A row, not saved."""
        rows, columns = terrain.heights.shape
        packed = zlib.compress(terrain.heights.astype("<f4").tobytes())
        return cls(west=terrain.west, south=terrain.south, step=terrain.step, rows=rows, columns=columns,
                   packed=packed, **facts)  # fmt: skip

    @property
    def terrain(self) -> Terrain:
        heights = np.frombuffer(zlib.decompress(bytes(self.packed)), dtype="<f4").reshape(self.rows, self.columns)
        return Terrain(self.west, self.south, self.step, heights)
