"""A file on the disk that only the vault's key opens: blocks of 1 MiB, each sealed for its place in its file.

AES-256-GCM with a random nonce; what is authenticated beside a block is the file's name and the block's number, so
that a
block cannot be moved, exchanged or taken from another file. A block is `nonce (12) ‖ ciphertext ‖ tag (16)` and
stands at
its number times 1 MiB + 28, so any part can be read without the rest. Blocks are written whole or not at all.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from binhyen.kernel.vault import VaultError

BLOCK_BYTES = 1 << 20
_NONCE_BYTES, _TAG_BYTES = 12, 16
_SEALED_BYTES = BLOCK_BYTES + _NONCE_BYTES + _TAG_BYTES
KEY_BYTES = 32


@dataclass(frozen=True)
class Vessel:
    """The sealed file at `path`. `name` goes into every seal and must never name two files of one key."""

    path: Path
    key: bytes
    name: str

    def __repr__(self) -> str:
        return f"Vessel({self.path.name})"  # the key in no log line

    def write(self, content: bytes | memoryview, at: int) -> None:
        """Put `content` at `at`, a multiple of BLOCK_BYTES, and flush it; only the file's last block may be short."""
        if at % BLOCK_BYTES:
            raise ValueError(f"{at} is not where a block begins")
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            for start in range(0, len(content), BLOCK_BYTES):
                number = (at + start) // BLOCK_BYTES
                file.seek(number * _SEALED_BYTES)
                file.write(self._sealed(content[start : start + BLOCK_BYTES], number))
            file.flush()
            os.fsync(file.fileno())

    def read(self, at: int, most: int) -> bytes:
        """Up to `most` bytes from `at`; empty behind the end. Raises VaultError for a changed byte."""
        found: list[bytes] = []
        with self.path.open("rb") as file:
            while most > 0 and (block := self._block(file, at // BLOCK_BYTES)[at % BLOCK_BYTES :][:most]):
                found.append(block)
                at, most = at + len(block), most - len(block)
        return b"".join(found)

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """[start, end) in pieces of a block at most."""
        while start < end:
            piece = self.read(start, min(end - start, BLOCK_BYTES - start % BLOCK_BYTES))
            if not piece:
                raise VaultError(f"Tệp {self.path.name} thiếu phần cuối. Hãy phục hồi từ bản sao lưu.")
            yield piece
            start += len(piece)

    def _sealed(self, block: bytes | memoryview, number: int) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, bytes(block), self._place(number))

    def _block(self, file: object, number: int) -> bytes:
        file.seek(number * _SEALED_BYTES)  # type: ignore[attr-defined]  # a binary file, opened above
        sealed: bytes = file.read(_SEALED_BYTES)  # type: ignore[attr-defined]  # as above
        if not sealed:
            return b""
        try:
            return AESGCM(self.key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._place(number))
        except (InvalidTag, ValueError) as error:
            raise VaultError(f"Tệp {self.path.name} đã bị thay đổi trên đĩa. Hãy phục hồi từ bản sao lưu.") from error

    def _place(self, number: int) -> bytes:
        return f"{self.name}:{number}".encode()


class VesselWriter:
    """Fills a vessel from its beginning with chunks of any size; `finish` writes what is left."""

    def __init__(self, vessel: Vessel) -> None:
        self.size = 0
        self._vessel = vessel
        self._rest = bytearray()

    def __call__(self, chunk: bytes) -> None:
        self._rest += chunk
        whole = len(self._rest) - len(self._rest) % BLOCK_BYTES
        if whole:
            self._put(whole)

    def finish(self) -> int:
        """The size in bytes."""
        if self._rest:
            self._put(len(self._rest))
        return self.size

    def _put(self, count: int) -> None:
        self._vessel.write(bytes(self._rest[:count]), self.size)
        self.size += count
        del self._rest[:count]
