"""RTP as cameras make it, for the tests of the reader."""

import struct
from dataclasses import dataclass, field

from binhyen.contracts import Instant
from binhyen.media.packets import Codec
from binhyen.media.sources.rtsp.rtp import ReceiveBuffer, VideoReceiver
from binhyen.media.sources.rtsp.sdp import VideoTrack

NOW = Instant(1_790_000_000_000_000)
PAYLOAD_TYPE = 96


class Recorded:
    """A sink that remembers what it was given, in order."""

    def __init__(self):
        self.calls = []

    def parameters(self, sets):
        self.calls.append(("parameters", sets))

    def access_unit(self, unit):
        self.calls.append(("unit", unit))

    def lost(self, packets):
        self.calls.append(("lost", packets))

    def sender_report(self, camera_clock, arrived_at):
        self.calls.append(("clock", camera_clock - arrived_at))

    def of(self, kind):
        return [each for name, each in self.calls if name == kind]

    @property
    def units(self):
        return self.of("unit")

    @property
    def samples(self):
        return [b"".join(unit.parts) for unit in self.units]


@dataclass
class Packetiser:
    """One camera's RTP: `packets` of a picture, interleaved and ready to send."""

    codec: Codec = Codec.H264
    mtu: int = 100
    channel: int = 0
    extension: bool = False
    sources: int = 0
    padding: int = 0
    aggregate: bool = False
    markers: str = "last"  # or "none", "each"
    end_bits: bool = True
    sequence: int = 65_500
    timestamp_base: int = 0xFFFF0000
    sent: list = field(default_factory=list)

    def picture(self, nals, pts):
        payloads = self._aggregated(nals) if self.aggregate else [p for nal in nals for p in self._split(nal)]
        last_of_nal = [p in (self._split(nal)[-1] for nal in nals) for p in payloads]
        made = []
        for number, payload in enumerate(payloads):
            last = number == len(payloads) - 1
            marker = {"last": last, "none": False, "each": last_of_nal[number]}[self.markers]
            made.append(self.packet(payload, pts, marker=marker))
        return made

    def packet(self, payload, pts, *, marker=False):
        first = 0x80 | self.sources | (0x10 if self.extension else 0) | (0x20 if self.padding else 0)
        stamp = (self.timestamp_base + pts) & 0xFFFFFFFF
        head = struct.pack(">BBHII", first, PAYLOAD_TYPE | (0x80 if marker else 0), self.sequence & 0xFFFF, stamp, 7)
        head += b"\1\2\3\4" * self.sources
        if self.extension:
            head += struct.pack(">HH", 0xABAC, 2) + b"onvif-ts"
        tail = bytes(self.padding - 1) + bytes((self.padding,)) if self.padding else b""
        self.sequence += 1
        return interleaved(self.channel, head + payload + tail)

    def _split(self, nal):
        if len(nal) <= self.mtu:
            return [nal]
        if self.codec is Codec.H264:
            head, kind, body = bytes((nal[0] & 0xE0 | 28,)), nal[0] & 31, nal[1:]
        else:
            head, kind, body = bytes((nal[0] & 0x81 | 49 << 1, nal[1])), nal[0] >> 1 & 63, nal[2:]
        pieces = [body[at : at + self.mtu] for at in range(0, len(body), self.mtu)]
        ends = [0x80 * (n == 0) | 0x40 * (self.end_bits and n == len(pieces) - 1) for n in range(len(pieces))]
        return [head + bytes((end | kind,)) + piece for end, piece in zip(ends, pieces, strict=True)]

    def _aggregated(self, nals):
        payloads, group = [], []
        for nal in [*nals, None]:
            if nal is not None and len(nal) <= self.mtu:
                group.append(nal)
                continue
            if group:
                head = b"\x18" if self.codec is Codec.H264 else b"\x60\1"
                payloads.append(head + b"".join(len(each).to_bytes(2, "big") + each for each in group))
            group = []
            payloads += self._split(nal) if nal is not None else []
        return payloads


def interleaved(channel, payload):
    return struct.pack(">BBH", 0x24, channel, len(payload)) + payload


def receiver_of(stream, sink, *, sets=True, clock_rate=90_000):
    known = (*stream.sets.vps, *stream.sets.sps, *stream.sets.pps) if sets else ()
    return VideoReceiver(VideoTrack(stream.codec, PAYLOAD_TYPE, clock_rate, "", "", known), sink)


def feed(receiver, stream_bytes, *, step=None, now=NOW):
    """Give bytes to a receiver as a connection would: an unfinished packet waits for the rest."""
    buffer, tail = ReceiveBuffer(1 << 18), b""
    step = step or len(stream_bytes) or 1
    for at in range(0, len(stream_bytes), step):
        tail += stream_bytes[at : at + step]
        buffer.received[:] = b"\xa5" * len(buffer.received)  # what is not copied out is lost
        buffer.received[: len(tail)] = tail
        tail = tail[receiver.drain(buffer, 0, len(tail), now) :]
    return tail
