"""One POST to a machine outside, to an address that was checked (S05).

A name is resolved once and the connection goes to the address that was checked; redirects are not followed; what is
answered is not read beyond its status, and the whole takes a bounded time.
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from binhyen.contracts.addresses import ip_meant_by, why_never
from binhyen.kernel.notify.channel import TryLater, Undeliverable

STEP_TIMEOUT_S = 10.0
WHOLE_TIMEOUT_S = 30.0

Resolver = Callable[[str, int], list[str]]


def resolve_with_system(host: str, port: int) -> list[str]:
    """Addresses of `host` by the system's resolver, in its order; blocks."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))


@dataclass(frozen=True)
class Reach:
    """Which machines may be reached: never this server's link, metadata or groups; `private` networks and `loopback`
    where the caller has a reason. `tls` None: the system's certificates."""

    private: bool = False
    loopback: bool = False
    resolver: Resolver = resolve_with_system
    tls: ssl.SSLContext | None = None

    def address_of(self, host: str, port: int) -> str:
        """The checked address of `host`. Raises TryLater where the name is not found now, Undeliverable if refused."""
        try:
            found = [str(ipaddress.ip_address(host))]
        except ValueError:
            found = self._resolved(host, port)
        for each in found:
            self._check(each)
        return found[0]

    def _resolved(self, host: str, port: int) -> list[str]:
        try:
            found = self.resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise TryLater("name-not-found") from error
        if not found:
            raise TryLater("name-not-found")
        return found

    def _check(self, address: str) -> None:
        ip = ip_meant_by(address)
        is_allowed = self.loopback if ip.is_loopback else why_never(ip) is None and (self.private or ip.is_global)
        if not is_allowed:
            raise Undeliverable("address-refused")


def post(url: str, body: bytes, headers: Mapping[str, str], *, reach: Reach) -> int:
    """The status of posting `body` to `url` (https, or http where `reach` lets loopback or private networks in).

    Raises TryLater where nobody answers, Undeliverable where the address is refused.
    """
    parts = urlsplit(url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    if not host or (not is_tls and not (parts.scheme == "http" and (reach.private or reach.loopback))):
        raise Undeliverable("address-refused")
    port = parts.port or (443 if is_tls else 80)
    connection = _connection(host, port, reach.address_of(host, port), reach.tls, is_tls=is_tls)
    guard = threading.Timer(WHOLE_TIMEOUT_S, _cut, [connection])
    guard.daemon = True
    guard.start()
    try:
        connection.request(
            "POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, dict(headers)
        )
        return connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise TryLater(type(error).__name__) from error
    finally:
        guard.cancel()
        connection.close()


class _Plain(HTTPConnection):
    """Connects to the checked address, whatever the name says by now."""

    address = ""

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _Tls(HTTPSConnection):
    """As `_Plain`; the certificate is checked against the name."""

    address = ""
    tls: ssl.SSLContext

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)


def _connection(host: str, port: int, address: str, tls: ssl.SSLContext | None, *, is_tls: bool) -> HTTPConnection:
    if not is_tls:
        plain = _Plain(host, port, timeout=STEP_TIMEOUT_S)
        plain.address = address
        return plain
    secure = _Tls(host, port, timeout=STEP_TIMEOUT_S)
    secure.address, secure.tls = address, tls or ssl.create_default_context()
    return secure


def _cut(connection: HTTPConnection) -> None:
    """End a conversation that drips on."""
    sock = connection.sock
    if sock is not None:
        sock.shutdown(socket.SHUT_RDWR)
