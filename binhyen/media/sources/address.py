"""Where this product connects to, and where never (RELIABILITY S05).

A camera's address is typed by a person and a redirect is chosen by a camera, so neither may lead the server
to itself, to a cloud's metadata service or to a group. A name is resolved once and the connection goes to the
address that was checked: a name that changes its answer gains nothing.
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass

from binhyen.contracts.addresses import ip_meant_by, why_never
from binhyen.media.sources.errors import AddressRefused, NameNotFound, quoted

Resolver = Callable[[str, int], list[str]]


def resolve_with_system(host: str, port: int) -> list[str]:
    """Addresses of `host` by the system's resolver, in its order; blocks."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Private networks are where cameras live and are allowed; loopback and files only where asked for.

    The demo's cameras live on loopback. Files would let a camera's address read this server's disk.
    """

    allow_loopback: bool = False
    allow_files: bool = False
    resolver: Resolver = resolve_with_system

    def resolve(self, host: str, port: int) -> list[str]:
        """Addresses of `host` that may be connected to, checked. Blocks unless `host` is an address itself.

        Raises NameNotFound, or AddressRefused if any of its addresses is refused.
        """
        literal = self.literal(host)
        if literal is not None:
            return [literal]
        try:
            found = self.resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise NameNotFound(f"Không tìm thấy máy “{quoted(host)}”. Hãy kiểm tra tên hoặc nhập IP.") from error
        for each in found:
            self.check(each)
        if not found:
            raise NameNotFound(f"Máy “{quoted(host)}” không có địa chỉ nào. Hãy kiểm tra tên hoặc dùng địa chỉ IP.")
        return found

    def literal(self, host: str) -> str | None:
        """`host` checked, if it is an address and no name; raises AddressRefused."""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return None
        self.check(host)
        return host

    def check(self, address: str) -> None:
        """Raises AddressRefused if `address` is one that is never connected to."""
        ip = ip_meant_by(address)
        reason = why_never(ip)
        if reason is None and ip.is_loopback and not self.allow_loopback:
            reason = "là chính máy chủ này"
        if reason is not None:
            raise AddressRefused(f"Không kết nối tới {ip}: địa chỉ này {reason}. Hãy nhập địa chỉ của camera.")
