"""Menu entries of the shell's own pages."""

from binhyen.kernel.screens import SYSTEM, MenuEntry, add_menu_entry
from binhyen.kernel.units.roles import STAFF
from binhyen.web.pages.activity_query import READERS
from binhyen.web.pages.backups import KEEPERS

add_menu_entry(MenuEntry("Hôm nay", "today", "sun", 0))
add_menu_entry(MenuEntry("Quy trình", "workflows", "route", 70, frozenset(STAFF)))
add_menu_entry(MenuEntry("Nhật ký", "activity", "notebook", 80, frozenset(READERS)))
add_menu_entry(MenuEntry("Sao lưu", "backups", "database-export", 92, KEEPERS, SYSTEM))
add_menu_entry(MenuEntry("Cam kết", "promises", "shield-check", 93, frozenset(STAFF), SYSTEM))
