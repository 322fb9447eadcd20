"""Template tags of cameras."""
