"""What modules above put on a group's page and beside it in the menu."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from binhyen.kernel.screens import MenuGroup
from binhyen.kernel.units.authority import Authority
from binhyen.modules.groups.models import Group

MENU = MenuGroup("Tổ tự quản", "users-group")
"""Under which entries of the movement stand together in the menu."""


@dataclass(frozen=True)
class GroupPanel:
    """`template` is drawn with `context` on the page of a group, in the order of `position`."""

    title: str
    template: str
    position: int
    context: dict[str, Any] = field(default_factory=dict)


PanelSource = Callable[[Authority, Group], GroupPanel | None]
_sources: list[PanelSource] = []


def add_group_panel(source: PanelSource) -> PanelSource:
    """Register a function that gives a panel of a group, or None for a person who may not see it; a decorator."""
    _sources.append(source)
    return source


def panels_of(authority: Authority, group: Group) -> list[GroupPanel]:
    """The panels that this person sees on the group's page."""
    found = [panel for source in _sources if (panel := source(authority, group)) is not None]
    return sorted(found, key=lambda panel: panel.position)
