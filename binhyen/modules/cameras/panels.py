"""What modules above show on the page of a camera of tier 1 or 2, and on an owner's page of the own one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from binhyen.kernel.units.authority import Authority
from binhyen.modules.cameras.models import Camera


@dataclass(frozen=True)
class CameraPanel:
    """One part of the page: `template` rendered with `context`, in the order of `position`."""

    title: str
    template: str
    position: int
    context: dict[str, Any] = field(default_factory=dict)


PanelSource = Callable[[Authority, Camera], CameraPanel | None]
_sources: list[PanelSource] = []


def add_camera_panel(source: PanelSource) -> PanelSource:
    """Register a function that gives a panel of a camera, or None for a person who may not see it; a decorator."""
    _sources.append(source)
    return source


def panels_of(authority: Authority, camera: Camera) -> list[CameraPanel]:
    """The panels that this person sees on the camera's page."""
    found = [panel for source in _sources if (panel := source(authority, camera)) is not None]
    return sorted(found, key=lambda panel: panel.position)


@dataclass(frozen=True)
class OwnPanel:
    """One part of an owner's page of the own camera: `template` rendered with `context`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


OwnPanelSource = Callable[[Camera], OwnPanel]
_own_sources: list[OwnPanelSource] = []


def add_own_panel(source: OwnPanelSource) -> OwnPanelSource:
    """Register a function that gives a panel for the owner of a household camera; a decorator."""
    _own_sources.append(source)
    return source


def own_panels_of(camera: Camera) -> list[OwnPanel]:
    """The panels that the owner of `camera` sees."""
    return [source(camera) for source in _own_sources]
