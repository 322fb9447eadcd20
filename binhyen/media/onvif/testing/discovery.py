"""Who answers WS-Discovery probes for simulated cameras, over real UDP: by multicast, and at its own address."""

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from binhyen.media.onvif.discovery import GROUP
from binhyen.media.onvif.errors import OnvifError
from binhyen.media.onvif.soap import read_xml, text

_POLL_S = 0.2


@dataclass
class DiscoveryDouble:
    """Answers on `link`; `answers` make a datagram of the probe's id, one for each camera.

    With port 0 a free one is taken, so that nothing else on the machine hears of it.
    """

    answers: list[Callable[[str], bytes]]
    link: str = "127.0.0.1"
    port: int = 0
    probes: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("", self.port))
        self.port = self._socket.getsockname()[1]
        membership = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(self.link))
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        self._socket.settimeout(_POLL_S)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="discovery-double", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                datagram, sender = self._socket.recvfrom(65_535)
                probe = text(read_xml(datagram), "MessageID")
            except (TimeoutError, OnvifError):
                continue
            self.probes.append(probe)
            for answer in self.answers:
                self._socket.sendto(answer(probe), sender)


def probe_match(probe: str, address: str, *, name: str = "Camera", kind: str = "NetworkVideoTransmitter") -> bytes:
    """What a camera answers to a probe."""
    scopes = f"onvif://www.onvif.org/name/{name} onvif://www.onvif.org/hardware/Double onvif://www.onvif.org/type/ptz"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
        f' xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:RelatesTo>{probe}</a:RelatesTo></s:Header>'
        "<s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:1</a:Address>"
        f"</a:EndpointReference><d:Types>dn:{kind}</d:Types><d:Scopes>{scopes}</d:Scopes>"
        f"<d:XAddrs>{address}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches>"
        "</s:Body></s:Envelope>"
    ).encode()
