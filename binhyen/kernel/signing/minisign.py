"""Ed25519 signatures in the file formats of minisign, so that a stranger's tool can check ours.

Format: https://jedisct1.github.io/minisign/ ("Signature format", "Public key format", "Secret key format"),
prehashed variant "ED": Ed25519 (RFC 8032) over the BLAKE2b-512 (RFC 7693) digest of the file. Secret keys are
kept unencrypted (as `minisign -G -W` makes them) in a file that only the service may read.
"""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_ID_BYTES = 8
SIGNATURE_BYTES = 64
_KEY_ALGORITHM = b"Ed"
_PREHASHED = b"ED"
_NO_ENCRYPTION = b"\0\0"
_CHECKSUM = b"B2"
_UNUSED = bytes(32 + 8 + 8)  # salt, operations and memory limit of the key derivation that is not used
_SECRET_KEY_BYTES = 2 + 2 + 2 + 48 + KEY_ID_BYTES + 64 + 32


class KeyFileError(ValueError):
    """A key or signature file is not what minisign writes; the message says which part."""


class Signer(Protocol):
    """Who signs: a key file here, a hardware module elsewhere."""

    @property
    def public_key(self) -> "PublicKey": ...

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature of `message`."""
        ...


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key (32 bytes) and the identifier (8 bytes) by which minisign names it."""

    key_id: bytes
    key: bytes

    @property
    def name(self) -> str:
        """The identifier as minisign prints it: a little-endian number in capital hex."""
        return self.key_id[::-1].hex().upper()

    @property
    def fingerprint(self) -> str:
        """First 16 bytes of the SHA-256 of the key: 32 capital hex digits, what the minutes print."""
        return hashlib.sha256(self.key).hexdigest()[:32].upper()

    @property
    def base64(self) -> str:
        """The one line that `minisign -P` takes."""
        return base64.b64encode(_KEY_ALGORITHM + self.key_id + self.key).decode("ascii")

    def text(self) -> str:
        """The file that `minisign -p` reads."""
        return f"untrusted comment: minisign public key {self.name}\n{self.base64}\n"

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """From a key file or from its base64 line alone; raises KeyFileError."""
        lines = [line for line in text.strip().splitlines() if not line.startswith("untrusted comment:")]
        if len(lines) != 1:
            raise KeyFileError("a public key is one line of base64, after an optional comment")
        raw = _decode(lines[0].strip(), 2 + KEY_ID_BYTES + 32, "public key")
        if raw[:2] != _KEY_ALGORITHM:
            raise KeyFileError(f"public key algorithm {raw[:2]!r} is not {_KEY_ALGORITHM!r}")
        return cls(raw[2:10], raw[10:])

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (64 bytes) is this key's for `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A signing key: its identifier and the 32-byte Ed25519 seed, never shown."""

    key_id: bytes
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, randomness: bytes) -> "SecretKey":
        """From 40 bytes of the system's randomness."""
        if len(randomness) != KEY_ID_BYTES + 32:
            raise ValueError(f"a signing key needs 40 random bytes, got {len(randomness)}")
        return cls(randomness[:KEY_ID_BYTES], randomness[KEY_ID_BYTES:])

    @property
    def public_key(self) -> PublicKey:
        return PublicKey(self.key_id, self._private().public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self._private().sign(message)

    def text(self) -> str:
        """The file that `minisign -s` reads (no password)."""
        pair = self.seed + self.public_key.key
        raw = _KEY_ALGORITHM + _NO_ENCRYPTION + _CHECKSUM + _UNUSED + self.key_id + pair + self._checksum(pair)
        return f"untrusted comment: minisign secret key {self.public_key.name}\n{base64.b64encode(raw).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "SecretKey":
        """From a key file without password; raises KeyFileError."""
        lines = text.splitlines()
        if len(lines) < 2:
            raise KeyFileError("a secret key file has two lines")
        raw = _decode(lines[1].strip(), _SECRET_KEY_BYTES, "secret key")
        if raw[:2] != _KEY_ALGORITHM:
            raise KeyFileError(f"secret key algorithm {raw[:2]!r} is not {_KEY_ALGORITHM!r}")
        if raw[2:4] != _NO_ENCRYPTION:
            raise KeyFileError("the secret key is encrypted with a password; make one with `minisign -G -W`")
        key = cls(raw[54:62], raw[62:94])
        pair, checksum = raw[62:126], raw[126:]
        if pair[32:] != key.public_key.key or checksum not in (bytes(32), key._checksum(pair)):
            raise KeyFileError("the secret key does not match its own checksum")
        return key

    def _checksum(self, pair: bytes) -> bytes:
        return hashlib.blake2b(_KEY_ALGORITHM + self.key_id + pair, digest_size=32).digest()

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Signature:
    """A parsed signature file. The untrusted comment is signed by nobody, so ours is always the same words:
    `subject` ("evidence", "report") names what is signed."""

    key_id: bytes
    signature: bytes
    trusted_comment: str
    global_signature: bytes
    subject: str

    def text(self) -> str:
        """The only file that stands for this signature: any other byte is a change."""
        head = base64.b64encode(_PREHASHED + self.key_id + self.signature).decode("ascii")
        tail = base64.b64encode(self.global_signature).decode("ascii")
        return (
            f"untrusted comment: Binh Yen {self.subject}, key {self.key_id[::-1].hex().upper()}\n"
            f"{head}\ntrusted comment: {self.trusted_comment}\n{tail}\n"
        )

    @classmethod
    def parse(cls, text: str, *, subject: str) -> "Signature":
        """Strictly: raises KeyFileError when the text is not byte for byte what `text()` writes."""
        lines = text.split("\n")
        if len(lines) != 5 or not lines[2].startswith("trusted comment: "):
            raise KeyFileError("a signature file has four lines")
        raw = _decode(lines[1], 2 + KEY_ID_BYTES + SIGNATURE_BYTES, "signature")
        if raw[:2] != _PREHASHED:
            raise KeyFileError(f"signature algorithm {raw[:2]!r} is not {_PREHASHED!r}")
        comment = lines[2].removeprefix("trusted comment: ")
        tail = _decode(lines[3], SIGNATURE_BYTES, "global signature")
        found = cls(raw[2:10], raw[10:], comment, tail, subject)
        if found.text() != text:
            raise KeyFileError("the signature file has bytes that no signature covers")
        return found

    def is_valid(self, signed: bytes, key: PublicKey) -> bool:
        """Whether `key` signed both the file `signed` and the trusted comment."""
        return self.has_own_words(key) and key.verify(self.signature, prehash(signed))

    def has_own_words(self, key: PublicKey) -> bool:
        """Whether `key` signed this signature with its trusted comment, whatever the file is that it is for."""
        signed = self.signature + self.trusted_comment.encode()
        return key.key_id == self.key_id and key.verify(self.global_signature, signed)


def prehash(content: bytes) -> bytes:
    """What the "ED" variant signs in place of the file."""
    return hashlib.blake2b(content, digest_size=64).digest()


def sign_file(content: bytes, *, subject: str, trusted_comment: str, signer: Signer) -> Signature:
    """The signature of `content`, which is a `subject` ("evidence"), with a comment (one line) that is signed too."""
    if "\n" in trusted_comment or "\r" in trusted_comment:
        raise ValueError("a trusted comment is one line")
    signature = signer.sign(prehash(content))
    whole = signer.sign(signature + trusted_comment.encode())
    return Signature(signer.public_key.key_id, signature, trusted_comment, whole, subject)


def open_signing_key(path: Path, *, randomness: bytes | None = None) -> SecretKey:
    """The key in `path`, made (mode 0600) when it is not there and 40 bytes of randomness are given.

    Raises FileNotFoundError when it is absent and none were given, KeyFileError when it is damaged.
    """
    if randomness is not None and not path.exists():
        key = SecretKey.generate(randomness)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.text())
            file.flush()
            os.fsync(file.fileno())
    return SecretKey.parse(path.read_text(encoding="ascii"))


def _decode(line: str, size: int, what: str) -> bytes:
    try:
        raw = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyFileError(f"the {what} is not base64") from error
    if len(raw) != size:
        raise KeyFileError(f"the {what} has {len(raw)} bytes, not {size}")
    return raw
