"""Ways for packets to leave: inside the RTSP connection, or as UDP datagrams."""

import asyncio
import socket
from typing import Protocol

from binhyen.media.testcam.rtp import FRAMING_BYTES

BACKLOG_LIMIT_BYTES = 4_000_000


class Channel(Protocol):
    """Takes interleaved packets; says whether the reader keeps up."""

    def send(self, packets: bytes) -> None: ...
    def congested(self) -> bool: ...
    def close(self) -> None: ...


class InterleavedChannel:
    """Packets inside the TCP connection (RFC 2326 §10.12)."""

    def __init__(self, writer: asyncio.StreamWriter, numbers: tuple[int, int]) -> None:
        self._writer = writer
        self._numbers = numbers

    def send(self, packets: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(packets if self._numbers == (0, 1) else self._renumbered(packets))

    def congested(self) -> bool:
        return self._writer.transport.get_write_buffer_size() > BACKLOG_LIMIT_BYTES

    def close(self) -> None:
        """The connection is closed by who owns it."""

    def _renumbered(self, packets: bytes) -> bytes:
        changed, at = bytearray(packets), 0
        while at < len(changed):
            changed[at + 1] = self._numbers[changed[at + 1]]
            at += FRAMING_BYTES + int.from_bytes(changed[at + 2 : at + 4], "big")
        return bytes(changed)


class DatagramChannel:
    """Packets as UDP datagrams to the two ports of the reader."""

    def __init__(self, host: str, ports: tuple[int, int]) -> None:
        self._targets = tuple((host, port) for port in ports)
        self._sockets = _even_and_odd(host)
        self.server_ports = tuple(int(each.getsockname()[1]) for each in self._sockets)

    def send(self, packets: bytes) -> None:
        at = 0
        while at < len(packets):
            end = at + FRAMING_BYTES + int.from_bytes(packets[at + 2 : at + 4], "big")
            channel = packets[at + 1]
            try:
                self._sockets[channel].sendto(packets[at + FRAMING_BYTES : end], self._targets[channel])
            except (BlockingIOError, ConnectionRefusedError):
                return  # UDP promises nothing: a full buffer or a reader that has gone loses the rest of the picture
            at = end

    def congested(self) -> bool:
        return False

    def close(self) -> None:
        for each in self._sockets:
            each.close()


def _even_and_odd(host: str) -> tuple[socket.socket, socket.socket]:
    """Two neighbouring ports, the first even (RFC 3550 §11)."""
    for _ in range(50):
        first = _bound(host, 0)
        port = first.getsockname()[1]
        if port % 2 == 0:
            try:
                return first, _bound(host, port + 1)
            except OSError:
                pass  # the neighbour is taken: try another pair
        first.close()
    raise OSError("no free pair of UDP ports")


def _bound(host: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock
