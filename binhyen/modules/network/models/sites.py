"""Where cameras of the station stand, in which clusters, at what cost, and (sealed) who gave the money."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory, SearchField
from binhyen.kernel.screens.money import DongField
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit
from binhyen.modules.network.models.shared import ends_after

COST_MAX = 100_000_000_000
"""In đồng, for one site."""


@moves_with_unit(named_by="code", may_clash="code")
class CameraCluster(models.Model):
    """Cameras that watch one place together: a market, a bridge, the way into a village."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    code = models.CharField("mã cụm", max_length=20)
    name = models.CharField("tên cụm", max_length=120)
    purpose = models.CharField("để trông coi gì", max_length=200, blank=True)
    search = SearchField("code", "name", "purpose")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = verbose_name_plural = "cụm camera"
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="one_camera_cluster_per_code")]
        indexes = [GinIndex(fields=["search"], name="camera_cluster_search")]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit.code}-{self.code})"


@moves_with_unit(named_by="code", may_clash="code", sum_of="cost")
class CameraSite(models.Model):
    """A pole, a wall, a roof that carries cameras of the station, from `built_on` until `removed_on` (exclusive).

    Never a household's: theirs is sealed with their camera. `retention_days` is what the plan of the site promises.
    """

    class Mount(models.TextChoices):
        """What the camera is fixed to."""

        POLE = "pole", "Cột riêng"
        SHARED_POLE = "shared_pole", "Cột điện, cột viễn thông"
        WALL = "wall", "Tường nhà, cổng cơ quan"
        ROOF = "roof", "Mái nhà"
        GANTRY = "gantry", "Giá long môn, cầu vượt"

    class Power(models.TextChoices):
        """Where its electricity comes from."""

        GRID = "grid", "Điện lưới riêng"
        HOST = "host", "Điện nhờ cơ quan, đơn vị"
        POE = "poe", "Cấp qua cáp mạng (PoE)"
        SOLAR = "solar", "Điện mặt trời"

    class Funding(models.TextChoices):
        """Whose money it was."""

        BUDGET = "budget", "Ngân sách"
        DONATED = "donated", "Xã hội hóa"
        MIXED = "mixed", "Ngân sách và xã hội hóa"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    code = models.CharField("mã điểm", max_length=20)
    name = models.CharField("tên điểm đặt", max_length=120)
    cluster = models.ForeignKey(
        CameraCluster, models.PROTECT, null=True, blank=True, related_name="sites", verbose_name="cụm"
    )
    address = models.CharField("nơi đặt", max_length=200, blank=True)
    latitude = models.DecimalField("vĩ độ", max_digits=9, decimal_places=6, null=True, blank=True,
                                   validators=[MinValueValidator(-90), MaxValueValidator(90)])  # fmt: skip
    longitude = models.DecimalField("kinh độ", max_digits=9, decimal_places=6, null=True, blank=True,
                                    validators=[MinValueValidator(-180), MaxValueValidator(180)])  # fmt: skip
    mount = models.CharField("gắn trên", max_length=12, choices=Mount.choices, default=Mount.POLE)
    power = models.CharField("nguồn điện", max_length=6, choices=Power.choices, default=Power.GRID)
    backup_minutes = models.PositiveSmallIntegerField("điện dự phòng (phút)", default=0)
    notice_sign = models.BooleanField("có biển báo", default=False)
    retention_days = models.PositiveSmallIntegerField(
        "số ngày lưu theo phương án", default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    built_on = models.DateField("lắp đặt ngày")
    removed_on = models.DateField("tháo dỡ ngày", null=True, blank=True)
    cost = DongField("kinh phí (đồng)", default=0, validators=[MinValueValidator(0), MaxValueValidator(COST_MAX)])
    funding = models.CharField("nguồn kinh phí", max_length=8, choices=Funding.choices, default=Funding.BUDGET)
    contractor = models.CharField("đơn vị thi công", max_length=160, blank=True)
    search = SearchField("code", "name", "address", "contractor")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = verbose_name_plural = "điểm đặt camera"
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="one_camera_site_per_code"),
            models.CheckConstraint(
                name="camera_site_ends_after_building",
                condition=ends_after("built_on", "removed_on"),
                violation_error_message="“Tháo dỡ ngày” phải từ “Lắp đặt ngày” trở đi. Hãy sửa một trong hai ngày.",
            ),
            models.CheckConstraint(
                name="camera_site_cost_is_no_debt",
                condition=Q(cost__gte=0),
                violation_error_message="“Kinh phí (đồng)” không thể âm. Hãy nhập số đồng chẵn, như 2.000.000.",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "built_on", "id"], name="camera_site_by_day"),
            GinIndex(fields=["search"], name="camera_site_search"),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit.code}-{self.code})"


class SiteDonor(models.Model):
    """Who gave for a site: sealed, in a table of its own, so that no list, file, search or history holds a name."""

    site = models.OneToOneField(CameraSite, models.CASCADE, related_name="donor", primary_key=True)
    sealed = models.BinaryField()

    objects = ScopedManager(unit="site__unit")

    class Meta:
        verbose_name = verbose_name_plural = "bên tặng điểm đặt (niêm phong)"

    def __str__(self) -> str:
        return "bên tặng (niêm phong)"
