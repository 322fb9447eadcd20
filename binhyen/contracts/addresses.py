"""Where no plane ever connects to, whoever chose the address (RELIABILITY S05).

One rule for cameras (media) and for gateways that carry messages (kernel): the server's own link, a cloud's metadata
service, groups, and what names no machine. Whether loopback and private networks are allowed is the caller's matter.
"""

import ipaddress

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

_METADATA_NAMES = "169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254"
_METADATA = tuple(map(ipaddress.ip_address, _METADATA_NAMES))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")


def ip_meant_by(address: str) -> Ip:
    """The IP address; the IPv4 one where an IPv6 address stands for it (mapped, 6to4, NAT64). Raises ValueError."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip


def why_never(ip: Ip) -> str | None:
    """Why `ip` is never connected to, as the end of a Vietnamese sentence; None where it may be."""
    if ip in _METADATA or ip.is_link_local:
        return "là địa chỉ nội bộ của máy chủ (link-local)"
    if ip.is_multicast:
        return "là địa chỉ nhóm (multicast)"
    if ip.is_unspecified or (isinstance(ip, ipaddress.IPv4Address) and ip in _THIS_NETWORK):
        return "không chỉ máy nào"
    if isinstance(ip, ipaddress.IPv4Address) and ip.is_reserved:
        return "không dùng được"
    return None
