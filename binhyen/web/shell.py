"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from binhyen.kernel.screens import menu_for
from binhyen.kernel.units.authority import NOBODY


def context(request: HttpRequest) -> dict[str, Any]:
    """For templates: the menu of this person's roles, and whether this is the made-up commune."""
    authority = getattr(request, "authority", NOBODY)
    return {
        "authority": authority,
        "menu": menu_for(authority) if authority.user else [],
        "is_demo": settings.BINHYEN_DEMO,
    }
