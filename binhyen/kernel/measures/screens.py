"""The menu entry of the definitions, beside the figures."""

from binhyen.kernel.screens import MenuEntry, MenuGroup, add_menu_entry
from binhyen.kernel.units.roles import STAFF

GROUP = MenuGroup("Thống kê, báo cáo", "chart-bar")
add_menu_entry(MenuEntry("Chỉ số", "measures", "list-numbers", 94, frozenset(STAFF), GROUP))
