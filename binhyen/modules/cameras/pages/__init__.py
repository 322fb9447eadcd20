"""The pages of cameras: register, wall, playback, an owner's own cameras, technical state."""
