"""The menu entry of the survey, beside the pages of units."""

from importlib import import_module

from binhyen.kernel.screens import MenuEntry, MenuGroup, add_menu_entry
from binhyen.modules.siting.pages import READERS

add_menu_entry(
    MenuEntry("Vị trí camera", "siting", "map-search", 99, frozenset(READERS), MenuGroup("Đơn vị, địa bàn", "sitemap"))
)
import_module("binhyen.modules.siting.survey")  # its rule about where cameras may look
