"""Values of a row under a key of the row's own, which the ring wraps.

A row is forgotten by forgetting its key: whatever remains of its values elsewhere opens no more with the ring alone.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from binhyen.kernel.vault.keys import KEY_BYTES, KeyRing, VaultError
from binhyen.kernel.vault.seal import NONCE_BYTES, open_sealed, seal


class RowKey:
    """The key of one row, in memory for as long as the row is worked on. `context` names the row."""

    def __init__(self, key: bytes, context: str) -> None:
        self._cipher = AESGCM(key)
        self._context = context

    def __repr__(self) -> str:
        return "RowKey(…)"

    def seal(self, plain: bytes, *, field: str) -> bytes:
        """`plain` encrypted and bound to this row and `field`; 28 bytes longer."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._bound(field))

    def open(self, sealed: bytes, *, field: str) -> bytes:
        """What `seal` was given. Raises VaultError for another row, another field or a changed byte."""
        body = bytes(sealed)
        try:
            return self._cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], self._bound(field))
        except (InvalidTag, ValueError) as error:
            raise VaultError("Giá trị niêm phong đã bị thay đổi hoặc thuộc về một bản ghi khác.") from error

    def _bound(self, field: str) -> bytes:
        return f"{self._context}\0{field}".encode()


def new_row_key(context: str, *, ring: KeyRing | None = None) -> tuple[bytes, RowKey]:
    """`(wrapped, key)`: what the row keeps, and the key to work with."""
    key = secrets.token_bytes(KEY_BYTES)
    return seal(key, context=f"row:{context}", ring=ring), RowKey(key, context)


def open_row_key(wrapped: bytes, context: str, *, ring: KeyRing | None = None) -> RowKey:
    """The key that `new_row_key` made. Raises VaultError where it was forgotten, or the ring cannot open it."""
    return RowKey(open_sealed(wrapped, context=f"row:{context}", ring=ring), context)
