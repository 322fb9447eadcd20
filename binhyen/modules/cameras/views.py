"""Rules of modules above about where a camera of the station may look; asked before its place is kept."""

from collections.abc import Callable

from binhyen.kernel.units.authority import Refusal, Refused
from binhyen.modules.cameras.models import Camera

ViewRule = Callable[[Camera], Refusal | None]
_rules: list[ViewRule] = []


class ViewRefused(Refused):
    """The camera would look where it must not."""


def add_view_rule(rule: ViewRule) -> ViewRule:
    """Register a rule; None means that the camera may look so."""
    _rules.append(rule)
    return rule


def refuse_view(camera: Camera) -> None:
    """Raise ViewRefused where a rule says no. Household cameras have their own ways: windows that their owner masks."""
    if camera.is_household or camera.latitude is None or camera.longitude is None:
        return
    for rule in _rules:
        refusal = rule(camera)
        if refusal is not None:
            raise ViewRefused(refusal)
