"""A table that forty measures count, over the communes of the whole country. Installed by the bench alone."""
