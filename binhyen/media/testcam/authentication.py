"""The camera's side of Basic (RFC 7617) and Digest (RFC 2617) authentication."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Literal

Scheme = Literal["none", "basic", "digest"]
REALM = "Camera Binh Yen"
_PARAMETER = re.compile(r'(\w+)="?([^",]*)"?')


@dataclass(slots=True)
class Gate:
    """Says whether a request carries the right name and password."""

    user: str = ""
    password: str = field(default="", repr=False)
    scheme: Scheme = "none"
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))

    def admits(self, method: str, header: str) -> bool:
        if self.scheme == "none":
            return True
        kind, _, rest = header.partition(" ")
        if kind.lower() != self.scheme:
            return False
        return self._basic(rest) if self.scheme == "basic" else self._digest(method, rest)

    def challenge(self) -> str:
        if self.scheme == "digest":
            return f'Digest realm="{REALM}", nonce="{self.nonce}"'
        return f'Basic realm="{REALM}"'

    def _basic(self, rest: str) -> bool:
        expected = base64.b64encode(f"{self.user}:{self.password}".encode())
        return hmac.compare_digest(expected, rest.strip().encode())

    def _digest(self, method: str, rest: str) -> bool:
        given = dict(_PARAMETER.findall(rest))
        secret = _md5(f"{self.user}:{REALM}:{self.password}")
        expected = _md5(f"{secret}:{self.nonce}:{_md5(method + ':' + given.get('uri', ''))}")
        known = given.get("username") == self.user and given.get("nonce") == self.nonce
        return known and hmac.compare_digest(expected.encode(), given.get("response", "").encode())


def _md5(text: str) -> str:
    # RFC 2617 names MD5; nothing here protects anything but a simulated camera.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
