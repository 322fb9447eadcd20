"""Pages: finding, one device, many at once."""
