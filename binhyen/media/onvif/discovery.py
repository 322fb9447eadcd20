"""WS-Discovery (OASIS 2005/04, as ONVIF Core §7 profiles it): who on the links answers that it is a camera.

A probe goes out by multicast on every IPv4 link of the machine and to single hosts. Whoever answers may name any
address; only the one that the answer came from is believed, and only where it may be connected to.
"""

import asyncio
import contextlib
import fcntl
import socket
import struct
import uuid
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from yarl import URL

from binhyen.contracts.devices import FoundDevice, Search, SearchReport
from binhyen.media.onvif.errors import OnvifGarbage
from binhyen.media.onvif.soap import each, first, read_xml, text
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import SourceError

GROUP, PORT = "239.255.255.250", 3702
DEVICES_MAX, DATAGRAMS_MAX, HOSTS_MAX = 512, 4_096, 256
WAIT_S_MAX = 10.0
PROBES = 2  # UDP loses; WS-Discovery repeats a multicast once
BETWEEN_PROBES_S = 0.25
_SIOCGIFADDR = 0x8915  # linux/sockios.h
_PROBE = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:n="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:MessageID>{id}</a:MessageID>'
    "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
    "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></s:Header>"
    "<s:Body><d:Probe><d:Types>n:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>"
)


async def search(
    asked: Search, *, policy: AddressPolicy, links: Sequence[str] | None = None, port: int = PORT
) -> SearchReport:
    """Cameras that answer within the time. `links` are the machine's addresses to ask from; None means all of them.

    Never raises over what is answered; the report has an error only where nothing could be asked.
    """
    loop = asyncio.get_running_loop()
    listening = _Listening(f"urn:uuid:{uuid.uuid4()}", policy)
    sent = 0
    with contextlib.ExitStack() as sockets:
        for source, targets in _targets(asked, policy, links):
            try:
                opened = sockets.enter_context(_socket(source))
                transport, _ = await loop.create_datagram_endpoint(lambda: listening, sock=opened)
            except OSError:
                continue  # a link that is down
            sockets.callback(transport.close)
            for target in targets:
                sent += await _probe(transport, listening.probe, (target, port))
        await asyncio.sleep(min(asked.wait_ms / 1_000, WAIT_S_MAX))
    if not sent:
        return SearchReport(error="Máy ghi không có đường mạng nào để tìm camera. Hãy kiểm tra cáp mạng của máy.")
    return SearchReport(tuple(sorted(listening.found.values(), key=lambda device: _order(device.host))))


def read_match(datagram: bytes, sender: str, probe_id: str) -> FoundDevice | None:
    """The camera that a ProbeMatch tells of, at the host that sent it; None where it answers another probe or is no
    camera. Raises OnvifGarbage."""
    root = read_xml(datagram)
    if text(root, "RelatesTo") != probe_id:
        return None
    match = first(root, "ProbeMatch")
    if match is None or "NetworkVideoTransmitter" not in text(match, "Types"):
        return None
    scopes = _scopes(match)
    return FoundDevice(
        address=_address(text(match, "XAddrs"), sender),
        host=sender,
        name=scopes.get("name", ""),
        hardware=scopes.get("hardware", ""),
        location=scopes.get("location", ""),
    )


class _Listening(asyncio.DatagramProtocol):
    """Collects the answers to one probe; everything is bounded."""

    def __init__(self, probe_id: str, policy: AddressPolicy) -> None:
        self._id, self._policy = probe_id, policy
        self.probe = _PROBE.format(id=probe_id).encode()
        self.found: dict[str, FoundDevice] = {}
        self._datagrams = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._datagrams += 1
        if self._datagrams > DATAGRAMS_MAX or len(self.found) >= DEVICES_MAX:
            return
        with contextlib.suppress(OnvifGarbage, SourceError):  # whoever shouts nonsense is no camera
            self._policy.check(addr[0])
            device = read_match(data, addr[0], self._id)
            if device is not None:
                self.found.setdefault(device.address, device)

    def error_received(self, exc: Exception) -> None:
        """A host that was asked alone says that nobody listens there."""


def _targets(asked: Search, policy: AddressPolicy, links: Sequence[str] | None) -> list[tuple[str, list[str]]]:
    """`(address to ask from, whom to ask)`; "" leaves the choice to the routes."""
    wanted = list(links) if links is not None else own_addresses(with_loopback=policy.allow_loopback)
    targets = [(link, [GROUP]) for link in wanted] if asked.multicast else []
    hosts = []
    for host in asked.hosts[:HOSTS_MAX]:
        with contextlib.suppress(SourceError):  # an address that is never connected to is not asked either
            literal = policy.literal(host)
            if literal is not None and ":" not in literal:
                hosts.append(literal)
    return [*targets, ("", hosts)] if hosts else targets


def _socket(source: str) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        if source:
            made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(source))
            made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)  # cameras of this link, no further
        made.bind((source, 0))
    except OSError:
        made.close()
        raise
    return made


async def _probe(transport: asyncio.DatagramTransport, probe: bytes, target: tuple[str, int]) -> int:
    for repeat in range(PROBES):
        if repeat:
            await asyncio.sleep(BETWEEN_PROBES_S if target[0] == GROUP else 0)
        transport.sendto(probe, target)
    return 1


def own_addresses(*, with_loopback: bool) -> list[str]:
    """The IPv4 address of each link of this machine."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # a link without an IPv4 address
                answer = fcntl.ioctl(asking, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                found.append(socket.inet_ntoa(answer[20:24]))
    return [address for address in found if with_loopback or not address.startswith("127.")]


def _address(told: str, sender: str) -> str:
    """The first device address at the host that answered; else that host with the usual path."""
    for written in told.split()[:16]:
        with contextlib.suppress(ValueError):
            url = URL(written)
            if url.scheme in ("http", "https") and url.host == sender and not url.user:
                return str(url)
    return f"http://{sender}/onvif/device_service"


def _scopes(match: Element) -> dict[str, str]:
    """name, hardware and location from scopes as onvif://www.onvif.org/name/Front%20gate."""
    found: dict[str, str] = {}
    for element in each(match, "Scopes"):
        for scope in (element.text or "")[:4_000].split()[:50]:
            with contextlib.suppress(ValueError):
                kind, _, value = urlsplit(scope).path.strip("/").partition("/")
                words = "".join(letter for letter in unquote(value)[:80] if letter.isprintable())
                found.setdefault(kind.lower(), words.strip())
    return found


def _order(host: str) -> tuple[int, ...]:
    return tuple(int(part) for part in host.split(".") if part.isdigit())
