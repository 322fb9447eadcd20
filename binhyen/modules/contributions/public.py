"""What other modules and the demo use of contributions."""

from binhyen.modules.contributions.ledger import correct, enter, enter_many, number_campaign
from binhyen.modules.contributions.models import Campaign, Entry
from binhyen.modules.contributions.publishing import publish

__all__ = ["Campaign", "Entry", "correct", "enter", "enter_many", "number_campaign", "publish"]
