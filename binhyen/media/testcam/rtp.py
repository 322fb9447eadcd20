"""Pictures as RTP packets framed for TCP, packetised once; only sequence numbers and times are written per sending.

RFC 3550 (RTP, RTCP), RFC 6184 (H.264), RFC 7798 (H.265), RFC 2326 §10.12 (interleaving).
"""

import struct
from dataclasses import dataclass

from binhyen.contracts import SECOND, Instant
from binhyen.media.packets import Codec

PAYLOAD_TYPE = 96
NTP_EPOCH_S = 2_208_988_800  # 1900-01-01 to 1970-01-01
FRAMING_BYTES = 4
_TIMES = struct.Struct(">HI")


@dataclass(frozen=True, slots=True)
class Packing:
    """How a camera cuts its packets. Cameras differ; readers must take them all.

    `aggregate` sends parameter sets as one STAP-A/AP, `extension` adds an RTP header extension
    (RFC 3550 §5.3.1), `contributors` is the number of CSRC identifiers, `padding` bytes end each packet.
    """

    payload_bytes: int = 1400
    aggregate: bool = False
    extension: bool = False
    contributors: int = 0
    padding: int = 0

    def header(self, marker: bool) -> bytes:
        first = 0x80 | (0x20 if self.padding else 0) | (0x10 if self.extension else 0) | self.contributors
        head = struct.pack(">BBHII", first, PAYLOAD_TYPE | (0x80 if marker else 0), 0, 0, 0)
        head += b"\0\0\0\1" * self.contributors
        return head + (struct.pack(">HHII", 0xABAC, 2, 0, 0) if self.extension else b"")

    def trailer(self) -> bytes:
        return bytes(self.padding - 1) + bytes((self.padding,)) if self.padding else b""


@dataclass(slots=True)
class PackedFrame:
    """Interleaved packets of one picture, or of a part of it; `starts` are the offsets of the RTP headers."""

    buffer: bytearray
    starts: list[int]

    def stamp(self, sequence: int, timestamp: int, ssrc: int) -> int:
        """Write sequence numbers, RTP time and source into all packets; the next sequence number."""
        for at in self.starts:
            _TIMES.pack_into(self.buffer, at + 2, sequence & 0xFFFF, timestamp)
            self.buffer[at + 8 : at + 12] = ssrc.to_bytes(4, "big")
            sequence += 1
        return sequence


def packetise(codec: Codec, nals: tuple[bytes, ...], packing: Packing, *, ends_picture: bool) -> PackedFrame:
    """Cut NAL units into packets; the marker is set on the last one when it ends the picture."""
    payloads = [payload for nal in nals for payload in fragments(codec, nal, packing.payload_bytes)]
    buffer, starts = bytearray(), []
    for number, payload in enumerate(payloads):
        head = packing.header(ends_picture and number == len(payloads) - 1)
        tail = packing.trailer()
        buffer += b"$\0" + (len(head) + len(payload) + len(tail)).to_bytes(2, "big")
        starts.append(len(buffer))
        buffer += head + payload + tail
    return PackedFrame(buffer, starts)


def fragments(codec: Codec, nal: bytes, limit: int) -> list[bytes]:
    """`nal` whole where it fits, else as fragmentation units (RFC 6184 §5.8, RFC 7798 §4.4.3)."""
    if len(nal) <= limit:
        return [nal]
    if codec is Codec.H264:
        prefix, kind, body = bytes(((nal[0] & 0xE0) | 28,)), nal[0] & 31, nal[1:]
    else:
        prefix, kind, body = bytes(((nal[0] & 0x81) | (49 << 1), nal[1])), (nal[0] >> 1) & 63, nal[2:]
    step = limit - len(prefix) - 1
    pieces = [body[at : at + step] for at in range(0, len(body), step)]
    marks = [0x80, *[0] * (len(pieces) - 2), 0x40]
    return [prefix + bytes((kind | mark,)) + piece for mark, piece in zip(marks, pieces, strict=True)]


def aggregate(codec: Codec, nals: tuple[bytes, ...]) -> bytes:
    """Several small NAL units in one packet: STAP-A (RFC 6184 §5.7.1) or AP (RFC 7798 §4.4.2)."""
    head = bytes((max(nal[0] & 0x60 for nal in nals) | 24,)) if codec is Codec.H264 else bytes((48 << 1, 1))
    return head + b"".join(len(nal).to_bytes(2, "big") + nal for nal in nals)


def sender_report(ssrc: int, camera_clock: Instant, timestamp: int, packets: int, octets: int) -> bytes:
    """RTCP sender report with an SDES item, framed for channel 1 (RFC 3550 §6.4.1, §6.5)."""
    seconds, rest = divmod(camera_clock, SECOND)
    ntp = (seconds + NTP_EPOCH_S, (rest << 32) // SECOND)
    words = (packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    report = struct.pack(">BBHIIIIII", 0x80, 200, 6, ssrc, ntp[0] & 0xFFFFFFFF, ntp[1], timestamp, *words)
    source = b"\1\4test\0\0"
    report += struct.pack(">BBHI", 0x81, 202, 1 + len(source) // 4, ssrc) + source
    return b"$\1" + len(report).to_bytes(2, "big") + report
