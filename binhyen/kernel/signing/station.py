"""The signing keys of this installation, one for each kind of thing that it signs."""

import secrets
from pathlib import Path

from django.conf import settings

from binhyen.kernel.signing.minisign import SecretKey, open_signing_key


def station_key(name: str) -> SecretKey:
    """The key in `<keys>/<name>.key`, made at first use. Raises KeyFileError where the file is damaged."""
    path = Path(settings.BINHYEN_KEYS) / f"{name}.key"
    try:
        return open_signing_key(path, randomness=secrets.token_bytes(40))
    except FileExistsError:  # another process made it between the look and the write
        return open_signing_key(path)
