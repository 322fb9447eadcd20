"""Which stream addresses a camera may have: form check of what a person typed.

The media plane checks again when it connects, after DNS and after every redirect; this check exists so that a
person gets a sentence at once. Refused: this machine itself, link-local (cloud metadata), multicast, unspecified.
Private networks are where cameras live, and are fine.
"""

import ipaddress
import os
import re
import socket
from urllib.parse import SplitResult, urlsplit

SCHEMES = frozenset({"rtsp", "rtsps", "rtsp+udp", "http", "https"})
URL_CHARACTERS_MAX = 500
_NEVER = [
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "fd00:ec2::254",
        "64:ff9b::/96",
        "2002::/16",
    )
]  # this network; metadata services of clouds; ways to write an IPv4 address as an IPv6 one
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


class AddressRefused(ValueError):
    """The address cannot be a camera's; the message says why and what to do, without the password."""


def check_stream_url(url: str) -> str:
    """`url` where it may be a camera's address; raises AddressRefused."""
    url = url.strip()
    if len(url) > URL_CHARACTERS_MAX or _CONTROL.search(url):
        raise AddressRefused(
            "Địa chỉ camera quá dài hoặc có dấu cách. Hãy nhập dạng rtsp://tài-khoản:mật-khẩu@máy/luồng."
        )
    parts = _split(url)
    if parts.scheme.lower() not in SCHEMES:
        raise AddressRefused(
            f"Địa chỉ camera phải bắt đầu bằng rtsp://, rtsps://, http:// hoặc https://, không phải “{parts.scheme}”."
        )
    _check_host(parts.hostname or "")
    return url


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number between 0 and 65535
    except ValueError as error:
        raise AddressRefused(
            "Địa chỉ camera viết chưa đúng. Ví dụ: rtsp://tai-khoan:mat-khau@10.1.2.3:554/luong1."
        ) from error
    return parts


def _check_host(host: str) -> None:
    if not host:
        raise AddressRefused("Địa chỉ camera thiếu tên máy. Ví dụ: rtsp://10.1.2.3/luong1.")
    if host.lower().rstrip(".").split(".")[-1] in ("localhost", "local-node") and not loopback_allowed():
        raise AddressRefused("Địa chỉ camera trỏ vào chính máy chủ này. Hãy nhập địa chỉ của camera.")
    address = _literal(host)
    if address is not None:
        _check_ip(address)


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))  # "127.1", "0x7f000001", "2130706433"
        except OSError:
            return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _check_ip(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if address.is_loopback:
        if loopback_allowed():
            return
        raise AddressRefused("Địa chỉ camera trỏ vào chính máy chủ này. Hãy nhập địa chỉ của camera.")
    never = address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved
    if never or any(address in network for network in _NEVER if network.version == address.version):
        raise AddressRefused(
            f"Địa chỉ {address} không dùng cho camera được. Hãy nhập địa chỉ IP của camera trong mạng."
        )


def loopback_allowed() -> bool:
    """Whether cameras on this machine are allowed: the demo's simulated ones, and where the operator says so."""
    return os.environ.get("BINHYEN_ALLOW_LOOPBACK_CAMERAS") == "1"


def shown(url: str) -> str:
    """`url` as a registrar may see it: no user, no password, no path (some cameras carry a password there)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    place = f"{host}:{parts.port}" if parts.port else host
    return f"{parts.scheme}://{place}"
