"""Where taking cameras in stands in the menu, and the device's part of a camera's page."""

from binhyen.kernel.screens import MenuEntry, add_menu_entry
from binhyen.kernel.units.authority import Authority
from binhyen.modules.cameras.public import REGISTRARS, Camera, CameraPanel, add_camera_panel
from binhyen.modules.network.public import MENU
from binhyen.modules.onboarding.models import CameraDevice

POSITION = 33
"""After the network's own entries."""

add_menu_entry(MenuEntry("Tìm camera", "device_find", "radar-2", POSITION, REGISTRARS, MENU))
add_menu_entry(MenuEntry("Thêm nhiều camera", "camera_bulk", "file-spreadsheet", POSITION, REGISTRARS, MENU))


@add_camera_panel
def device_panel(authority: Authority, camera: Camera) -> CameraPanel | None:
    """What the device says of itself; registrars of the unit alone."""
    if camera.is_household or not authority.holds(REGISTRARS, camera.unit):
        return None
    device = CameraDevice.objects.filter(camera=camera).first()
    if device is None:
        return None
    return CameraPanel("Thiết bị", "onboarding/_device.html", 40, {"device": device, "camera": camera})
