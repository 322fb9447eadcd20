"""What commands and other modules may use of places."""

from binhyen.modules.places.country import TWO_TIERS_SINCE, Origin, bring_in
from binhyen.modules.places.models import UnitList
from binhyen.modules.places.reading import UnreadableList

__all__ = ["TWO_TIERS_SINCE", "Origin", "UnitList", "UnreadableList", "bring_in"]
