"""How much one line of the ledger may be."""

from binhyen.kernel.screens.money import DongField, DongInput

__all__ = ["AMOUNT_MAX", "DongField", "DongInput"]

AMOUNT_MAX = 10_000_000_000
"""In đồng, for one entry. More is a slip of the finger, or several gifts."""
