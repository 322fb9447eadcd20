"""What modules above show on a case's page: requests, evidence, who looked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from binhyen.kernel.units.authority import Authority
from binhyen.modules.cases.models import Case


@dataclass(frozen=True)
class Panel:
    """One part of the page: `template` rendered with `context`. Panels stand in the order of `position`."""

    title: str
    template: str
    position: int
    context: dict[str, Any] = field(default_factory=dict)


PanelSource = Callable[[Authority, Case], Panel]
_sources: list[PanelSource] = []


def add_case_panel(source: PanelSource) -> PanelSource:
    """Register a panel; usable as a decorator."""
    _sources.append(source)
    return source


def panels_of(authority: Authority, case: Case) -> list[Panel]:
    """The panels of `case` for this person."""
    return sorted((source(authority, case) for source in _sources), key=lambda panel: panel.position)
