"""The camera's side of proving who asks: WS-UsernameToken and HTTP Digest, with nonces that count once."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element

from binhyen.contracts import SECOND, Instant
from binhyen.media.onvif.soap import first, text
from binhyen.media.sources.rtsp.auth import parse_challenge

REALM = "Camera ONVIF"
CREATED_WITHIN_US = 5 * 60 * SECOND


@dataclass
class Guard:
    """Accounts and passwords, and how many wrong ones were tried; from `lock_after` on nobody gets in."""

    accounts: dict[str, str] = field(repr=False)
    lock_after: int = 0
    wrong: int = 0
    seen: set[str] = field(default_factory=set)
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def is_locked(self) -> bool:
        return bool(self.lock_after) and self.wrong >= self.lock_after

    def admits_token(self, root: Element, now: Instant) -> bool:
        """A UsernameToken whose digest is right, made within five minutes of the own clock, and new."""
        token = first(root, "UsernameToken")
        user, nonce, created = text(token, "Username"), text(token, "Nonce"), text(token, "Created")
        if token is None or self.is_locked:
            return False
        known = self.accounts.get(user, "")
        proof = base64.b64decode(nonce or "=") + created.encode() + known.encode()
        digest = base64.b64encode(hashlib.sha1(proof, usedforsecurity=False).digest()).decode()
        right = user in self.accounts and hmac.compare_digest(digest, text(token, "Password"))
        return self._noted(right and self._is_fresh(created, now) and nonce not in self.seen, nonce)

    def admits_digest(self, header: str, method: str) -> bool:
        """An RFC 7616 answer with the nonce in force."""
        told = parse_challenge(header).parameters
        if not header.lower().startswith("digest ") or self.is_locked:
            return False
        user = told.get("username", "")
        secret = _md5(f"{user}:{REALM}:{self.accounts.get(user, secrets.token_hex(8))}")
        proof = ":".join((self.nonce, told.get("nc", ""), told.get("cnonce", ""), "auth"))
        expected = _md5(f"{secret}:{proof}:{_md5(method + ':' + told.get('uri', ''))}")
        right = told.get("nonce") == self.nonce and hmac.compare_digest(expected, told.get("response", ""))
        return self._noted(right, "")

    def challenge(self) -> Mapping[str, str]:
        return {"WWW-Authenticate": f'Digest realm="{REALM}", nonce="{self.nonce}", qop="auth", algorithm=MD5'}

    def _noted(self, right: bool, nonce: str) -> bool:
        self.wrong = 0 if right else self.wrong + 1
        if nonce:
            self.seen.add(nonce)
        return right

    def _is_fresh(self, created: str, now: Instant) -> bool:
        try:
            made = datetime.fromisoformat(created.replace("Z", "+00:00"))
        except ValueError:
            return False
        return abs(int(made.timestamp() * SECOND) - now) < CREATED_WITHIN_US


def _md5(words: str) -> str:
    # RFC 7616 names MD5; nothing here protects anything but a simulated camera.
    return hashlib.md5(words.encode(), usedforsecurity=False).hexdigest()
