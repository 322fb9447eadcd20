"""Menu entries of statistics."""

from binhyen.kernel.screens import MenuEntry, add_menu_entry
from binhyen.kernel.units.roles import OFFICERS

add_menu_entry(MenuEntry("Kiểm tra số liệu", "figures-check", "list-check", 93, frozenset(OFFICERS)))
