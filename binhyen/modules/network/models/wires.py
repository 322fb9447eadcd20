"""The network as it is wired: devices, lines between them, what hangs at which port, services that need it."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory, SearchField
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit
from binhyen.modules.network.models.shared import NoHousehold, ends_after, refuse_household
from binhyen.modules.network.models.sites import CameraSite


@moves_with_unit(named_by="code", may_clash="code")
class NetworkDevice(models.Model):
    """A node of the network. A centre is where pictures are wanted: what leads to none is dark."""

    class Kind(models.TextChoices):
        """What it is."""

        CENTRE = "centre", "Trung tâm (nơi xem hình)"
        RECORDER = "recorder", "Đầu ghi, máy ghi"
        SWITCH = "switch", "Bộ chuyển mạch"
        ROUTER = "router", "Bộ định tuyến"
        UPLINK = "uplink", "Điểm đấu của nhà mạng"
        CONVERTER = "converter", "Bộ chuyển đổi quang, vô tuyến"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    code = models.CharField("mã thiết bị", max_length=20)
    name = models.CharField("tên thiết bị", max_length=120)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices, default=Kind.SWITCH)
    site = models.ForeignKey(
        CameraSite, models.PROTECT, null=True, blank=True, related_name="devices", verbose_name="điểm đặt"
    )
    type_name = models.CharField("hãng, kiểu", max_length=120, blank=True)
    serial = models.CharField("số máy", max_length=60, blank=True)
    ports = models.PositiveSmallIntegerField(
        "số cổng", default=8, validators=[MinValueValidator(1), MaxValueValidator(1024)]
    )
    carries_households = models.BooleanField("camera hộ gia đình của đơn vị vào mạng qua đây", default=False)
    installed_on = models.DateField("lắp ngày", null=True, blank=True)
    removed_on = models.DateField("tháo ngày", null=True, blank=True)
    search = SearchField("code", "name", "type_name", "serial")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = verbose_name_plural = "thiết bị mạng"
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="one_network_device_per_code"),
            models.CheckConstraint(
                name="network_device_ends_after_installing",
                condition=Q(installed_on=None) | ends_after("installed_on", "removed_on"),
                violation_error_message="“Tháo ngày” phải từ “Lắp ngày” trở đi. Hãy sửa một trong hai ngày.",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="network_device_search")]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit.code}-{self.code})"


@moves_with_unit(named_by="code", may_clash="code")
class NetworkLine(models.Model):
    """An edge: a line between two devices. Without `b_end` its far end is not recorded yet, and nothing passes it.

    Lines in the same `duct` are cut by the same excavator: two of them are no redundancy.
    """

    class Kind(models.TextChoices):
        """What carries it."""

        FIBRE = "fibre", "Cáp quang riêng"
        LEASED = "leased", "Kênh thuê của nhà mạng"
        COPPER = "copper", "Cáp đồng"
        RADIO = "radio", "Vô tuyến điểm nối điểm"
        MOBILE = "mobile", "4G, 5G"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    code = models.CharField("mã đường", max_length=20)
    name = models.CharField("tên đường truyền", max_length=120)
    kind = models.CharField("loại", max_length=8, choices=Kind.choices, default=Kind.FIBRE)
    a_end = models.ForeignKey(NetworkDevice, models.PROTECT, related_name="lines_from", verbose_name="từ thiết bị")
    b_end = models.ForeignKey(
        NetworkDevice, models.PROTECT, null=True, blank=True, related_name="lines_to", verbose_name="đến thiết bị"
    )
    duct = models.CharField("tuyến cống bể, cột", max_length=60, blank=True)
    provider = models.CharField("nhà mạng", max_length=120, blank=True)
    contract = models.CharField("số hợp đồng", max_length=60, blank=True)
    megabits = models.PositiveIntegerField("băng thông (Mbit/s)", null=True, blank=True)
    opened_on = models.DateField("dùng từ ngày", null=True, blank=True)
    closed_on = models.DateField("thôi dùng ngày", null=True, blank=True)
    search = SearchField("code", "name", "duct", "provider", "contract")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = verbose_name_plural = "đường truyền"
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="one_network_line_per_code"),
            models.CheckConstraint(
                name="network_line_has_two_ends",
                condition=Q(b_end=None) | ~Q(a_end=F("b_end")),
                violation_error_message="“Từ thiết bị” và “Đến thiết bị” là một. Hãy chọn hai thiết bị khác nhau.",
            ),
            models.CheckConstraint(
                name="network_line_ends_after_opening",
                condition=Q(opened_on=None) | ends_after("opened_on", "closed_on"),
                violation_error_message="“Thôi dùng ngày” phải từ “Dùng từ ngày” trở đi. Hãy sửa một trong hai ngày.",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="network_line_search")]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit.code}-{self.code})"


class CameraPort(models.Model):
    """Which camera hangs at which port, where it stands, and which recorder keeps its pictures (none: the centre)."""

    device = models.ForeignKey(NetworkDevice, models.PROTECT, related_name="used_ports", verbose_name="thiết bị")
    port = models.PositiveSmallIntegerField("cổng số", validators=[MinValueValidator(1)])
    camera = models.ForeignKey("cameras.Camera", models.CASCADE, related_name="+", verbose_name="camera")
    site = models.ForeignKey(
        CameraSite, models.PROTECT, null=True, blank=True, related_name="used_ports", verbose_name="điểm đặt"
    )
    recorder = models.ForeignKey(
        NetworkDevice, models.PROTECT, null=True, blank=True, related_name="recorded_ports", verbose_name="đầu ghi"
    )
    channel = models.PositiveSmallIntegerField("kênh đầu ghi", null=True, blank=True)

    objects = ScopedManager(unit="device__unit")

    class Meta:
        verbose_name = verbose_name_plural = "đấu nối camera"
        constraints = [
            models.UniqueConstraint(
                fields=["device", "port"],
                name="one_camera_per_port",
                violation_error_message="Cổng này của thiết bị đã có camera. Hãy chọn cổng khác.",
            ),
            models.UniqueConstraint(
                fields=["camera"],
                name="one_port_per_camera",
                violation_error_message="Camera này đã đấu ở cổng khác. Hãy sửa dòng ấy thay vì thêm dòng mới.",
            ),
        ]
        triggers = [KeepHistory(), NoHousehold()]

    def __str__(self) -> str:
        return f"{self.device.name}, cổng {self.port}"

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        refuse_household(getattr(self, "camera", None) if self.camera_id else None)
        if self.device_id and self.port and self.port > self.device.ports:
            problems["port"] = f"“Cổng số” {self.port} không có: thiết bị này có {self.device.ports} cổng."
        if self.recorder_id and self.recorder.kind not in (NetworkDevice.Kind.RECORDER, NetworkDevice.Kind.CENTRE):
            problems["recorder"] = "“Đầu ghi” phải là thiết bị loại Đầu ghi hoặc Trung tâm. Hãy chọn lại."
        if problems:
            raise ValidationError(problems)


@moves_with_unit(may_clash="name")
class NetworkService(models.Model):
    """Something besides pictures that a place uses the network for: it is there while its device leads to a centre."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    name = models.CharField("tên dịch vụ", max_length=120)
    device = models.ForeignKey(NetworkDevice, models.PROTECT, related_name="services", verbose_name="dùng ở thiết bị")
    note = models.CharField("ghi chú", max_length=200, blank=True)
    search = SearchField("name", "note")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = verbose_name_plural = "dịch vụ trên mạng"
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="one_network_service_per_name")]
        indexes = [GinIndex(fields=["search"], name="network_service_search")]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return self.name
