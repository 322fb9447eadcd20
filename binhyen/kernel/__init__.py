"""What modules share. No word of the police domain in here."""
