"""The registers of the network, the menu, what waits for whom, and what stands on a camera's page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate

from binhyen.kernel.screens import Column, Facts, History, MenuEntry, Related, Screens, WorkItem, add_menu_entry
from binhyen.kernel.units.authority import Authority
from binhyen.modules.cameras.public import NETWORK_MENU as MENU
from binhyen.modules.cameras.public import CameraPanel, add_camera_panel, shared_cameras
from binhyen.modules.network import domain
from binhyen.modules.network.checklist import items_on
from binhyen.modules.network.models import (
    CameraCertificate,
    CameraCluster,
    CameraPort,
    CameraSite,
    NetworkDevice,
    NetworkLine,
    NetworkService,
    SecurityCheck,
)
from binhyen.modules.network.notices import ending_certificates
from binhyen.modules.network.rules import KEEPERS, READERS, may_read_donor, policy

WORK_SHOWN = 20
POSITION = 31
"""After the list of cameras; entries of one place stand in the order in which they are added."""

for _label, _name, _icon in (
    ("Tình trạng mạng", "network-state", "activity-heartbeat"),
    ("Sơ đồ mạng", "network-picture", "topology-star-3"),
    ("Cắt đường này", "network-cut", "scissors"),
    ("Các lần mất hình", "network-outages", "video-off"),
):
    add_menu_entry(MenuEntry(_label, _name, _icon, POSITION, READERS, MENU))


class ClusterScreens(Screens):
    """Cụm camera."""

    model, slug, icon, position, menu_group = CameraCluster, "cum-camera", "grid-dots", POSITION, MENU
    columns = "code", "name", "purpose", "unit"
    filters = ("unit",)
    order = "code"
    fields = "unit", "code", "name", "purpose"
    key = "unit", "code"
    panels = Facts(), Related(CameraSite, "cluster", "Điểm đặt"), History()
    policy = policy()
    example = {"code": "C01", "name": "Cụm chợ trung tâm", "purpose": "Trộm cắp, gây rối ở chợ và bến xe"}


@dataclass(frozen=True)
class DonorPanel:
    """Whether somebody gave for the site, and for registrars the way to the sealed name."""

    title: str = "Bên tặng"
    template: str = "network/_donor.html"

    def context(self, screens: Screens, authority: Authority, row: CameraSite) -> dict[str, Any] | None:
        """Nothing for a person who may not read the name."""
        if may_read_donor(authority, row):
            return None
        return {"has_donor": domain.has_donor(row), "url": reverse("network-donor", args=[row.pk])}


class SiteScreens(Screens):
    """Điểm đặt camera."""

    model, slug, icon, position, menu_group = CameraSite, "diem-dat", "map-pin", POSITION, MENU
    columns = "code", "name", "cluster", "power", "notice_sign", "built_on", "cost", "funding", "unit"
    filters = "cluster", "power", "notice_sign", "funding", "built_on", "unit"
    order = "code"
    fields = (
        "unit", "code", "name", "cluster", "address", "latitude", "longitude", "mount", "power", "backup_minutes",
        "notice_sign", "retention_days", "built_on", "removed_on", "cost", "funding", "contractor",
    )  # fmt: skip
    key = "unit", "code"
    panels = Facts(), DonorPanel(), Related(CameraPort, "site", "Camera ở điểm này"), History()
    policy = policy()
    example = {
        "code": "D01", "name": "Cột trước chợ", "address": "Ngã ba chợ", "latitude": "21,634012",
        "longitude": "105,642034", "mount": "Cột riêng", "power": "Điện lưới riêng", "backup_minutes": "120",
        "notice_sign": "có", "retention_days": "30", "built_on": "15/10/2025", "cost": "3.005.000",
        "funding": "Ngân sách", "contractor": "Công ty Ánh Sao",
    }  # fmt: skip


class DeviceScreens(Screens):
    """Thiết bị mạng."""

    model, slug, icon, position, menu_group = NetworkDevice, "thiet-bi-mang", "router", POSITION, MENU
    columns = "code", "name", "kind", "type_name", "serial", "ports", "site", "unit"
    filters = "kind", "site", "carries_households", "unit"
    order = "code"
    fields = (
        "unit", "code", "name", "kind", "site", "type_name", "serial", "ports", "carries_households", "installed_on",
        "removed_on",
    )  # fmt: skip
    key = "unit", "code"
    panels = (
        Facts(), Related(CameraPort, "device", "Camera ở các cổng"), Related(NetworkLine, "a_end", "Đường đi từ đây"),
        Related(NetworkLine, "b_end", "Đường đến đây"), Related(NetworkService, "device", "Dịch vụ"), History(),
    )  # fmt: skip
    policy = policy()
    example = {"code": "SW01", "name": "Bộ chuyển mạch chợ", "kind": "Bộ chuyển mạch", "ports": "24",
               "installed_on": "15/10/2025"}  # fmt: skip


class LineScreens(Screens):
    """Đường truyền."""

    model, slug, icon, position, menu_group = NetworkLine, "duong-truyen", "route-2", POSITION, MENU
    columns = "code", "name", "kind", "a_end", "b_end", "duct", "provider", "megabits", "unit"
    filters = "kind", "unit"
    order = "code"
    fields = (
        "unit", "code", "name", "kind", "a_end", "b_end", "duct", "provider", "contract", "megabits", "opened_on",
        "closed_on",
    )  # fmt: skip
    key = "unit", "code"
    policy = policy()
    example = {"code": "L01", "name": "Chợ về trụ sở", "kind": "Cáp quang riêng", "b_end": "", "duct": "Tuyến đường 3",
               "provider": "Nhà mạng A", "megabits": "100", "opened_on": "15/10/2025"}  # fmt: skip


class PortScreens(Screens):
    """Đấu nối camera."""

    model, slug, icon, position, menu_group = CameraPort, "dau-noi-camera", "plug-connected", POSITION, MENU
    columns = "device", "port", "camera", "site", "recorder", "channel"
    filters = "device", "site", "recorder"
    fields = "device", "port", "camera", "site", "recorder", "channel"
    key = "device", "port"
    choices = {"camera": shared_cameras}
    policy = policy("device__unit")
    example = {"port": "1", "recorder": "", "channel": ""}


class ServiceScreens(Screens):
    """Dịch vụ trên mạng."""

    model, slug, icon, position, menu_group = NetworkService, "dich-vu-mang", "apps", POSITION, MENU
    columns = "name", "device", "note", "unit"
    filters = ("device", "unit")
    order = "name"
    fields = "unit", "name", "device", "note"
    key = "unit", "name"
    policy = policy()
    example = {"name": "Điện thoại trực ban", "note": "Tổng đài IP"}


class CertificateScreens(Screens):
    """Giấy kiểm định."""

    model, slug, icon, position, menu_group = CameraCertificate, "kiem-dinh-camera", "certificate", POSITION, MENU
    columns = "number", "kind", "camera", "issuer", "issued_on", "expires_on"
    filters = "kind", "expires_on"
    order = "expires_on"
    fields = "camera", "kind", "number", "issuer", "issued_on", "expires_on"
    key = "camera", "number"
    choices = {"camera": shared_cameras}
    policy = policy("camera__unit")
    example = {"kind": "Kiểm định", "number": "KD-0012/2025", "issuer": "Trung tâm Đo lường",
               "issued_on": "01/11/2025", "expires_on": "31/10/2026"}  # fmt: skip

    def waits(self, authority: Authority) -> Iterator[WorkItem]:
        """Certificates that have run out or soon will, for who keeps the register."""
        if not authority.holds(KEEPERS):
            return
        mine = ending_certificates().filter(camera__unit__in=authority.unit_ids(KEEPERS))
        for row in mine.select_related("camera").order_by("expires_on")[:WORK_SHOWN]:
            due_at = datetime.combine(row.expires_on, time(23, 59), tzinfo=get_current_timezone())
            yield WorkItem(f"Gia hạn {row}: {row.camera}", self.url_of(row), "certificate", due_at)


class CheckScreens(Screens):
    """Kiểm tra an ninh camera."""

    model, slug, icon, position, menu_group = SecurityCheck, "an-ninh-camera", "shield-check", POSITION, MENU
    columns = (
        "camera",
        "item",
        "outcome",
        "checked_on",
        "how",
        "note",
        Column("unit", "Đơn vị", lambda row: row.camera.unit.name),
    )
    filters = "item", "outcome", "how", "checked_on"
    order = "-checked_on"
    fields = "camera", "item", "outcome", "checked_on", "note"
    key = "camera", "item"
    choices = {"camera": shared_cameras}
    policy = policy("camera__unit")
    example = {"item": "Không dùng mật khẩu mặc định", "outcome": "Đạt", "checked_on": "02/11/2026",
               "note": "Thử ba mật khẩu của hãng"}  # fmt: skip

    def rows(self, authority: Authority, action: Any = None) -> Any:
        """With what the last column shows."""
        found = super().rows(authority, action) if action else super().rows(authority)
        return found.select_related("camera__unit")

    def save(self, row: Any, *, by: Any, is_new: bool) -> None:
        """What a person writes down is the person's word, also where a machine had tried before."""
        row.how = SecurityCheck.How.PERSON
        row.save()

    def waits(self, authority: Authority) -> Iterator[WorkItem]:
        """Cameras that fail an item, for who keeps the register."""
        if authority.holds(KEEPERS):
            failing = self.rows(authority).filter(outcome="fails", camera__unit__in=authority.unit_ids(KEEPERS))
            for row in failing.order_by("checked_on", "pk")[:WORK_SHOWN]:
                yield WorkItem(f"Camera {row.camera} không đạt: {row.get_item_display()}", self.url_of(row), "security")


@add_camera_panel
def network_panel(authority: Authority, camera: Any) -> CameraPanel:
    """Where the camera hangs and stands, its newest certificate, and each item of the checklist."""
    port = CameraPort._base_manager.filter(camera=camera).select_related("device__unit", "site__unit", "recorder__unit")
    checks = {row.item: row for row in SecurityCheck._base_manager.filter(camera=camera)}
    context = {
        "port": port.first(),
        "certificate": CameraCertificate._base_manager.filter(camera=camera).order_by("-expires_on").first(),
        "today": localdate(),
        "items": [(item, checks.get(item.code)) for item in items_on(localdate())],
        "may_check": authority.holds(KEEPERS, camera.unit),
        "camera": camera,
    }
    return CameraPanel("Trên mạng và an ninh", "network/_camera.html", 10, context)
