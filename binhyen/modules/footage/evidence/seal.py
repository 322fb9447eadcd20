"""What ties the paper to the file: package, root hash and key, short enough for a QR code."""

import re
from dataclasses import dataclass

from binhyen.modules.footage.evidence.facts import PACKAGE_ID

_TEXT = re.compile(rf"BINHYEN1:({PACKAGE_ID.pattern}):([0-9A-F]{{64}}):([0-9A-F]{{32}})")


@dataclass(frozen=True, slots=True)
class Seal:
    """`BINHYEN1:<package id>:<SHA-256 of manifest.json>:<key fingerprint>`, capitals only.

    Capitals, digits and colons are the alphanumeric mode of ISO/IEC 18004: 5.5 bits a character.
    """

    package_id: str
    manifest_sha256: str
    key_fingerprint: str

    def text(self) -> str:
        return f"BINHYEN1:{self.package_id}:{self.manifest_sha256.upper()}:{self.key_fingerprint}"

    @classmethod
    def parse(cls, text: str) -> "Seal":
        """Raises ValueError when `text` is not a seal."""
        match = _TEXT.fullmatch(text.strip().upper())
        if match is None:
            raise ValueError("not a seal: BINHYEN1:<package id>:<SHA-256>:<key fingerprint>")
        return cls(match[1], match[3].lower(), match[4])


def grouped(digits: str, size: int = 4) -> str:
    """Hex digits in groups, for people who compare them by eye."""
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))
