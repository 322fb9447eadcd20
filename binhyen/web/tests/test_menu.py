"""The menu folds what belongs to one subject, for those who have many entries."""

import pytest

from binhyen.kernel.screens import MenuEntry, MenuGroup, add_menu_entry, menu
from binhyen.kernel.units.authority import Authority
from binhyen.web import shell

GROUPS = MenuGroup("Tổ tự quản", "users-group")
AUTHORITY = Authority(None)


@pytest.fixture(autouse=True)
def entries(monkeypatch):
    """Four entries, three of them of one subject."""
    monkeypatch.setattr(menu, "_entries", {})
    add_menu_entry(MenuEntry("Hôm nay", "today", "sun", 0))
    add_menu_entry(MenuEntry("Camera", "camera_list", "device-cctv", 1, group=GROUPS))
    add_menu_entry(MenuEntry("Quy trình", "workflows", "route", 2))
    add_menu_entry(MenuEntry("Vụ việc", "cases", "briefcase", 3, group=GROUPS))


def drawn(path="/"):
    return [(line.label, [each.label for each in line.lines]) for line in shell.menu_lines(AUTHORITY, path)]


def test_few_entries_stand_side_by_side():
    assert drawn() == [("Hôm nay", []), ("Camera", []), ("Quy trình", []), ("Vụ việc", [])]


def test_of_many_those_of_one_subject_stand_under_its_name_at_the_place_of_the_first(monkeypatch):
    monkeypatch.setattr(shell, "MENU_FLAT_MAX", 3)
    assert drawn() == [("Hôm nay", []), ("Tổ tự quản", ["Camera", "Vụ việc"]), ("Quy trình", [])]


def test_a_subject_is_where_one_of_its_entries_is(monkeypatch):
    monkeypatch.setattr(shell, "MENU_FLAT_MAX", 3)
    here = {line.label: line.is_here for line in shell.menu_lines(AUTHORITY, "/vu-viec/1/")}
    assert here == {"Hôm nay": False, "Tổ tự quản": True, "Quy trình": False}


def test_a_subject_with_one_entry_is_that_entry(monkeypatch):
    monkeypatch.setattr(shell, "MENU_FLAT_MAX", 1)
    del menu._entries["cases"]
    assert drawn() == [("Hôm nay", []), ("Camera", []), ("Quy trình", [])]
