"""Basic and Digest authentication (RFC 7617, RFC 7616, RFC 2617) as cameras ask for them."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

_PARAMETER = re.compile(r'([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_HASHES: dict[str, Callable[[bytes], "hashlib._Hash"]] = {
    "MD5": lambda text: hashlib.md5(text, usedforsecurity=False),  # the protocol says MD5; a camera offers no more
    "SHA-256": hashlib.sha256,
}
_STRENGTH = {"SHA-256": 3, "MD5": 2}


@dataclass(frozen=True, slots=True)
class Challenge:
    """One `WWW-Authenticate` header."""

    scheme: str
    parameters: dict[str, str]

    @property
    def algorithm(self) -> str:
        """Name of the hash without "-sess", in upper case."""
        return self.parameters.get("algorithm", "MD5").upper().removesuffix("-SESS")

    @property
    def strength(self) -> int:
        """Higher is better; 0 is not understood."""
        if self.scheme == "basic":
            return 1
        return _STRENGTH.get(self.algorithm, 0) if self.scheme == "digest" else 0


def parse_challenge(header: str) -> Challenge:
    """The scheme in lower case and its parameters, names in lower case."""
    scheme, _, rest = header.strip().partition(" ")
    found = {m[1].lower(): m[3] or re.sub(r"\\(.)", r"\1", m[2] or "") for m in _PARAMETER.finditer(rest)}
    return Challenge(scheme.lower(), found)


@dataclass(slots=True)
class Credentials:
    """User and password, and the challenge in force. `random_hex` makes client nonces."""

    user: str = field(repr=False)
    password: str = field(repr=False)
    random_hex: Callable[[], str] = field(repr=False)
    _challenge: Challenge | None = None
    _count: int = 0

    @property
    def known(self) -> bool:
        """Whether there is anything to answer with."""
        return bool(self.user or self.password)

    @property
    def nonce(self) -> str:
        """The nonce in force, or ""."""
        return self._challenge.parameters.get("nonce", "") if self._challenge else ""

    def take(self, headers: list[str]) -> bool:
        """Choose the strongest of the challenges; false where none is understood."""
        best = max(map(parse_challenge, headers), key=lambda each: each.strength, default=None)
        if best is None or best.strength == 0:
            return False
        self._challenge, self._count = best, 0
        return True

    def header(self, method: str, url: str) -> str | None:
        """The `Authorization` of a request, or None while nobody asked."""
        if self._challenge is None:
            return None
        if self._challenge.scheme == "basic":
            return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return self._digest(self._challenge.parameters, self._challenge.algorithm, method, url)

    def _digest(self, asked: dict[str, str], algorithm: str, method: str, url: str) -> str:
        def hashed(*words: str) -> str:
            return _HASHES[algorithm](":".join(words).encode()).hexdigest()

        realm, nonce = asked.get("realm", ""), asked.get("nonce", "")
        self._count += 1
        count, client_nonce = f"{self._count:08x}", self.random_hex()
        secret = hashed(self.user, realm, self.password)
        if asked.get("algorithm", "").upper().endswith("-SESS"):
            secret = hashed(secret, nonce, client_nonce)
        answer = {"username": self.user, "realm": realm, "nonce": nonce, "uri": url}
        if "auth" in [each.strip() for each in asked.get("qop", "").split(",")]:
            response = hashed(secret, nonce, count, client_nonce, "auth", hashed(method, url))
            bare = f', qop=auth, nc={count}, cnonce="{client_nonce}"'
        else:
            response = hashed(secret, nonce, hashed(method, url))
            bare = f', cnonce="{client_nonce}"' if asked.get("algorithm", "").upper().endswith("-SESS") else ""
        answer["response"] = response
        if "opaque" in asked:
            answer["opaque"] = asked["opaque"]
        if "algorithm" in asked:
            bare += f", algorithm={asked['algorithm']}"
        return "Digest " + ", ".join(f'{name}="{_escaped(value)}"' for name, value in answer.items()) + bare


def _escaped(value: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", re.sub(r"[\r\n]", "", value))
