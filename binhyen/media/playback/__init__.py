"""What was recorded, read back: time line, pictures for a player, clips for evidence, single stills."""
