"""Pages of units and of plans."""
