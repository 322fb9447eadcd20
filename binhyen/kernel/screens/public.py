"""All that a module's `screens.py` and `models.py` need."""

from binhyen.kernel.history import KeepHistory, acting
from binhyen.kernel.screens.columns import Column
from binhyen.kernel.screens.declaration import Screens, all_screens, screens_of
from binhyen.kernel.screens.filters import Filter, choice_filter
from binhyen.kernel.screens.menu import SYSTEM, MenuEntry, MenuGroup, add_menu_entry, menu_for
from binhyen.kernel.screens.panels import Facts, History, Panel, Related, Steps
from binhyen.kernel.screens.policy import Action, UnitPolicy
from binhyen.kernel.screens.search import SearchField, VietnameseOrder
from binhyen.kernel.screens.today import WorkItem, add_work_source, work_for
from binhyen.kernel.screens.verbs import Verb

__all__ = [
    "SYSTEM", "Action", "Column", "Facts", "Filter", "History", "KeepHistory", "MenuEntry", "MenuGroup", "Panel",
    "Related", "Screens", "SearchField", "Steps", "UnitPolicy", "Verb", "VietnameseOrder", "WorkItem", "acting",
    "add_menu_entry", "add_work_source", "all_screens", "choice_filter", "menu_for", "screens_of", "work_for",
]  # fmt: skip
