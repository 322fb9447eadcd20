"""A register of a million rows, its screens, and Django's admin on the same table. Installed by the bench alone."""
