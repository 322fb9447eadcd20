"""The menu entries of cameras, and which cameras wait for whom."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.timezone import now

from binhyen.kernel.screens import SYSTEM, MenuEntry, WorkItem, add_menu_entry, add_work_source
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cameras import openings, queries
from binhyen.modules.cameras.households import cameras_of, open_household
from binhyen.modules.cameras.menu import NETWORK_MENU

CAMERAS_SHOWN = 10

add_menu_entry(MenuEntry("Tường hình", "camera_wall", "layout-grid", 20, OFFICERS))
add_menu_entry(MenuEntry("Camera", "camera_list", "device-cctv", 30, OFFICERS | {Role.IT_ADMIN}))
add_menu_entry(MenuEntry("Bản đồ mạng camera", "camera_map", "map-2", 35, OFFICERS, NETWORK_MENU))
add_menu_entry(
    MenuEntry("Mở niêm phong", "camera_openings", "lock-open", 36, frozenset({Role.CHIEF, Role.AUDITOR}), NETWORK_MENU)
)
add_menu_entry(MenuEntry("Xem lại", "camera_playback_start", "player-play", 40, OFFICERS))
add_menu_entry(MenuEntry("Camera của tôi", "own_cameras", "home", 70, frozenset({Role.CAMERA_OWNER})))
add_menu_entry(MenuEntry("Máy và ổ đĩa", "system", "server", 90, frozenset({Role.IT_ADMIN}), SYSTEM))


@add_work_source
def waiting_openings(authority: Authority) -> Iterator[WorkItem]:
    """What the second person is asked to open."""
    for opening in openings.waiting_openings(authority, now()):
        label = f"Đề nghị mở niêm phong camera {opening.camera.code}"
        due_at = opening.asked_at + openings.ASK_LASTS
        yield WorkItem(label, reverse("camera_openings"), "vault", due_at, opening.get_reason_display())


@add_work_source
def ailing_cameras(authority: Authority) -> Iterator[WorkItem]:
    """Cameras in trouble: for who looks after the register, and for owners their own."""
    if authority.holds({Role.COMMUNE_OFFICER, Role.IT_ADMIN}):
        rows = [row for row in queries.find_cameras(authority, queries.Asked()) if row.condition.badge == "late"]
        for row in rows[:CAMERAS_SHOWN]:
            address = reverse("camera_detail", args=[row.camera.code])
            yield WorkItem(f"Camera {row.camera}: {row.condition.label}", address, "camera")
    if authority.user is not None and authority.holds({Role.CAMERA_OWNER}):
        for camera in cameras_of(authority.user):
            condition = queries.condition_of(camera, now())
            if condition.badge == "late":
                name = open_household(camera).name
                yield WorkItem(f"{name}: {condition.label}", reverse("own_camera", args=[camera.code]), "camera")
