"""NAL units out of byte streams, and what each first byte says of a unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from binhyen.media.codec.bits import BitstreamError, unescape
from binhyen.media.packets import Codec

_RECOVERY_POINT = 6  # SEI payloadType, H.264 clause D.1.8


class Role(IntEnum):
    """What a NAL unit is to a recorder."""

    SLICE = 0
    KEY_SLICE = 1
    PARAMETER_SET = 2
    DROPPED = 3  # delimiters and filler: nothing that a file needs
    MESSAGE = 4  # supplemental information, which may announce a recovery point
    KEPT = 5  # goes into the sample, says nothing about it


class Packing(IntEnum):
    """How an RTP payload carries NAL units."""

    SINGLE = 0
    FRAGMENT = 1
    AGGREGATE = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class NalSyntax:
    """Tables over the first byte of a NAL unit or RTP payload: one index instead of arithmetic per packet."""

    codec: Codec
    header_bytes: int
    roles: bytes
    packings: bytes
    references: bytes  # 1 where other pictures may refer to this slice


def _h264_role(first: int) -> Role:
    kind = first & 31
    if kind in (7, 8):
        return Role.PARAMETER_SET
    if kind in (9, 10, 11, 12, 13):
        return Role.DROPPED
    by_type = {1: Role.SLICE, 2: Role.SLICE, 5: Role.KEY_SLICE, 6: Role.MESSAGE}
    return by_type.get(kind, Role.KEPT)


def _h264_packing(first: int) -> Packing:
    """RFC 6184 table 1; interleaved mode (STAP-B, MTAP, FU-B) is never offered by cameras."""
    kind = first & 31
    if kind == 28:
        return Packing.FRAGMENT
    if kind == 24:
        return Packing.AGGREGATE
    return Packing.SINGLE if 1 <= kind <= 23 else Packing.UNKNOWN


def _h265_role(first: int) -> Role:
    kind = first >> 1 & 63
    if kind <= 9:
        return Role.SLICE
    if 16 <= kind <= 21:
        return Role.KEY_SLICE
    if 32 <= kind <= 34:
        return Role.PARAMETER_SET
    return Role.DROPPED if kind in (35, 37, 38) else Role.KEPT


def _h265_packing(first: int) -> Packing:
    """RFC 7798 section 4.4."""
    kind = first >> 1 & 63
    if kind == 49:
        return Packing.FRAGMENT
    if kind == 48:
        return Packing.AGGREGATE
    return Packing.SINGLE if kind < 48 else Packing.UNKNOWN


_EVERY_BYTE = range(256)

SYNTAX: dict[Codec, NalSyntax] = {
    Codec.H264: NalSyntax(
        Codec.H264, 1, bytes(map(_h264_role, _EVERY_BYTE)), bytes(map(_h264_packing, _EVERY_BYTE)),
        bytes(b >> 5 & 3 != 0 for b in _EVERY_BYTE),
    ),
    Codec.H265: NalSyntax(
        Codec.H265, 2, bytes(map(_h265_role, _EVERY_BYTE)), bytes(map(_h265_packing, _EVERY_BYTE)),
        bytes(b >> 1 & 63 > 14 or b >> 1 & 1 for b in _EVERY_BYTE),  # table 7-1: even types up to 14 are _N
    ),
}  # fmt: skip


def announces_recovery_point(nal: bytes) -> bool:
    """Whether an H.264 SEI unit says that decoding may start here: open GOPs have no IDR picture (clause D.2.8)."""
    payload = unescape(nal[1:256])
    at = 0
    while at + 2 < len(payload):
        kind, at = _sei_number(payload, at)
        size, at = _sei_number(payload, at)
        if kind == _RECOVERY_POINT:
            return True
        at += size
    return False


def _sei_number(payload: bytes, at: int) -> tuple[int, int]:
    number = 0
    while at < len(payload):
        number += payload[at]
        at += 1
        if payload[at - 1] != 255:
            break
    return number, at


def annex_b_units(stream: bytes) -> Iterator[bytes]:
    """The NAL units of a byte stream with start codes (H.264 annex B); what precedes the first is skipped."""
    begin = stream.find(b"\0\0\1")
    while begin >= 0:
        begin += 3
        following = stream.find(b"\0\0\1", begin)
        unit = stream[begin:following] if following >= 0 else stream[begin:]
        unit = unit.rstrip(b"\0")  # trailing_zero_8bits and the zero_byte of the next start code
        if unit:
            yield unit
        begin = following


def length_prefixed_units(sample: bytes, length_bytes: int = 4) -> Iterator[bytes]:
    """The NAL units of a sample as fMP4 stores it; BitstreamError where the lengths do not add up."""
    at = 0
    while at < len(sample):
        begin = at + length_bytes
        at = begin + int.from_bytes(sample[at:begin], "big")
        if begin > len(sample) or at > len(sample):
            raise BitstreamError("a NAL unit is longer than its sample")
        if at > begin:
            yield sample[begin:at]
