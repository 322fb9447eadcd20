"""Encrypting a push message for one browser: RFC 8291 over RFC 8188 (aes128gcm), one record.

Written here on `cryptography` because the maintained library for it needs a package without a wheel and a client that
cannot be held to a checked address. Tried against the example of RFC 8291, appendix A.
"""

import base64
import os
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT_BYTES = 16
AUTH_BYTES = 16
RECORD_BYTES = 4096
_LAST_RECORD = b"\x02"  # RFC 8188 §2: the delimiter of the last record


def decoded(text: str) -> bytes:
    """base64url without padding. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def encoded(value: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point, 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key_of(point: bytes) -> ec.EllipticCurvePublicKey:
    """The key of an uncompressed point on P-256. Raises ValueError for what is none."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def encrypt(
    plain: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push message. `sender` and `salt` are made anew for each message; tests give those of the RFC."""
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    own_point = point_of(sender.public_key())
    shared = sender.exchange(ec.ECDH(), public_key_of(p256dh))
    secret = _derived(shared, auth, b"WebPush: info\0" + p256dh + own_point, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack("!IB", RECORD_BYTES, len(own_point)) + own_point
    if len(header) + len(plain) + 17 > RECORD_BYTES:
        raise ValueError("a push message is one record of at most 4096 bytes")
    return header + AESGCM(key).encrypt(nonce, plain + _LAST_RECORD, None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
