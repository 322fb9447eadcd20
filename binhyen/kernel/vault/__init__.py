"""Secrets at rest: sealed with keys that lie outside the database (`keys/vault.json`).

A dump of the database without that file shows no camera password and no household. AES-256-GCM with
a random 96-bit nonce; the context (table, column, row) is authenticated, so a sealed value moved to
another row does not open.
"""

from binhyen.kernel.vault.keys import KeyRing, VaultError, load_or_create
from binhyen.kernel.vault.seal import open_sealed, pseudonym, seal

__all__ = ["KeyRing", "VaultError", "load_or_create", "open_sealed", "pseudonym", "seal"]
