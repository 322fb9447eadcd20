"""Secrets at rest: sealed with keys that lie outside the database (`keys/vault.json`).

A dump of the database without that file shows no camera password and no household. AES-256-GCM with
a random 96-bit nonce; the context (table, column, row) is authenticated, so a sealed value moved to
another row does not open. `rows` gives a row a key of its own.
"""

from binhyen.kernel.vault.keys import KeyRing, VaultError, load_or_create
from binhyen.kernel.vault.rows import RowKey, new_row_key, open_row_key
from binhyen.kernel.vault.seal import current_ring, open_sealed, pseudonym, seal

__all__ = [
    "KeyRing",
    "RowKey",
    "VaultError",
    "current_ring",
    "load_or_create",
    "new_row_key",
    "open_row_key",
    "open_sealed",
    "pseudonym",
    "seal",
]
