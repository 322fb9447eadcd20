"""The recorder process: many cameras, one loop, desired state from the centre."""
