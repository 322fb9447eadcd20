"""Where this product connects to, and where never (RELIABILITY S05).

A camera's address is typed by a person and a redirect is chosen by a camera, so neither may lead the server
to itself, to a cloud's metadata service or to a group. A name is resolved once and the connection goes to the
address that was checked: a name that changes its answer gains nothing.
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass

from binhyen.media.sources.errors import AddressRefused, NameNotFound, quoted

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

_METADATA_NAMES = "169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254"
_METADATA = tuple(map(ipaddress.ip_address, _METADATA_NAMES))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")


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
        ip = _unwrapped(ipaddress.ip_address(address))
        reason = _never(ip)
        if reason is None and ip.is_loopback and not self.allow_loopback:
            reason = "là chính máy chủ này"
        if reason is not None:
            raise AddressRefused(f"Không kết nối tới {ip}: địa chỉ này {reason}. Hãy nhập địa chỉ của camera.")


def _unwrapped(ip: Ip) -> Ip:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, NAT64), or itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip


def _never(ip: Ip) -> str | None:
    if ip in _METADATA or ip.is_link_local:
        return "là địa chỉ nội bộ của máy chủ (link-local)"
    if ip.is_multicast:
        return "là địa chỉ nhóm (multicast)"
    if ip.is_unspecified or (isinstance(ip, ipaddress.IPv4Address) and ip in _THIS_NETWORK):
        return "không chỉ máy nào"
    if isinstance(ip, ipaddress.IPv4Address) and ip.is_reserved:
        return "không dùng được"
    return None
