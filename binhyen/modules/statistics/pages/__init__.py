"""Pages of statistics and reports."""
