"""The menu: modules add entries, the shell shows those that a person's roles open.

Entries of one subject name its `MenuGroup`; a person who has many entries finds them under one name.
"""

from dataclasses import dataclass

from binhyen.kernel.units.authority import Authority


@dataclass(frozen=True)
class MenuGroup:
    """A subject under which entries stand together, at the place of the first of them."""

    label: str
    icon: str


@dataclass(frozen=True)
class MenuEntry:
    """`url_name` is opened by any of `roles` (empty: everyone signed in). `icon` is a Tabler icon name.
    Entries stand in the order of `position`."""

    label: str
    url_name: str
    icon: str
    position: int
    roles: frozenset[str] = frozenset()
    group: MenuGroup | None = None


SYSTEM = MenuGroup("Hệ thống", "settings")
"""How the installation itself is: of several rooms, so it stands here."""

_entries: dict[str, MenuEntry] = {}


def add_menu_entry(entry: MenuEntry) -> None:
    """Register `entry`; a second one for the same URL is a mistake."""
    if entry.url_name in _entries:
        raise ValueError(f"the menu already has {entry.url_name!r}")
    _entries[entry.url_name] = entry


def menu_for(authority: Authority) -> list[MenuEntry]:
    """The entries that `authority` may open."""
    mine = [entry for entry in _entries.values() if not entry.roles or authority.holds(entry.roles)]
    return sorted(mine, key=lambda entry: entry.position)
