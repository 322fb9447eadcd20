"""The key ring: one current key, older ones kept to open what they sealed."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32


class VaultError(Exception):
    """A key is missing or a sealed value does not open; nothing about its content is said."""


@dataclass(frozen=True)
class KeyRing:
    """`keys` by id; `current` seals. `pseudonym_key` never rotates, or look-ups by pseudonym would be lost."""

    current: str
    keys: dict[str, bytes]
    pseudonym_key: bytes

    def __repr__(self) -> str:
        return f"KeyRing(current={self.current!r}, {len(self.keys)} keys)"

    def rotated(self) -> "KeyRing":
        """The same ring with a new current key."""
        identity = secrets.token_hex(4)
        return KeyRing(identity, {**self.keys, identity: secrets.token_bytes(KEY_BYTES)}, self.pseudonym_key)


def load_or_create(path: Path) -> KeyRing:
    """The ring in `path`, made on first use with mode 0600. Raises VaultError where the file is damaged."""
    if not path.exists():
        ring = KeyRing("", {}, secrets.token_bytes(KEY_BYTES)).rotated()
        try:
            _write_new(path, ring)
        except FileExistsError:
            return load_or_create(path)  # another process made it between the look and the write
        return ring
    try:
        stored = json.loads(path.read_text())
        keys = {name: base64.b64decode(value) for name, value in stored["keys"].items()}
        return KeyRing(stored["current"], keys, base64.b64decode(stored["pseudonym_key"]))
    except (KeyError, ValueError, TypeError) as error:
        raise VaultError(f"Tệp khóa {path} bị hỏng. Hãy phục hồi tệp này từ bản sao lưu khóa.") from error


def replace(path: Path, ring: KeyRing) -> None:
    """Write `ring` in place of what `path` holds, atomically."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    _write_new(beside, ring)
    beside.replace(path)


def _write_new(path: Path, ring: KeyRing) -> None:
    text = json.dumps(
        {
            "current": ring.current,
            "keys": {name: base64.b64encode(key).decode() for name, key in ring.keys.items()},
            "pseudonym_key": base64.b64encode(ring.pseudonym_key).decode(),
        },
        indent=1,
    )
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)  # fails where `path` exists, so two first starts agree on one ring
    finally:
        beside.unlink()
