from datetime import UTC, datetime, timedelta

import pytest

from binhyen.kernel.screens import MenuEntry, WorkItem, add_menu_entry, add_work_source, menu, menu_for, today, work_for
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import Role


@pytest.fixture(autouse=True)
def empty_registries(monkeypatch):
    monkeypatch.setattr(menu, "_entries", {})
    monkeypatch.setattr(today, "_sources", [])


def test_the_menu_shows_what_the_roles_open_in_order():
    for label, position, roles in (("Nhật ký", 3, {Role.AUDITOR}), ("Hôm nay", 1, set()), ("Vụ việc", 2, {Role.CHIEF})):
        add_menu_entry(MenuEntry(label, label, "icon", position, frozenset(roles)))
    chief = Authority(None, {Role.CHIEF: ("0001",)})
    assert [entry.label for entry in menu_for(chief)] == ["Hôm nay", "Vụ việc"]


def test_one_page_stands_in_the_menu_once():
    add_menu_entry(MenuEntry("Vụ việc", "cases", "icon", 1))
    with pytest.raises(ValueError, match="already has 'cases'"):
        add_menu_entry(MenuEntry("Hồ sơ", "cases", "icon", 2))


def test_what_is_due_first_stands_first_and_what_has_no_deadline_last():
    now = datetime(2026, 11, 21, tzinfo=UTC)
    add_work_source(
        lambda authority: [WorkItem("sau", "/", "x", now + timedelta(1)), WorkItem("khi nào cũng được", "/", "x")]
    )
    add_work_source(lambda authority: [WorkItem("trước", "/", "x", now)])
    assert [item.label for item in work_for(Authority(None))] == ["trước", "sau", "khi nào cũng được"]
