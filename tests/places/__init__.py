"""Plans that change units, over every table of the product; and lists of units."""
