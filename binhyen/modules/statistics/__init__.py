"""Statistics: pages for every declared measure, and reports that are checked, signed and never change."""
