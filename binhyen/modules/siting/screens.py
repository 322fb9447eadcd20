"""The menu entry of the survey."""

from importlib import import_module

from binhyen.kernel.screens import MenuEntry, add_menu_entry
from binhyen.modules.cameras.public import NETWORK_MENU
from binhyen.modules.siting.pages import READERS

add_menu_entry(MenuEntry("Vị trí camera", "siting", "map-search", 38, frozenset(READERS), NETWORK_MENU))
import_module("binhyen.modules.siting.survey")  # its rule about where cameras may look
