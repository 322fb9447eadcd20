"""What a module shows in the shell, declared once: menu entries and what waits for a person.

A module registers in its `screens.py`, loaded when its app is ready.
"""

from binhyen.kernel.screens.menu import MenuEntry, add_menu_entry, menu_for
from binhyen.kernel.screens.today import WorkItem, add_work_source, work_for

__all__ = ["MenuEntry", "WorkItem", "add_menu_entry", "add_work_source", "menu_for", "work_for"]
