"""What can keep a backup or a restore from coming about."""


class BackupError(Exception):
    """It did not come about, and nothing was changed; the message is a sentence for the person at the console."""
