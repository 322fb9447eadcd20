"""Sealing and opening one value."""

import hashlib
import hmac
import secrets
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from binhyen.kernel.vault.keys import KeyRing, VaultError, load_or_create

NONCE_BYTES = 12
VERSION = b"1"


@cache
def _ring(path: Path, _modified_ns: int) -> KeyRing:
    return load_or_create(path)


def current_ring() -> KeyRing:
    """The ring of this installation; read again when the file changes, so a rotation needs no restart."""
    path = Path(settings.BINHYEN_KEYS) / "vault.json"
    return _ring(path, path.stat().st_mtime_ns if path.exists() else 0)


def seal(plain: bytes, *, context: str, ring: KeyRing | None = None) -> bytes:
    """`plain` encrypted and bound to `context`; longer than it by about 40 bytes."""
    ring = ring or current_ring()
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(ring.keys[ring.current]).encrypt(nonce, plain, context.encode())
    return b":".join((VERSION, ring.current.encode(), nonce + sealed))


def open_sealed(sealed: bytes, *, context: str, ring: KeyRing | None = None) -> bytes:
    """What `seal` was given. Raises VaultError for another context, an unknown key or a changed byte."""
    ring = ring or current_ring()
    version, _, rest = bytes(sealed).partition(b":")
    identity, _, body = rest.partition(b":")
    key = ring.keys.get(identity.decode("ascii", "replace"))
    if version != VERSION or key is None:
        raise VaultError("Không có khóa để mở giá trị này. Hãy phục hồi thư mục keys từ bản sao lưu khóa.")
    try:
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise VaultError("Giá trị niêm phong đã bị thay đổi hoặc thuộc về một bản ghi khác.") from error


def pseudonym(value: str, *, purpose: str) -> str:
    """A stable stand-in for `value` that only the key's holder can compute: for look-ups without a register."""
    key = current_ring().pseudonym_key
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()
