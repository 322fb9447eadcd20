"""Numbers declared once: definition, version, owner; by unit, period and kind; each opens the rows behind it.

A module declares in its `measures.py`, loaded when every app is ready; all names are those of `public.py`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from binhyen.kernel.measures.public import *  # noqa: F403  # the same names, for checkers


def __getattr__(name: str) -> Any:
    """Names are looked up when asked for: an app's package may not load models while Django loads the app."""
    try:
        return getattr(import_module("binhyen.kernel.measures.public"), name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
