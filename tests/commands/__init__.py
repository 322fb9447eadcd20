"""Commands of `binhyen`, run as processes."""
