"""Pages that belong to no module: today, the activity log, the system, published roots."""
